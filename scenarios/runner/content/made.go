package content

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A sum names what is made by what it is made of.
type sum struct{ text []byte }

func (s *sum) add(parts ...any) { s.text = fmt.Appendln(s.text, parts...) }

// addFile adds a file of the host without reading it. One that was made is named after what is in it.
func (s *sum) addFile(name string) error {
	if filepath.Base(filepath.Dir(filepath.Dir(name))) == madeDir {
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

// made is a file or directory of the cache, in a directory that is named after its sum. What is not there yet is made
// by write, at a name where nothing is; two that do it at once make the same.
func made(cache, base string, s sum, write func(name string) error) (string, error) {
	digest := sha256.Sum256(s.text)
	dir := filepath.Join(cache, madeDir)
	own := filepath.Join(dir, hex.EncodeToString(digest[:12]))
	if there(own) {
		return filepath.Join(own, base), nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	trim(dir)
	work, err := os.MkdirTemp(dir, "new-")
	if err != nil {
		return "", err
	}
	err = errors.Join(write(filepath.Join(work, base)), os.Chmod(work, 0o755))
	if err == nil {
		err = os.Rename(work, own)
	}
	if err != nil && there(own) { // somebody was faster
		err = nil
	}
	return filepath.Join(own, base), errors.Join(err, os.RemoveAll(work))
}

// there says that something was made, and that it is used.
func there(own string) bool {
	now := time.Now()
	_ = os.Chtimes(own, now, now) // it may be somebody else's, who then keeps it
	_, err := os.Stat(own)
	return err == nil
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

// oneFile is a write for what writes one file, a little at a time.
func oneFile(write func(w *bufio.Writer) error) func(name string) error {
	return func(name string) error {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		return errors.Join(write(w), w.Flush(), f.Close())
	}
}
