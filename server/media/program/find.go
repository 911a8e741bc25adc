package program

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/header"
)

// A Want is a program for a machine.
type Want struct {
	Kind Kind
	CPU  string // as Linux names it: "x86_64", "aarch64"; "" for a PC with BIOS
	Name string // of a Module: "mboot.c32"
}

// efi says that there is one for each CPU.
func (k Kind) efi() bool { return k != PXELINUX && k != LPXELINUX && k != Module && k != UNDIonly }

// name is how a file of that kind is called where nobody said otherwise.
func (w Want) name() string {
	if w.Kind == Module {
		return w.Name
	}
	paths := table[w.Kind].paths
	at := slices.IndexFunc(paths, func(p string) bool { return strings.Contains(path.Base(p), header.Suffix(w.CPU)) })
	return strings.TrimSuffix(path.Base(paths[max(at, 0)]), ".signed")
}

// A Place is a tree of files that may have programs.
type Place struct {
	Name string // as errors and logs tell it: "the medium", "/srv/boot"
	Tree content.Tree
	// roots are where packages may be unpacked, below the tree; flat says that programs may lie at its top.
	roots []string
	flat  bool
	known []Known
}

// A Known is a program that a place is known to have.
type Known struct {
	Want
	Path string
}

// Medium is a medium, with the programs that were found in it. The best of a kind is the first.
func Medium(name string, tree content.Tree, known []Known) Place {
	return Place{Name: name, Tree: tree, known: known}
}

// Host is the packages of this machine. Only the programs are opened, not the directories on the way.
func Host() Place {
	return Place{Name: "this machine's packages", Tree: content.FS(os.DirFS("/"), "/"), roots: []string{"."}}
}

// HostDirs are the directories of this machine in which packages may put programs.
func HostDirs() (dirs []string) {
	for _, row := range table {
		for _, at := range row.paths {
			dir := "/" + path.Dir(at)
			if (strings.HasPrefix(dir, "/usr/") || strings.HasPrefix(dir, "/boot")) && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

// Directory is a directory that a user named: with the programs in it, or a root below which packages were
// unpacked, or with several such roots in it. Links do not lead out of it.
func Directory(dir string) (Place, error) {
	tree, err := content.OpenDir(dir, "/")
	if err != nil {
		return Place{}, fmt.Errorf("boot programs: %w", err)
	}
	inside, err := os.ReadDir(dir)
	if err != nil {
		return Place{}, fmt.Errorf("boot programs: %w", err)
	}
	p := Place{Name: dir, Tree: tree, roots: []string{"."}, flat: true}
	for _, entry := range inside {
		if entry.IsDir() {
			p.roots = append(p.roots, entry.Name())
		}
	}
	return p, nil
}

// candidates are the names under which the place may have it.
func (p Place) candidates(w Want) (names []string) {
	for _, k := range p.known {
		if k.Want == w {
			names = append(names, k.Path)
		}
	}
	paths := slices.Clone(table[w.Kind].paths)
	for i := range paths {
		if w.Kind == Module { // its rows are directories
			paths[i] += w.Name
		}
	}
	for _, at := range paths { // the best path first, whichever package has it
		for _, root := range p.roots {
			names = append(names, path.Join(root, at))
		}
	}
	for _, at := range paths {
		if base := path.Base(at); p.flat { // what was copied may have lost its ending
			names = append(names, base, strings.TrimSuffix(base, ".signed"))
		}
	}
	return names
}

// A File is a program that was found.
type File struct {
	Want
	Name  string // as it is called: "pxelinux.0"
	Path  string // in its place
	Place Place
}

// Open opens the program.
func (f File) Open() (*content.File, error) {
	file, err := f.Place.Tree.Open("/" + f.Path)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", f.Path, f.Place.Name, err)
	}
	return file, nil
}

// A MissingError says that no place has a program.
type MissingError struct {
	Want  Want
	Wrong []error // of files that have the name and are something else
}

func (e *MissingError) Error() string {
	said := e.Want.name() + ": "
	for _, wrong := range e.Wrong {
		said += wrong.Error() + "; "
	}
	from, ok := table[e.Want.Kind].from[e.Want.CPU]
	switch {
	case !ok:
		return said + "name a directory that has one for " + e.Want.CPU + " with --programs"
	case e.Want.CPU != "":
		said += "for " + e.Want.CPU + ": "
	}
	return said + from + ", or name a directory that has it with --programs"
}

// Brief is what is missing, and how one gets it: "ipxe.efi (install ipxe)".
func (e *MissingError) Brief() string {
	if from, ok := table[e.Want.Kind].from[e.Want.CPU]; ok {
		return fmt.Sprintf("%s (%s)", e.Want.name(), from)
	}
	return e.Want.name() + " for " + e.Want.CPU
}

// Find looks for a program in places, the first one's first. The error is a *MissingError where none has it.
func Find(want Want, places ...Place) (File, error) {
	missing := &MissingError{Want: want}
	for _, place := range places {
		for f, err := range place.look(want) {
			if err == nil {
				return f, nil
			}
			missing.Wrong = append(missing.Wrong, err)
		}
	}
	return File{}, missing
}

// all are the programs of that kind that the place has, and what only looks like one.
func (p Place) all(want Want) (files []File, wrong []error) {
	for f, err := range p.look(want) {
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		files = append(files, f)
	}
	return files, wrong
}

// look yields the files that have a name of such a program, with what is wrong with them.
func (p Place) look(want Want) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		seen := map[string]bool{}
		for _, name := range p.candidates(want) {
			f := File{Want: want, Name: strings.TrimSuffix(path.Base(name), ".signed"), Path: name, Place: p}
			if seen[name] {
				continue
			}
			seen[name] = true
			if err := f.check(); !errors.Is(err, fs.ErrNotExist) && !yield(f, err) {
				return
			}
		}
	}
}
