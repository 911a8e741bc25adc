package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What is in a cache directory: whole tarballs, each named by the SHA-256 of the file that it was made of,
// and such that are not whole yet.
const (
	suffix  = ".tar"
	partial = "unpacking-"
)

// What is not used for so long, or is one too many, goes when something new comes.
const (
	keepFor  = 30 * 24 * time.Hour
	keepMost = 8
	stale    = time.Hour // nobody writes to a partial file any more
)

// large puts what comes out of f into the cache, if it is not there already.
func (o Options) large(f *os.File, unpacked io.Reader, why func(error) error) (*whole, error) {
	if o.Cache == "" {
		return o.unnamed(unpacked, why)
	}
	if err := os.MkdirAll(o.Cache, 0o700); err != nil {
		return nil, fmt.Errorf("the directory for what is unpacked: %w", err)
	}
	same, err := unchanged(f)
	if err != nil {
		return nil, bare(err)
	}
	sum, err := hash(f)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(o.Cache, sum+suffix)
	if w, err := cached(name); err == nil {
		return w, nil
	}
	clean(o.Cache, time.Now())
	if err := o.write(name, unpacked, why, same); err != nil {
		return nil, err
	}
	return cached(name)
}

var errChanged = errors.New("changed while it was unpacked: wait until it is whole")

// unchanged makes a question whether a file is still what it is now.
func unchanged(f *os.File) (same func() error, err error) {
	before, err := f.Stat()
	return func() error {
		after, err := f.Stat()
		if err != nil {
			return bare(err)
		}
		if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
			return errChanged
		}
		return nil
	}, err
}

// hash names a file by what is in it.
func hash(f *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<62)); err != nil {
		return "", bare(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// cached opens a file of the cache. Its time is that of its last use.
func cached(name string) (*whole, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now) // a cache on a disk that cannot be written is one too
	return &whole{f, info.Size(), f.Close}, nil
}

// write makes a file of the cache: it has its name when all of it is on the disk, not before.
func (o Options) write(name string, unpacked io.Reader, why func(error) error, same func() error) error {
	f, err := os.CreateTemp(o.Cache, partial+"*")
	if err != nil {
		return fmt.Errorf("the directory for what is unpacked: %w", err)
	}
	defer os.Remove(f.Name()) // it is gone if all went well
	defer f.Close()
	if err := fill(f, unpacked, why); err != nil {
		return err
	}
	if err := same(); err != nil {
		return err
	}
	if err = errors.Join(f.Sync(), f.Close()); err == nil {
		err = errors.Join(os.Rename(f.Name(), name), syncDir(o.Cache))
	}
	if err != nil {
		return fmt.Errorf("the directory for what is unpacked: %w", err)
	}
	return nil
}

// fill tells apart whether reading or writing failed.
func fill(f *os.File, unpacked io.Reader, why func(error) error) error {
	w := &written{Writer: f}
	_, err := io.Copy(w, unpacked)
	switch {
	case w.err != nil:
		return fmt.Errorf("cannot be unpacked into %s: %w", filepath.Dir(f.Name()), bare(w.err))
	case err != nil:
		return why(err)
	}
	return nil
}

// written remembers that it was writing that failed.
type written struct {
	io.Writer
	err error
}

func (w *written) Write(b []byte) (n int, err error) {
	n, err = w.Writer.Write(b)
	w.err = err
	return n, err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// unnamed is for who has no cache: the file is gone when nobody has it open.
func (o Options) unnamed(unpacked io.Reader, why func(error) error) (*whole, error) {
	f, err := os.CreateTemp("", "bootrig-"+partial+"*")
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.Remove(f.Name()) }
	if remove() == nil { // where open files can be removed
		remove = func() error { return nil }
	}
	if err := fill(f, unpacked, why); err != nil {
		return nil, errors.Join(err, f.Close(), remove())
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close(), remove())
	}
	return &whole{f, info.Size(), func() error { return errors.Join(f.Close(), remove()) }}, nil
}

// clean removes what nobody used for long, what is too many with one more, and what a run left that was
// killed. Whoever has a file open keeps it.
func clean(dir string, now time.Time) {
	entries, _ := os.ReadDir(dir)
	var whole []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil || !info.Mode().IsRegular():
		case strings.HasPrefix(e.Name(), partial) && now.Sub(info.ModTime()) > stale:
			_ = os.Remove(filepath.Join(dir, e.Name()))
		case isWhole(e.Name()):
			whole = append(whole, info)
		}
	}
	slices.SortFunc(whole, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for i, info := range whole {
		if i >= keepMost-1 || now.Sub(info.ModTime()) > keepFor {
			_ = os.Remove(filepath.Join(dir, info.Name()))
		}
	}
}

// isWhole tells our files from those that somebody else put here.
func isWhole(name string) bool {
	sum, ok := strings.CutSuffix(name, suffix)
	_, err := hex.DecodeString(sum)
	return ok && err == nil && len(sum) == 2*sha256.Size
}
