package state

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
)

// A file is the SQLite file while it is open.
type file struct {
	db      *sql.DB
	path    string
	version int            // 0: it is new
	is      [2]os.FileInfo // it and its log, as they were when it was begun
}

// A content is what a file holds.
type content struct {
	leases []lease.Lease
	notes  []machines.Note
	mark   mark // zero: it has none
}

// now is the time by which the leases of a content end.
func (c content) now(h host) time.Time {
	if c.mark == (mark{}) {
		return h.wall()
	}
	return c.mark.own.Add(c.mark.passed(h.mark(time.Time{})))
}

// What makes a SQLite file one of ours (sqlite.org/pragma.html, application_id and user_version).
const (
	application = 0x62726967 // "brig"
	version     = 4
)

// schemas make the tables of a version from those of the one before.
var schemas = [version]string{`
CREATE TABLE lease (
	addr      TEXT PRIMARY KEY,
	client_id BLOB,              -- option 61; NULL: it sent none
	hw_type   INTEGER NOT NULL,
	mac       BLOB NOT NULL,
	name      TEXT NOT NULL,
	expires   INTEGER NOT NULL,  -- seconds since 1970, by clock.own; 0: never
	relay     TEXT NOT NULL,     -- "": none
	server_id TEXT NOT NULL      -- "": the link's
) STRICT;`, `
CREATE TABLE clock (             -- one moment, when the file was last written, by all clocks; nanoseconds
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	own  INTEGER NOT NULL,       -- since 1970, by which leases end; as wall was at first, but nobody turns it
	wall INTEGER NOT NULL,       -- since 1970, as the host had it
	boot TEXT NOT NULL,          -- which run of the kernel it was
	up   INTEGER NOT NULL        -- for how long that ran, suspended or not
) STRICT;`, `
ALTER TABLE lease ADD COLUMN since INTEGER NOT NULL DEFAULT 0;   -- seconds since 1970, by clock.own; 0: unknown
ALTER TABLE lease ADD COLUMN class BLOB NOT NULL DEFAULT x'';    -- option 60
ALTER TABLE lease ADD COLUMN agent BLOB NOT NULL DEFAULT x'';    -- option 82
`, `
CREATE TABLE note (              -- what is kept of machines
	kind TEXT NOT NULL,          -- machine: what is known of it; mark: how it is marked
	mac  TEXT NOT NULL,
	text TEXT NOT NULL,          -- JSON
	PRIMARY KEY (kind, mac)
) STRICT;`}

// openFile opens a file or makes it, its directory too, and reads what it holds.
func openFile(path string) (*file, content, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, content{}, fmt.Errorf("state: %w: %s", err, otherwise)
	}
	if _, err := os.Stat(path); err == nil && !regular(path) {
		return nil, content{}, fmt.Errorf("state: %s is no regular file: move it away, or name another one, --state FILE", path)
	}
	// With FULL a lease is on the disk when its transaction ends, and a log that nobody else reads needs no
	// shared memory (sqlite.org/wal.html).
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: url.Values{"_pragma": {
		"busy_timeout(0)", "locking_mode(EXCLUSIVE)", "synchronous(FULL)",
	}}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, content{}, fmt.Errorf("state: %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	f := &file{db: db, path: path}
	held, err := f.read()
	if err != nil {
		db.Close()
		return nil, content{}, err
	}
	return f, held, nil
}

// peek reads a copy of a file that cannot be locked, as on a disk that is read-only.
func peek(path string) (held content, err error) {
	dir, err := os.MkdirTemp("", "bootrig-state-")
	if err != nil {
		return held, err
	}
	defer os.RemoveAll(dir)
	to := filepath.Join(dir, "state.db")
	for i, name := range names(path) {
		if err := copyFile(names(to)[i], name); err != nil && (i == 0 || !errors.Is(err, os.ErrNotExist)) {
			return held, err
		}
	}
	f, held, err := openFile(to)
	if err == nil {
		err = f.close()
	}
	return held, err
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (f *file) close() error { return f.db.Close() }

// identify finds out whose file it is.
func (f *file) identify() error {
	var id, tables int
	row := f.db.QueryRow("SELECT (SELECT * FROM pragma_application_id), (SELECT * FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)")
	if err := row.Scan(&id, &f.version, &tables); err != nil {
		return explain(f.path, err)
	}
	switch {
	case id == application && f.version > version:
		return fmt.Errorf("state: %s is of version %d, this bootrig knows version %d: use the bootrig that wrote it, or name another file, --state FILE", f.path, f.version, version)
	case id != application && (id != 0 || tables > 0):
		return notOurs{fmt.Errorf("state: %s is another program's database: name a file of our own, --state FILE", f.path)}
	}
	return nil
}

// there tells whether the file that is open is the one at its path, and so is its log.
func (f *file) there() bool { return f.has(0) && f.has(1) }

func (f *file) has(part int) bool {
	now, err := os.Stat(names(f.path)[part])
	return err == nil && os.SameFile(now, f.is[part])
}

// forsake closes a file that is not there any more. Its log, if that is left, would be taken for that of the file
// which has its place.
func (f *file) forsake() {
	moved, log := !f.has(0), f.has(1)
	_ = f.close() // what it does not write now is written to another
	if moved && log && f.has(1) {
		_ = os.Remove(names(f.path)[1])
	}
}

// begin makes the first changes, and remembers which file is at the path. Whose file it is is known now, so that it
// may be given a log.
func (f *file) begin(changes batch, m mark) error {
	if _, err := f.db.Exec("PRAGMA journal_mode = WAL"); err != nil {
		return explain(f.path, err)
	}
	err := f.write(changes, m)
	if err != nil {
		return err
	}
	for i, name := range names(f.path) {
		if f.is[i], err = os.Stat(name); err != nil {
			return fmt.Errorf("state: %w", err)
		}
	}
	return nil
}

// names are those of a file and of its write-ahead log.
func names(path string) [2]string { return [2]string{path, path + "-wal"} }
