package media

import (
	"path"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// A condition is a line of has or lacks: a path, a text in a file, or several of which one will do.
type condition struct {
	path  *pattern
	about *source
	any   []condition
	line  int
}

// UnmarshalYAML reads a path, a list, or {file: ..., key: ..., match: ...}.
func (c *condition) UnmarshalYAML(n ast.Node) error {
	c.line = lineOf(n)
	switch n := n.(type) {
	case *ast.SequenceNode:
		if len(n.Values) == 0 {
			return mistake(n, "an empty list: one of nothing is never there")
		}
		c.any = make([]condition, len(n.Values))
		for i, v := range n.Values {
			if err := c.any[i].UnmarshalYAML(v); err != nil {
				return err
			}
		}
		return nil
	case *ast.MappingNode, *ast.MappingValueNode:
		c.about = &source{}
		return c.about.UnmarshalYAML(n)
	}
	c.path = &pattern{}
	return c.path.UnmarshalYAML(n)
}

// holds tells whether it is so below dir.
func (c condition) holds(s *site, dir string, known map[string]string) bool {
	switch {
	case c.path != nil:
		return len(s.find(dir, *c.path, known)) > 0
	case c.about != nil:
		_, ok := c.about.value(s, dir, known)
		return ok
	}
	for _, one := range c.any {
		if one.holds(s, dir, known) {
			return true
		}
	}
	return false
}

// String is what is said of a condition that does not hold.
func (c condition) String() string {
	switch {
	case c.path != nil:
		return c.path.text
	case c.about != nil:
		return c.about.String()
	}
	var all []string
	for _, one := range c.any {
		all = append(all, one.String())
	}
	return strings.Join(all, " or ")
}

// A source is where a value stands: in a file, or in a path, or written down.
type source struct {
	File  *pattern `yaml:"file"`
	Key   text     `yaml:"key"`   // section.key of a file like .treeinfo, or key
	Path  *pattern `yaml:"path"`  // the path itself
	Match search   `yaml:"match"` // what to look for in it
	// Program is what the file is by its header; with Match, what its version is.
	Program program     `yaml:"program"`
	Text    *text       `yaml:"text"` // this, if nothing before was found
	When    []condition `yaml:"when"`
	line    int
}

// UnmarshalYAML reads the group, and says what does not go together.
func (c *source) UnmarshalYAML(n ast.Node) error {
	type plain source // without this method
	p := (*plain)(c)
	if err := strictly(n, p); err != nil {
		return err
	}
	c.line = lineOf(n)
	said := 0
	for _, there := range []bool{c.File != nil, c.Path != nil, c.Text != nil} {
		if there {
			said++
		}
	}
	switch {
	case said != 1:
		return mistake(n, "one of file, path and text is wanted here")
	case c.Key.text != "" && c.File == nil:
		return mistake(n, "key is a key of a file: say file as well")
	case c.Program.kind != "" && (c.File == nil || c.Key.text != ""):
		return mistake(n, "program is what a file is: say file as well, and no key")
	case c.Path != nil && c.Match.Regexp == nil:
		return mistake(n, "of a path a part is wanted: say match as well")
	}
	return nil
}

// value is what stands there.
func (c source) value(s *site, dir string, known map[string]string) (string, bool) {
	switch {
	case !all(c.When, s, dir, known):
		return "", false
	case c.Text != nil:
		return fill(c.Text.text, known), true
	case c.Path != nil:
		for _, f := range s.find(dir, *c.Path, known) {
			if v, ok := c.Match.value(f.path); ok {
				return v, true
			}
		}
		return "", false
	}
	for _, f := range s.find(dir, *c.File, known) {
		if v, ok := c.of(s, path.Join(dir, f.path)); ok {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}

// of is the value that one file has.
func (c source) of(s *site, name string) (string, bool) {
	if c.Program.kind != "" {
		p := s.program(name)
		if p.Kind != c.Program.kind || c.Match.Regexp == nil {
			return string(p.Kind), p.Kind == c.Program.kind
		}
		return c.Match.value(p.Version)
	}
	in := s.text(name)
	if c.Key.text != "" {
		in = lookUp(in, c.Key.text)
	}
	return c.Match.value(in)
}

// String is what is said of a text that is not there.
func (c source) String() string {
	if c.File == nil {
		return c.Path.text
	}
	said := c.File.text
	if c.Key.text != "" {
		said += " with " + c.Key.text
	}
	if c.Program.kind != "" {
		said += " that is " + string(c.Program.kind)
	}
	if c.Match.Regexp != nil {
		said += " that says " + strings.TrimPrefix(c.Match.String(), "(?m)")
	}
	return said
}

// lookUp is a value of a file of sections and keys, as .treeinfo is, or of keys alone, as boot.cfg is. Quotes
// around it are the shell's.
func lookUp(text, key string) string {
	section, name, inSection := strings.Cut(key, ".")
	if !inSection {
		section, name = "", key
	}
	at := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(line, "["); ok {
			at, _, _ = strings.Cut(inner, "]")
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if ok && at == section && strings.TrimSpace(k) == name {
			return strings.Trim(strings.TrimSpace(v), `"'`)
		}
	}
	return ""
}
