package dnsmasq

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// confFile reads another file in the place of this line. None is read twice (option.c, one_file).
func (r *reader) confFile(value text) {
	if value.String() == "-" {
		r.wrong("conf-file=-: reading the standard input is not supported yet")
		return
	}
	r.include(value.String())
}

func (r *reader) include(path string) {
	if !r.first(path) {
		return
	}
	data, err := readRegular(path)
	if err != nil {
		r.wrong("%v", err)
		return
	}
	r.lines(path, data, func(s string) {
		if l, ok := r.parsed(s); ok {
			r.option(l)
		}
	})
}

// readRegular reads a file, but no FIFO and no device, whose end may never come.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return os.ReadFile(path)
}

// first tells whether a file is met for the first time, by whatever name.
func (r *reader) first(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return true // the reading will say
	}
	if slices.ContainsFunc(r.files, func(f os.FileInfo) bool { return os.SameFile(f, info) }) {
		return false
	}
	r.files = append(r.files, info)
	return true
}

// confDir reads DIR[,ENDING...]: its regular files in the order of their names. An ending with a `*`
// before it is wanted, one without is not.
func (r *reader) confDir(value text) {
	fields := value.fields()
	var wanted, unwanted []string
	for _, f := range fields[1:] {
		ending, want := strings.CutPrefix(f.String(), "*")
		switch {
		case ending == "":
		case want:
			wanted = append(wanted, ending)
		default:
			unwanted = append(unwanted, ending)
		}
	}
	dir := fields[0].String()
	for _, name := range r.names(dir) {
		ends := func(ending string) bool { return len(name) > len(ending) && strings.HasSuffix(name, ending) }
		if (len(wanted) == 0 || slices.ContainsFunc(wanted, ends)) && !slices.ContainsFunc(unwanted, ends) {
			r.include(dir + "/" + name)
		}
	}
}

// names are a directory's regular files in order, without those that editors leave behind.
func (r *reader) names(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		r.wrong("%v", err)
		return nil
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".") || name[0] == '#' && strings.HasSuffix(name, "#") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name))
		switch {
		case err != nil:
			r.wrong("%v", err)
		case info.Mode().IsRegular():
			names = append(names, name)
		}
	}
	return names
}

// A hostFile is a file of dhcp-host lines, without the name of the option.
type hostFile struct{ path, rule string }

func (r *reader) dhcpHostsFile(value text) {
	r.hostFiles = append(r.hostFiles, hostFile{value.String(), r.rule})
}

// readHostFiles reads them last, as dnsmasq does, which goes on without one that is missing.
func (r *reader) readHostFiles() {
	for _, f := range r.hostFiles {
		r.rule = f.rule
		paths := []string{f.path}
		if info, err := os.Stat(f.path); err == nil && info.IsDir() {
			paths = nil
			for _, name := range r.names(f.path) {
				paths = append(paths, filepath.Join(f.path, name))
			}
		}
		for _, path := range paths {
			data, err := readRegular(path)
			if err != nil {
				r.notice("%v", err)
				continue
			}
			r.lines(path, data, func(s string) {
				t, err := unquote(s)
				if err != nil {
					r.wrong("%v", err)
				} else if t = t.trim(); len(t) > 0 {
					r.dhcpHost(t)
				}
			})
		}
	}
}
