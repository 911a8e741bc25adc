package yaml

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// Print writes a configuration as bootrig.yaml. Comments name the Rule of each entry.
func Print(cfg *config.Config) []byte {
	var b bytes.Buffer
	for i, p := range document().print(*cfg).pairs {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, l := range (out{kind: isGroup, pairs: []pair{p}}).lines() {
			b.WriteString(l + "\n")
		}
	}
	return b.Bytes()
}

// The kinds of what is printed.
type kind int

const (
	absent kind = iota
	isScalar
	isList
	isGroup
)

// An out is what is printed of a value.
type out struct {
	kind    kind
	text    string // of a scalar, as it stands in the file
	items   []out
	pairs   []pair
	comment string
}

type pair struct {
	key   string
	value out
}

// maxFlow is how long a list in one line may be.
const maxFlow = 90

// lines are those of a value that begins a line of its own.
func (o out) lines() []string {
	var all []string
	switch o.kind {
	case isScalar:
		all = []string{o.text}
	case isList:
		for _, item := range o.items {
			all = append(all, indented(item.lines(), "- ", "  ")...)
		}
	case isGroup:
		for _, p := range o.pairs {
			if inline, ok := p.value.inline(); ok {
				all = append(all, p.key+": "+inline)
			} else {
				all = append(all, p.key+":")
				all = append(all, indented(p.value.lines(), "  ", "  ")...)
			}
		}
	}
	if len(all) == 0 {
		inline, _ := o.inline()
		all = []string{inline}
	}
	if o.comment != "" {
		all[0] += " # " + strings.Map(printable, o.comment)
	}
	return all
}

// inline is a value in the line of its key, if it can be.
func (o out) inline() (string, bool) {
	switch {
	case o.kind == isScalar:
		if o.comment != "" {
			return o.text + " # " + strings.Map(printable, o.comment), true
		}
		return o.text, true
	case o.kind == isGroup && len(o.pairs) == 0:
		return "{}", true
	case o.kind != isList || slices.ContainsFunc(o.items, func(i out) bool { return i.kind != isScalar || i.comment != "" }):
		return "", false
	}
	var words []string
	for _, item := range o.items {
		words = append(words, item.text)
	}
	text := "[" + strings.Join(words, ", ") + "]"
	return text, len(text) <= maxFlow || len(words) == 0
}

func printable(c rune) rune {
	if c < ' ' || c == 0x7f {
		return '?'
	}
	return c
}

func indented(lines []string, first, rest string) []string {
	for i := range lines {
		if i == 0 {
			lines[i] = first + lines[i]
		} else {
			lines[i] = rest + lines[i]
		}
	}
	return lines
}

// bare is a text that needs no quotes in any version of YAML, which has more words than ours for true
// and false and takes 52:54:00 for a number to the base of 60.
var bare = regexp.MustCompile(`^([A-Za-z/][-A-Za-z0-9_./]*|not [A-Za-z][-A-Za-z0-9_]*|hex:[0-9a-f:*]*[0-9a-f*]|[0-9]+(\.[0-9]+){3}(/[0-9]+)?|[0-9]+(ms|[smhdw])|[0-9]+-[0-9]+|https?://[-A-Za-z0-9_./:]*[-A-Za-z0-9_./])$`)

const reserved = " true false null yes no on off y n "

// scalar is a text, between quotes where it must be.
func scalar(s string) out {
	if !bare.MatchString(s) || strings.Contains(reserved, " "+strings.ToLower(s)+" ") {
		s = quote(s)
	}
	return out{kind: isScalar, text: s}
}

// quote writes a text between double quotes (YAML 1.2, section 5.7). It must be UTF-8.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c >= ' ' && c < 0x7f || c > 0xa0 && c < 0x2000 || c > 0x3000 && c < 0xd800:
			b.WriteRune(c)
		case c < 0x100:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
