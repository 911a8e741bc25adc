package media

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// A family is what one file says.
type family struct {
	Name     text               `yaml:"family"`
	Title    text               `yaml:"title"`
	Releases []text             `yaml:"releases"` // those whose layout it was held against
	Has      []condition        `yaml:"has"`
	Lacks    []condition        `yaml:"lacks"`
	Facts    map[string]sources `yaml:"facts"` // version is one
	Entries  []entry            `yaml:"entries"`
	Whole    bool               `yaml:"whole"`   // all below the directory belongs to it, as in an image of a CD
	Small    bool               `yaml:"small"`   // a program that whole media have inside, and that counts by itself only
	Instead  text               `yaml:"instead"` // in the place of entries: why none can be, and what to take
	Memory   int                `yaml:"memory"`
	Fetches  []text             `yaml:"fetches"`
	Answer   *answer            `yaml:"answer"`
	Notes    []note             `yaml:"notes"`

	file string // where it stands, as messages have it
	own  bool   // the user's, and not one of ours
}

// An entry is a template: each file that fits its kernel makes one.
type entry struct {
	Name    text        `yaml:"name"`
	Title   text        `yaml:"title"`
	Kind    kind        `yaml:"kind"`
	CPU     text        `yaml:"cpu"`
	When    []condition `yaml:"when"`
	Kernel  patterns    `yaml:"kernel"`
	Program program     `yaml:"program"` // what the kernel is by its header, where a name would say little
	Initrds []patterns  `yaml:"initrds"`
	Args    text        `yaml:"args"`
	Modules []module    `yaml:"modules"`
	Append  text        `yaml:"append-iso"`
	Asks    bool        `yaml:"asks"` // it installs nothing by itself: an answer file is not for it
}

type module struct {
	File patterns `yaml:"file"`
	Args text     `yaml:"args"`
}

type answer struct {
	Args      text   `yaml:"args"`
	Files     []text `yaml:"files"`
	Format    text   `yaml:"format"`
	Directory bool   `yaml:"directory"`
}

// A note is a text, or one that is said on a condition.
type note struct {
	Text text        `yaml:"text"`
	When []condition `yaml:"when"`
}

// UnmarshalYAML reads either.
func (t *note) UnmarshalYAML(n ast.Node) error {
	type plain note // without this method
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return strictly(n, (*plain)(t))
	}
	return t.Text.UnmarshalYAML(n)
}

// patterns are several, of which the first that is there counts.
type patterns []pattern

// UnmarshalYAML reads one or a list.
func (p *patterns) UnmarshalYAML(n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		*p = make(patterns, 1)
		return (*p)[0].UnmarshalYAML(n)
	}
	if len(list.Values) == 0 {
		return mistake(n, "an empty list: name a path")
	}
	*p = make(patterns, len(list.Values))
	for i, v := range list.Values {
		if err := (*p)[i].UnmarshalYAML(v); err != nil {
			return err
		}
	}
	return nil
}

// find are the files of the first pattern that has any.
func (p patterns) find(s *site, dir string, known map[string]string) []found {
	for _, one := range p {
		if all := s.find(dir, one, known); len(all) > 0 {
			return all
		}
	}
	return nil
}

// sources are several, of which the first that says something counts.
type sources []source

// UnmarshalYAML reads one or a list.
func (s *sources) UnmarshalYAML(n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		*s = make(sources, 1)
		return (*s)[0].UnmarshalYAML(n)
	}
	*s = make(sources, len(list.Values))
	for i, v := range list.Values {
		if err := (*s)[i].UnmarshalYAML(v); err != nil {
			return err
		}
	}
	return nil
}

// A kind is a Kind in a file; "" is Linux.
type kind Kind

// UnmarshalYAML takes the known ones.
func (k *kind) UnmarshalYAML(n ast.Node) error {
	var t text
	if err := t.UnmarshalYAML(n); err != nil {
		return err
	}
	if !slices.Contains(kinds(), Kind(t.text)) {
		return mistake(n, "unknown kind %q: one of %v", t.text, kinds())
	}
	*k = kind(t.text)
	return nil
}

func kinds() []Kind { return []Kind{Linux, Multiboot, Xen, ESXi, Windows, EFI, Own} }
