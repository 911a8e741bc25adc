package media

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// A pattern is a path in a family's file. Its elements may have *, ? and [a-z]; {cpu} stands for the word that
// this kind of tree has for a CPU, another {name} for any. What stood there can be said again in what follows.
// A slash at the end asks for a directory.
type pattern struct {
	text     string
	line     int
	elements []element
	dir      bool
}

// An element is one name of a pattern; match is nil for one without any sign.
type element struct {
	text  string
	match *regexp.Regexp
	fold  *regexp.Regexp // the same without case
}

// UnmarshalYAML reads a pattern of a family's file.
func (p *pattern) UnmarshalYAML(n ast.Node) error {
	var t text
	if err := t.UnmarshalYAML(n); err != nil {
		return err
	}
	made, err := compile(t.text, nil)
	if err != nil {
		return mistake(n, "%v", err)
	}
	made.line = t.line
	*p = made
	return nil
}

// compile reads a pattern. What is known already is put in as it is.
func compile(written string, known map[string]string) (pattern, error) {
	p := pattern{text: written}
	rest, dir := strings.CutSuffix(written, "/")
	p.dir = dir
	if rest == "" || path.Clean("/"+rest) != "/"+rest {
		return p, fmt.Errorf("%q is no path here: it begins without a slash, and has no . and .. in it", written)
	}
	for name := range strings.SplitSeq(rest, "/") {
		e, err := compileElement(name, known)
		if err != nil {
			return p, err
		}
		p.elements = append(p.elements, e)
	}
	return p, nil
}

func compileElement(written string, known map[string]string) (element, error) {
	var re strings.Builder
	plain, signs := "", false
	for rest := written; rest != ""; {
		sign, value, size := next(rest, known)
		if sign {
			signs = true
			re.WriteString(value)
		} else {
			plain += value
			re.WriteString(regexp.QuoteMeta(value))
		}
		rest = rest[size:]
	}
	if !signs {
		return element{text: plain}, nil
	}
	match, err := regexp.Compile("^(?:" + re.String() + ")$")
	if err != nil {
		return element{}, fmt.Errorf("%q: %w", written, err)
	}
	fold, err := regexp.Compile("^(?i:" + re.String() + ")$")
	return element{text: written, match: match, fold: fold}, err
}

// next is what an element begins with: a sign as an expression, or a character that stands for itself.
func next(rest string, known map[string]string) (sign bool, value string, size int) {
	switch rest[0] {
	case '*':
		return true, `[^/]*`, 1
	case '?':
		return true, `[^/]`, 1
	case '[':
		if end := strings.IndexByte(rest, ']'); end > 1 {
			return true, rest[:end+1], end + 1
		}
	case '{':
		name, _, closed := strings.Cut(rest[1:], "}")
		if !closed || !named(name) {
			break
		}
		if value, ok := known[name]; ok {
			return false, value, len(name) + 2
		}
		any := `[\w.+~-]+` // it becomes part of a command line
		if name == "cpu" {
			any = cpuWords()
		}
		return true, "(?P<" + name + ">" + any + ")", len(name) + 2
	}
	return false, rest[:1], 1
}

// named tells whether a word can be the name of something between braces.
func named(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' })
}

// names are the words between braces.
func names(written string) (found []string) {
	for _, m := range regexp.MustCompile(`\{([a-z_]+)\}`).FindAllStringSubmatch(written, -1) {
		found = append(found, m[1])
	}
	return found
}

// fill puts what is known between the braces; the rest stays.
func fill(written string, known map[string]string) string {
	for _, name := range names(written) {
		if value, ok := known[name]; ok {
			written = strings.ReplaceAll(written, "{"+name+"}", value)
		}
	}
	return written
}

// A cpu is one of the CPUs, and the words that trees have for it.
type cpu struct {
	name  string
	words []string
}

// cpus are in the order in which entries for them are listed.
func cpus() []cpu {
	return []cpu{
		{"x86_64", []string{"x86_64", "amd64", "x64", "x86-64"}},
		{"i386", []string{"i386", "i686", "i586", "i486", "ia32", "x86"}},
		{"aarch64", []string{"aarch64", "arm64", "aa64"}},
		{"riscv64", []string{"riscv64"}},
		{"arm", []string{"armhf", "armv7", "arm"}},
		{"loongarch64", []string{"loongarch64", "loong64"}},
		{"ppc64le", []string{"ppc64le", "ppc64el"}},
		{"s390x", []string{"s390x"}},
	}
}

// cpuWords is the expression of all of them. Go's expressions take the first that fits, and the whole element
// has to: the order does not matter.
func cpuWords() string {
	var all []string
	for _, c := range cpus() {
		all = append(all, c.words...)
	}
	return strings.Join(all, "|")
}

// cpuOf is the CPU that a word of a tree means, "" for none.
func cpuOf(word string) string {
	for _, c := range cpus() {
		if slices.Contains(c.words, strings.ToLower(word)) {
			return c.name
		}
	}
	return ""
}

// cpuOrder is the place of a CPU among the entries.
func cpuOrder(name string) int {
	i := slices.IndexFunc(cpus(), func(c cpu) bool { return c.name == name })
	if i < 0 {
		return len(cpus())
	}
	return i
}
