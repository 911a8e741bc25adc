package media

import (
	"io"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/links"
	"github.com/bootrig/bootrig/server/media/header"
)

// A tree is what is looked at.
type tree interface {
	content.Tree
	List(name string) ([]content.Entry, error)
}

// How much of a tree is looked at. A mirror has 10,000 directories, and none of it is in the deep ones.
const (
	maxListed = 4096 // directories
	maxText   = 64 << 10
	maxFound  = 64 // files of one pattern
)

// A site remembers what was seen of a tree.
type site struct {
	tree     tree
	real     func(string) string // where a name leads that may be a link's
	lists    map[string][]content.Entry
	texts    map[string]string
	programs map[string]header.Program
}

// siteOf is the site of a Source.
func siteOf(src content.Source) *site {
	walk := links.Of(src, "/")
	return newSite(content.Of(src, "/"), func(name string) string {
		if real, _, err := walk.Resolve(name); err == nil {
			return path.Clean(real)
		}
		return name
	})
}

func newSite(t tree, real func(string) string) *site {
	return &site{tree: t, real: real, lists: map[string][]content.Entry{}, texts: map[string]string{}, programs: map[string]header.Program{}}
}

// list is what is in a directory, "." at the top; nothing for what is none.
func (s *site) list(dir string) []content.Entry {
	entries, known := s.lists[dir]
	if !known && len(s.lists) < maxListed {
		name := dir
		if name == "." {
			name = ""
		}
		entries, _ = s.tree.List("/" + name) // what cannot be listed is not there for clients either
		s.lists[dir] = entries
	}
	return entries
}

// A found is a file of a pattern, and what stood for its names.
type found struct {
	path string // from the directory on where it was looked for
	vars map[string]string
}

// find are the files of a pattern below dir, in order.
func (s *site) find(dir string, p pattern, known map[string]string) []found {
	if len(known) > 0 && len(names(p.text)) > 0 {
		if made, err := compile(p.text, known); err == nil {
			p = made
		}
	}
	all := []found{{path: "."}}
	for i, e := range p.elements {
		var below []found
		for _, at := range all {
			below = append(below, s.step(dir, at, e, i < len(p.elements)-1 || p.dir)...)
		}
		all = below[:min(len(below), maxFound)]
	}
	if p.dir {
		return all
	}
	return slices.DeleteFunc(all, func(f found) bool { return !s.opens(path.Join(dir, f.path)) })
}

// step are the entries of one directory that fit an element: as it is written, or else without case.
func (s *site) step(dir string, at found, e element, wantDir bool) []found {
	entries := s.list(path.Join(dir, at.path))
	var exact, folded []found
	for _, entry := range entries {
		if entry.IsDir != wantDir {
			continue
		}
		next := found{path.Join(at.path, entry.Name), at.vars}
		switch {
		case e.match == nil && entry.Name == e.text:
			return []found{next}
		case e.match == nil && strings.EqualFold(entry.Name, e.text):
			folded = append(folded, next)
		case e.match == nil:
		default:
			if m := e.match.FindStringSubmatch(entry.Name); m != nil {
				exact = append(exact, next.with(e.match.SubexpNames(), m))
			} else if m := e.fold.FindStringSubmatch(entry.Name); m != nil {
				folded = append(folded, next.with(e.fold.SubexpNames(), m))
			}
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return folded
}

// with adds what an expression's names stood for.
func (f found) with(names, values []string) found {
	vars := map[string]string{}
	for k, v := range f.vars {
		vars[k] = v
	}
	for i, name := range names {
		if name != "" {
			vars[name] = values[i]
		}
	}
	f.vars = vars
	return f
}

// opens tells whether a file is one that clients may have: a link in the tree may lead nowhere.
func (s *site) opens(name string) bool {
	f, err := s.tree.Open("/" + name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// text is the beginning of a small file.
func (s *site) text(name string) string {
	if text, known := s.texts[name]; known {
		return text
	}
	var text string
	if f, err := s.tree.Open("/" + name); err == nil {
		data, _ := io.ReadAll(io.NewSectionReader(f, 0, min(f.Size, maxText)))
		f.Close()
		text = string(data)
	}
	s.texts[name] = text
	return text
}

// program is what a file is by its header.
func (s *site) program(name string) header.Program {
	if p, known := s.programs[name]; known {
		return p
	}
	var p header.Program
	if f, err := s.tree.Open("/" + name); err == nil {
		p, _ = header.Read(f, f.Size) // what cannot be read is no program
		f.Close()
	}
	s.programs[name] = p
	return p
}
