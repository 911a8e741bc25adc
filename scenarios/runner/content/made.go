package content

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A sum names what is made by what it is made of.
type sum struct{ text []byte }

func (s *sum) add(parts ...any) { s.text = fmt.Appendln(s.text, parts...) }

// addFile adds a file of the host without reading it. One that was made is named after what is in it.
func (s *sum) addFile(name string) error {
	if filepath.Base(filepath.Dir(name)) == madeDir {
		s.add(name)
		return nil
	}
	info, err := os.Stat(name)
	if err == nil {
		s.add(name, info.Size(), info.ModTime().UnixNano())
	}
	return err
}

// madeDir is where in the cache everything is that is made.
const madeDir = "made"

// unused is how long what nobody asked for stays in the cache.
const unused = 14 * 24 * time.Hour

// made is a file in the cache below the name of its sum. What is not there yet is made by write, which gets an empty
// file; two that do it at once make the same.
func made(cache, ext string, s sum, write func(f *os.File) error) (string, error) {
	digest := sha256.Sum256(s.text)
	dir := filepath.Join(cache, madeDir)
	name := filepath.Join(dir, hex.EncodeToString(digest[:12])+ext)
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		now := time.Now()
		_ = os.Chtimes(name, now, now) // it may be somebody else's, who then keeps it
		return name, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	trim(dir)
	f, err := os.CreateTemp(dir, "new-*"+ext)
	if err != nil {
		return "", err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return name, err
}

// trim removes what is unused, and what a run that was killed has left.
func trim(dir string) {
	entries, _ := os.ReadDir(dir) // what cannot be read cannot be trimmed
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > unused {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// buffered is write for what writes a little at a time.
func buffered(write func(w *bufio.Writer) error) func(f *os.File) error {
	return func(f *os.File) error {
		w := bufio.NewWriterSize(f, 1<<20)
		return errors.Join(write(w), w.Flush())
	}
}
