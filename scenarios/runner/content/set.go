package content

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
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
}

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

// parseSet reads a manifest:
//
//	package NAME VERSION
//	file NAME PATH SHA256
//	link NAME TARGET
//	make NAME KIND
func parseSet(name, text string) (Set, error) {
	s := Set{Name: name}
	var pkg, version string
	line := 0
	for l := range strings.Lines(text) {
		line++
		words := strings.Fields(l)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch {
		case words[0] == "package" && len(words) == 3:
			pkg, version = words[1], words[2]
			continue
		case words[0] == "file" && len(words) == 4 && pkg != "":
			s.Entries = append(s.Entries, Entry{Name: words[1], Package: pkg, Version: version, File: words[2], SHA256: words[3]})
		case words[0] == "link" && len(words) == 3:
			s.Entries = append(s.Entries, Entry{Name: words[1], Link: words[2]})
		case words[0] == "make" && len(words) == 3:
			s.Entries = append(s.Entries, Entry{Name: words[1], StandIn: words[2]})
		default:
			return s, fmt.Errorf("%s.set:%d: %q is not a line of a manifest", name, line, strings.TrimSpace(l))
		}
		if last := s.Entries[len(s.Entries)-1]; !fs.ValidPath(last.Name) {
			return s, fmt.Errorf("%s.set:%d: %q is not a clean name", name, line, last.Name)
		}
	}
	return s, nil
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
