package media

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
)

// depth is how many directories below the top a medium may begin: DIR/debian/12.
const depth = 3

// Recognise says which media a tree holds, by the families that are part of the program. Where it holds none,
// the error is an *Unknown.
func Recognise(src content.Source) ([]Medium, error) { return Embedded().Recognise(src) }

// Recognise says which media a tree holds. Where it holds none, the error is an *Unknown.
func (f *Families) Recognise(src content.Source) ([]Medium, error) {
	return f.recognise(newSite(content.Of(src, "/")))
}

func (f *Families) recognise(s *site) ([]Medium, error) {
	var media []Medium
	taken := map[string]bool{} // directories and files that a medium was found to be made of
	for level, left := []string{"."}, depth; len(level) > 0 && left >= 0; left-- {
		var below []string
		for _, dir := range level {
			for _, m := range f.at(s, dir) {
				media = append(media, m)
				for _, name := range m.files() {
					taken[path.Join(dir, first(name))] = true
				}
			}
			below = append(below, s.directories(dir, taken)...)
		}
		level = below
	}
	if len(media) == 0 {
		return nil, f.unknown(s)
	}
	return media, nil
}

// directories are those in one that are not taken.
func (s *site) directories(dir string, taken map[string]bool) (all []string) {
	for _, e := range s.list(dir) {
		if name := path.Join(dir, e.Name); e.IsDir && !taken[name] {
			all = append(all, name)
		}
	}
	return all
}

// first is the first element of a path.
func first(name string) string {
	head, _, _ := strings.Cut(name, "/")
	return head
}

// files are all those of a medium's entries.
func (m Medium) files() (all []string) {
	for _, e := range m.Entries {
		all = append(all, e.files()...)
	}
	return all
}

func (e Entry) files() (all []string) {
	if e.Kernel != "" {
		all = append(all, e.Kernel)
	}
	all = append(all, e.Initrds...)
	for _, m := range e.Modules {
		all = append(all, m.File)
	}
	return all
}

// at are the media that begin in a directory. The family that asks for more goes first, the user's own before
// ours; of the others counts what boots something that none before does.
func (f *Families) at(s *site, dir string) (media []Medium) {
	type fitting struct {
		*family
		Medium
	}
	var fits []fitting
	for _, one := range f.all {
		if m, lacking := one.fit(s, dir); lacking == "" {
			fits = append(fits, fitting{one, m})
		}
	}
	slices.SortStableFunc(fits, func(a, b fitting) int {
		return cmp.Or(boolOrder(a.own, b.own), cmp.Compare(len(b.Has)+len(b.Lacks), len(a.Has)+len(a.Lacks)), strings.Compare(a.Name.text, b.Name.text))
	})
	booted := map[string]bool{}
	for _, one := range fits {
		m := one.Medium
		m.Entries = slices.DeleteFunc(m.Entries, func(e Entry) bool {
			return slices.ContainsFunc(e.files(), func(name string) bool { return booted[name] })
		})
		if len(m.Entries) == 0 {
			continue
		}
		for _, name := range m.files() {
			booted[name] = true
		}
		media = append(media, m)
	}
	return media
}
