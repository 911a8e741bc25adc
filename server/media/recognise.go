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
	return f.recognise(siteOf(src))
}

func (f *Families) recognise(s *site) ([]Medium, error) {
	var media []Medium
	l := &looked{seen: map[string]bool{".": true}, taken: map[string]bool{}, whole: map[string]bool{}}
	for level, left := []string{"."}, depth; len(level) > 0 && left >= 0; left-- {
		var below []string
		for _, dir := range level {
			media = append(media, f.at(s, dir, l)...)
			below = append(below, l.news(s, dir)...)
		}
		level = below
	}
	if len(media) == 0 {
		return nil, f.unknown(s)
	}
	if l.other {
		return media, nil
	}
	// A memory test inside what is nearly an image of something else is not what somebody serves.
	if u := f.unknown(s); len(u.Near) > 0 {
		return nil, u
	}
	return media, nil
}

// A looked remembers where media were looked for.
type looked struct {
	seen  map[string]bool // directories, where links lead
	taken map[string]bool // files and directories that a medium was found to be made of
	whole map[string]bool // where media begin to which all below belongs
	other bool            // there is a medium that is not small, or one at the top
}

// take notes what a medium is made of.
func (l *looked) take(m Medium, f *family) {
	for _, name := range m.files() {
		l.taken[path.Join(m.Dir, first(name))] = true
	}
	if f.Whole {
		l.whole[m.Dir] = true
		l.taken[m.Dir] = l.taken[m.Dir] || m.Instead != "" // what cannot be booted has no files to tell what is its own
	}
	l.other = l.other || !f.Small || m.Dir == "."
}

// news are the directories in one that may hold another medium. One that is a link counts where it leads: Ubuntu's
// images have a link to their own top.
func (l *looked) news(s *site, dir string) (all []string) {
	for _, name := range s.directories(dir) {
		real := s.real(name)
		if !l.seen[real] && !inside(name, l.taken) && !inside(real, l.taken) {
			all = append(all, name)
			l.seen[real] = true
		}
	}
	return all
}

// inside tells whether a directory is one of those, or below one.
func inside(dir string, those map[string]bool) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if those[dir] {
			return true
		}
	}
	return those["."]
}

// directories are those in one.
func (s *site) directories(dir string) (all []string) {
	for _, e := range s.list(dir) {
		if e.IsDir {
			all = append(all, path.Join(dir, e.Name))
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
func (f *Families) at(s *site, dir string, l *looked) (media []Medium) {
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
		return cmp.Or(boolOrder(a.own, b.own), boolOrder(b.Small, a.Small), cmp.Compare(len(b.Has)+len(b.Lacks), len(a.Has)+len(a.Lacks)), strings.Compare(a.Name.text, b.Name.text))
	})
	booted := map[string]bool{}
	for _, one := range fits {
		m := one.Medium
		m.Entries = slices.DeleteFunc(m.Entries, func(e Entry) bool {
			return slices.ContainsFunc(e.files(), func(name string) bool { return booted[name] })
		})
		if len(m.Entries) == 0 && (m.Instead == "" || len(media) > 0) || one.Small && inside(dir, l.whole) {
			continue
		}
		for _, name := range m.files() {
			booted[name] = true
		}
		media = append(media, m)
		l.take(m, one.family)
	}
	return media
}
