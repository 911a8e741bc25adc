package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A damage says that a file is no database, or not a whole one.
type damage struct {
	path string
	err  error
}

func (d damage) Error() string { return fmt.Sprintf("state: %s is damaged: %v", d.path, d.err) }

func (d damage) Unwrap() error { return d.err }

func damaged(err error) bool { return errors.As(err, new(damage)) }

// notOurs says that a file must be left alone.
type notOurs struct{ error }

func (n notOurs) Unwrap() error { return n.error }

// unread is why a file of ours cannot be read: if the disk is not to blame, what it holds.
func unread(path string, err error) error {
	var failed *sqlite.Error
	if errors.As(err, &failed) && failed.Code() != sqlite3.SQLITE_ERROR {
		return explain(path, err)
	}
	return damage{path, err}
}

const otherwise = "let this user write there, or name another file, --state FILE"

// explain says in an error of SQLite what can be done about it.
func explain(path string, err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return err
	}
	const primary = 0xff // the rest of a code is detail
	switch code := failed.Code() & primary; code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return notOurs{fmt.Errorf("state: %s is in use by another bootrig: end that one, or name another file, --state FILE: %w", path, err)}
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return damage{path, err}
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("state: no room for %s: make some on its disk: %w", path, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR:
		if why := denied(path); why != nil {
			return fmt.Errorf("state: %w: %s", why, otherwise)
		}
		if code == sqlite3.SQLITE_IOERR {
			return fmt.Errorf("state: the disk of %s fails, or is full: %w", path, err)
		}
	}
	return fmt.Errorf("state: %s: %w", path, err)
}

// denied is the kernel's word on why a file cannot be written, which SQLite keeps to itself. To close the file costs the
// process its locks on it: whoever asks will not use it any more.
func denied(path string) error {
	for _, name := range names(path) {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644) // as SQLite does
		if err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

// perhapsOurs tells whether a file that cannot be read as a database may be one of ours. A name that was mistyped
// must cost nobody a file.
func perhapsOurs(path string) bool {
	if !regular(path) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	const at = 68 // of application_id (sqlite.org/fileformat.html, section 1.3)
	header := make([]byte, at+4)
	if _, err := io.ReadFull(f, header); err == nil && bytes.HasPrefix(header, []byte("SQLite format 3\x00")) {
		if id := binary.BigEndian.Uint32(header[at:]); id != 0 {
			return id == application
		}
	}
	return filepath.Ext(path) == ".db"
}

// regular tells whether a path is that of a file, which lets nobody wait.
func regular(path string) bool {
	is, err := os.Stat(path)
	return err == nil && is.Mode().IsRegular()
}

// moveAside gives a damaged file and its log names that nobody has, and returns the file's. Nothing is deleted.
func moveAside(path string, now time.Time) (string, error) {
	to := path + ".corrupt-" + now.Format("20060102-150405")
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			break
		}
		to = fmt.Sprintf("%s.corrupt-%s-%d", path, now.Format("20060102-150405"), n)
	}
	for _, part := range []string{"-wal", "-shm", ""} { // a log that stayed would be taken for that of the new file
		if err := os.Rename(path+part, to+part); err != nil && (part == "" || !errors.Is(err, os.ErrNotExist)) {
			return "", err
		}
	}
	return to, nil
}
