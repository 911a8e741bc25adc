package golden

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Difference is one attribute of a fact in which the traces of one boot with two servers differ. An option
// of TFTP is an attribute of its own. What a fact has beside attributes, and the fact itself where one trace
// has another or none, is the attribute "".
type Difference struct{ Kind, Attr, A, B string }

// Differ compares two traces fact by fact, and yields what differs, each once.
func Differ(a, b []string) []Difference {
	var all []Difference
	for i := range max(len(a), len(b)) {
		var one, other string
		if i < len(a) {
			one = a[i]
		}
		if i < len(b) {
			other = b[i]
		}
		all = append(all, differ(one, other)...)
	}
	slices.SortFunc(all, func(x, y Difference) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), strings.Compare(x.Attr, y.Attr), strings.Compare(x.A, y.A), strings.Compare(x.B, y.B))
	})
	return slices.Compact(all)
}

func differ(a, b string) []Difference {
	kind, attrs := fact(a)
	otherKind, others := fact(b)
	if kind != otherKind || attrs[""] != others[""] {
		return []Difference{{cmp.Or(kind, otherKind), "", a, b}}
	}
	var all []Difference
	for key := range maps.Keys(joined(attrs, others)) {
		if attrs[key] != others[key] {
			all = append(all, Difference{kind, key, attrs[key], others[key]})
		}
	}
	return all
}

func joined(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// fact takes a line of a trace apart. The text of a command line is whole.
func fact(line string) (kind string, attrs map[string]string) {
	kind, rest, _ := strings.Cut(line, " ")
	attrs = map[string]string{}
	if kind == "cmdline" {
		attrs[""] = rest
		return kind, attrs
	}
	for rest != "" {
		var word string
		word, rest = cut(rest)
		key, value, pair := strings.Cut(word, "=")
		if text, err := strconv.Unquote(value); err == nil {
			value = text
		}
		switch {
		case !pair || strings.HasPrefix(word, `"`):
			attrs[""] += " " + word
		case key == "options":
			words := strings.Fields(value)
			for i := 0; i+1 < len(words); i += 2 {
				attrs[words[i]] = words[i+1]
			}
		default:
			attrs[key] = value
		}
	}
	return kind, attrs
}

// cut splits off a word, of which a part may be between quotes.
func cut(s string) (word, rest string) {
	if i := strings.IndexAny(s, ` "`); i >= 0 && s[i] == '"' {
		if quoted, err := strconv.QuotedPrefix(s[i:]); err == nil {
			i += len(quoted)
			return s[:i], strings.TrimPrefix(s[i:], " ")
		}
	}
	word, rest, _ = strings.Cut(s, " ")
	return word, rest
}
