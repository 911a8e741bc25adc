package seed

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content"
)

// A Seed is a directory of answer files. They are read when they are asked for, so that what is changed counts
// from then on.
type Seed struct {
	root *os.Root
	dir  string // as messages have it
}

// maxFile is the longest answer file.
const maxFile = 64 << 20

// Open looks at a directory. Its error joins what is wrong with any file in it, as file:line.
func Open(dir string) (*Seed, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("answer files: %w", err)
	}
	s := &Seed{root: root, dir: filepath.ToSlash(filepath.Clean(dir))}
	if err := s.Check(); err != nil {
		root.Close()
		return nil, err
	}
	return s, nil
}

// Close gives the directory back.
func (s *Seed) Close() error { return s.root.Close() }

// Check makes every file for a machine that is made up, and joins what is wrong.
func (s *Seed) Check() error {
	var mistakes []error
	dirs := []string{"."}
	for _, e := range s.list(".") {
		if e.IsDir() {
			dirs = append(dirs, e.Name())
		}
	}
	for _, dir := range dirs {
		for _, e := range s.list(dir) {
			if name := path.Join(dir, e.Name()); !s.isDir(name) && !hidden(e.Name()) {
				mistakes = append(mistakes, s.checkFile(name))
			}
		}
	}
	return errors.Join(mistakes...)
}

func (s *Seed) checkFile(name string) error {
	data, _, err := s.read(name)
	if err != nil {
		return err
	}
	written := path.Join(s.dir, name)
	made, err := render(written, data, sample(), "192.0.2.2")
	if err != nil {
		return err
	}
	if line, err := formatOf(base(name), data).check(made); err != nil {
		return fmt.Errorf("%s:%d: %w", written, max(line, 1), err)
	}
	return nil
}

// hidden tells files of editors and of version control.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") }

func (s *Seed) list(dir string) []fs.DirEntry {
	entries, _ := fs.ReadDir(s.root.FS(), dir) // what cannot be listed has no answers
	return entries
}

func (s *Seed) isDir(name string) bool {
	info, err := s.root.Stat(name)
	return err == nil && info.IsDir()
}

// read is what is in a file now.
func (s *Seed) read(name string) ([]byte, time.Time, error) {
	f, err := s.root.Open(name)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("answer files: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: content.ErrNotRegular}
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if len(data) > maxFile {
		err = fmt.Errorf("%s/%s: an answer file of more than %d MiB", s.dir, name, maxFile>>20)
	}
	return data, info.ModTime(), err
}

// dirs are the directories that hold a machine's files, its own first. Of a machine that is not known, only what
// is there for all.
func (s *Seed) dirs(m Machine) []string {
	var own []string
	entries := s.list(".")
	for _, word := range m.words() {
		for _, e := range entries {
			if strings.EqualFold(e.Name(), word) && s.isDir(e.Name()) {
				own = append(own, e.Name())
			}
		}
	}
	return append(own, ".")
}

// names are the files that there are for a machine, each with where it lies.
func (s *Seed) names(m Machine) map[string]string {
	all := map[string]string{}
	for _, dir := range s.dirs(m) {
		for _, e := range s.list(dir) {
			name := path.Join(dir, e.Name())
			if _, better := all[e.Name()]; !better && !hidden(e.Name()) && !s.isDir(name) {
				all[e.Name()] = name
			}
		}
	}
	return all
}

// File is a machine's file, made from its template. The error answers to fs.ErrNotExist where there is none.
func (s *Seed) File(name string, m Machine, at At) ([]byte, time.Time, error) {
	all := s.names(m)
	lies, ok := all[name]
	if _, cloud := all["user-data"]; !ok && cloud && name == "meta-data" {
		return metaData(m, at), time.Time{}, nil
	}
	if !ok {
		return nil, time.Time{}, &fs.PathError{Op: "open", Path: path.Join(s.dir, name), Err: fs.ErrNotExist}
	}
	data, changed, err := s.read(lies)
	if err == nil {
		data, err = render(path.Join(s.dir, lies), data, m, at)
	}
	return data, changed, err
}

// metaData is what cloud-init wants beside user-data and nobody writes: it starts only where there is one.
func metaData(m Machine, at At) []byte {
	v := values(m, at)
	return fmt.Appendf(nil, "instance-id: %s\nlocal-hostname: %s\n", quote("iid-"+cmp.Or(v["mac"], "unknown")), quote(v["name"]))
}

// Files are a machine's files as a Source. Those of another are not among them.
func (s *Seed) Files(m Machine, at At) (content.Source, error) {
	bodies := map[string]content.Body{}
	all := s.names(m)
	if _, cloud := all["user-data"]; cloud {
		if _, ok := all["meta-data"]; !ok {
			all["meta-data"] = ""
		}
	}
	for name := range all {
		data, changed, err := s.File(name, m, at)
		if err != nil {
			return nil, err
		}
		body := content.Text(string(data))
		body.ModTime = changed
		bodies[name] = body
	}
	return content.Files(bodies, time.Time{})
}

// Names are the files that there are for a machine, sorted.
func (s *Seed) Names(m Machine) []string {
	var all []string
	for name := range s.names(m) {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
