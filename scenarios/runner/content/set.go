package content

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed sets/*.set
var manifests embed.FS

// A Set is a named tree of boot files: which files of which Debian packages it is made of.
type Set struct {
	Name    string
	Entries []Entry
}

// An Entry is one name of a set: a link, a file of a package, or a stand-in of our own.
type Entry struct {
	Name    string // below the set's root
	Link    string // a link's target
	Package string // Debian package, and
	Version string // the version whose file has the sum
	File    string // its path inside the package
	SHA256  string
	StandIn string // what standIn makes of it
	Data    []byte // what the manifest has for it
	All     bool   // File is a directory: all that is below it
	Initrd  initrd // File is an installer's initrd, and this is what is made of it
	Script  []byte // the shell script of that
	GRUB    *grub  // File is a directory of GRUB's modules, and this is what is made of it
}

// A grub is a program as grub-mkimage makes it.
type grub struct {
	Prefix  string // where it looks for grub.cfg
	Modules []string
}

// An initrd is what is made of an installer's.
type initrd string

const (
	small initrd = "small" // a few of its files, and a program of ours
	full  initrd = "full"  // all of it, and a program of ours in place of its own
)

// Sets names the sets there are.
func Sets() []string {
	var names []string
	entries, _ := manifests.ReadDir("sets") // embedded: it is there
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".set"))
	}
	return names
}

// LookupSet reads a set's manifest.
func LookupSet(name string) (Set, error) {
	data, err := manifests.ReadFile(path.Join("sets", name+".set"))
	if err != nil {
		return Set{}, fmt.Errorf("unknown content set %q; there are %s", name, strings.Join(Sets(), ", "))
	}
	return parseSet(name, string(data))
}

// parseSet reads a manifest, a txtar archive whose lines are
//
//	package NAME VERSION
//	file NAME PATH SHA256           a file of that package
//	all NAME PATH                   a directory of it, and all below
//	initrd NAME PATH small SCRIPT   a small initrd made of an installer's, with /init from SCRIPT
//	initrd NAME PATH full SCRIPT    all of that one, but for /init
//	grub NAME PATH PREFIX MODULE... a GRUB for UEFI, made of the modules in a directory of the package
//	link NAME TARGET
//	make NAME KIND                  see standIn
//
// Its files are scripts, or files of the set.
func parseSet(name, text string) (Set, error) {
	s := Set{Name: name}
	archive := txtar.Parse([]byte(text))
	scripts := map[string][]byte{}
	for _, f := range archive.Files {
		scripts[f.Name] = f.Data
	}
	var pkg Entry // what the files that follow have in common
	line := 0
	for l := range strings.Lines(string(archive.Comment)) {
		line++
		words := strings.Fields(l)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if words[0] == "package" && len(words) == 3 {
			pkg = Entry{Package: words[1], Version: words[2]}
			continue
		}
		e, ok := parseEntry(words, pkg, scripts)
		if !ok {
			return s, fmt.Errorf("%s.set:%d: %q is not a line of a manifest", name, line, strings.TrimSpace(l))
		}
		if !fs.ValidPath(e.Name) {
			return s, fmt.Errorf("%s.set:%d: %q is not a clean name", name, line, e.Name)
		}
		s.Entries = append(s.Entries, e)
	}
	for _, f := range archive.Files {
		if _, left := scripts[f.Name]; left {
			s.Entries = append(s.Entries, Entry{Name: f.Name, Data: f.Data})
		}
	}
	return s, nil
}

// parseEntry reads a line about one name. A script that it names is taken from scripts.
func parseEntry(words []string, pkg Entry, scripts map[string][]byte) (Entry, bool) {
	e := pkg
	switch {
	case words[0] == "file" && len(words) == 4 && pkg.Package != "":
		e.Name, e.File, e.SHA256 = words[1], words[2], words[3]
	case words[0] == "all" && len(words) == 3 && pkg.Package != "":
		e.Name, e.File, e.All = words[1], words[2], true
	case words[0] == "initrd" && len(words) == 5 && pkg.Package != "":
		e.Name, e.File, e.Initrd = words[1], words[2], initrd(words[3])
		e.Script = scripts[words[4]]
		delete(scripts, words[4])
		return e, e.Script != nil && (e.Initrd == small || e.Initrd == full)
	case words[0] == "grub" && len(words) > 4 && pkg.Package != "":
		e.Name, e.File, e.GRUB = words[1], words[2], &grub{words[3], words[4:]}
	case words[0] == "link" && len(words) == 3:
		e = Entry{Name: words[1], Link: words[2]}
	case words[0] == "make" && len(words) == 3:
		e = Entry{Name: words[1], StandIn: words[2]}
	default:
		return e, false
	}
	return e, true
}

// Packages names the Debian packages the set is made of, each once.
func (s Set) Packages() []string {
	var names []string
	for _, e := range s.Entries {
		if e.Package != "" && !slices.Contains(names, e.Package) {
			names = append(names, e.Package)
		}
	}
	return names
}
