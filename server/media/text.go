package media

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/media/header"
)

// A text is a scalar of a family's file, with its line.
type text struct {
	text string
	line int
}

// UnmarshalYAML takes any scalar as it is written: 8.3 is a version, and no number.
func (t *text) UnmarshalYAML(n ast.Node) error {
	switch n := n.(type) {
	case *ast.StringNode:
		t.text = n.Value
	case *ast.LiteralNode:
		t.text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		t.text = n.GetToken().Value
	default:
		return mistake(n, "a text is wanted here")
	}
	t.line = lineOf(n)
	return nil
}

// A search is a regular expression of a family's file.
type search struct {
	*regexp.Regexp
}

// UnmarshalYAML compiles it.
func (s *search) UnmarshalYAML(n ast.Node) error {
	var t text
	if err := t.UnmarshalYAML(n); err != nil {
		return err
	}
	re, err := regexp.Compile("(?m)" + t.text)
	if err != nil {
		return mistake(n, "no regular expression: %v", err)
	}
	if re.NumSubexp() > 1 {
		return mistake(n, "one group at most: what it holds is the value; (?:...) groups without that")
	}
	s.Regexp = re
	return nil
}

// value is what an expression finds in a text: its group, or all of it.
func (s search) value(in string) (string, bool) {
	if s.Regexp == nil {
		return in, in != ""
	}
	m := s.FindStringSubmatch(in)
	if m == nil {
		return "", false
	}
	return m[len(m)-1], true
}

// A program is what a file is by its header.
type program struct{ kind header.Kind }

// UnmarshalYAML takes the kinds that header knows.
func (p *program) UnmarshalYAML(n ast.Node) error {
	var t text
	if err := t.UnmarshalYAML(n); err != nil {
		return err
	}
	if !slices.Contains(header.Kinds(), header.Kind(t.text)) {
		return mistake(n, "unknown program %q: one of %v", t.text, header.Kinds())
	}
	p.kind = header.Kind(t.text)
	return nil
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// mistake is an error at a place of a file.
func mistake(n ast.Node, format string, args ...any) error {
	return &yaml.SyntaxError{Token: n.GetToken(), Message: fmt.Sprintf(format, args...)}
}

// strictly reads a group of keys, and refuses those that are none of its own.
func strictly(n ast.Node, into any) error {
	return yaml.NodeToValue(n, into, yaml.DisallowUnknownField())
}
