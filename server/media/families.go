package media

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bootrig/bootrig/internal/textfile"
)

//go:embed families/*.yaml
var files embed.FS

// Families are what is known of media.
type Families struct{ all []*family }

// Embedded are the families that are part of the program.
func Embedded() *Families { return embedded() }

// embedded reads them once: they are constant, and a test reads them all.
var embedded = sync.OnceValue(func() *Families {
	f := &Families{}
	names, err := fs.Glob(files, "families/*.yaml")
	for _, name := range names {
		data, readErr := files.ReadFile(name)
		one, parseErr := parse(path.Base(name), data)
		if err = errors.Join(err, readErr, parseErr); err == nil {
			f.all = append(f.all, one)
		}
	}
	if err != nil {
		panic(err) // the files above are wrong: no input can cause it
	}
	return f
})

// Dirs are the directories of this host that hold families of the user's: /etc/bootrig/media.d, and
// bootrig/media where the user's configuration lies. The last wins.
func Dirs() []string {
	dirs := []string{"/etc/bootrig/media.d"}
	if own, err := os.UserConfigDir(); err == nil {
		dirs = append(dirs, filepath.Join(own, "bootrig", "media"))
	}
	return dirs
}

// Load are the embedded families and those of *.yaml in the directories, if these are there. A family of a name
// that is known takes the place of the known one. The error joins every mistake of every file.
func Load(dirs ...string) (*Families, error) {
	f := &Families{all: slices.Clone(Embedded().all)}
	var mistakes []error
	for _, dir := range dirs {
		names, err := filepath.Glob(filepath.Join(escaped(dir), "*.yaml"))
		mistakes = append(mistakes, err)
		for _, name := range names {
			one, err := Read(name)
			if err != nil {
				mistakes = append(mistakes, err)
				continue
			}
			f.put(one.family)
		}
	}
	return f, errors.Join(mistakes...)
}

// escaped is a directory as a pattern of itself.
func escaped(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// put adds a family of the user's.
func (f *Families) put(one *family) {
	f.all = slices.DeleteFunc(f.all, func(old *family) bool { return old.Name.text == one.Name.text })
	f.all = append(f.all, one)
}

// A File is one file of a family that was read and found right.
type File struct {
	Text []byte
	*family
}

// Read reads a family's file.
func Read(name string) (File, error) {
	data, err := textfile.Read(name)
	if err != nil {
		return File{}, fmt.Errorf("family: %w", err)
	}
	one, err := parse(filepath.ToSlash(name), data)
	if err != nil {
		return File{}, err
	}
	one.own = true
	return File{Text: data, family: one}, nil
}

// Family is its name.
func (f File) Family() string { return f.Name.text }

// A Known is what is told of a family.
type Known struct {
	Family   string   `json:"family"`
	Title    string   `json:"title"`
	Releases []string `json:"releases,omitempty"` // whose layout it was held against
	File     string   `json:"file,omitempty"`     // where it stands; "": in the program
}

// Known are the families, by name.
func (f *Families) Known() (all []Known) {
	for _, one := range f.all {
		k := Known{Family: one.Name.text, Title: one.spoken(one.Title.text, nil)}
		for _, r := range one.Releases {
			k.Releases = append(k.Releases, r.text)
		}
		if one.own {
			k.File = one.file
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Known) int { return strings.Compare(a.Family, b.Family) })
	return all
}
