package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A sight is what there was to be seen of some places at one moment.
type sight map[string]glance

// A glance is what was seen of one name. Links are followed.
type glance struct {
	fs.FileInfo
	came time.Time // not before something came to its directory
}

func look(p Places) sight {
	s := sight{}
	for _, name := range p.Files {
		s.add(name, time.Time{})
	}
	for _, dir := range p.Dirs {
		at, err := os.Stat(dir)
		if err != nil {
			continue
		}
		entries, _ := os.ReadDir(dir) // what cannot be read has nothing to say
		for _, e := range entries {
			s.add(filepath.Join(dir, e.Name()), at.ModTime())
		}
	}
	return s
}

// add looks at one name. What is not there is not seen.
func (s sight) add(name string, came time.Time) {
	if info, err := os.Stat(name); err == nil {
		s[name] = glance{info, came}
	}
}

// since tells whether a file may have come or changed after a moment. The clock of file systems is a little late.
func (g glance) since(moment time.Time) bool {
	moment = moment.Add(-10 * time.Millisecond)
	return g.ModTime().After(moment) || g.came.After(moment)
}

// differ tells whether the second of two sights of the places is another for who reads them.
func (p Places) differ(last, now sight) bool {
	for name, g := range now {
		if old, known := last[name]; !known || !g.same(old) {
			return true
		}
	}
	for _, name := range p.Files {
		_, was := last[name]
		if _, is := now[name]; was && !is {
			return true
		}
	}
	return false
}

func (g glance) same(old glance) bool {
	return os.SameFile(g.FileInfo, old.FileInfo) && g.Size() == old.Size() && g.ModTime().Equal(old.ModTime()) && g.Mode() == old.Mode()
}
