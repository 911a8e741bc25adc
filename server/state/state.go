package state

import (
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/insomniacslk/dhcp/iana"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/bootrig/bootrig/server/lease"
)

// A Store is one file. It is for one process at a time.
type Store struct {
	db   *sql.DB
	path string
}

// What makes a SQLite file one of ours (sqlite.org/pragma.html, application_id and user_version).
const (
	application = 0x62726967 // "brig"
	version     = 1
)

const schema = `
CREATE TABLE lease (
	addr      TEXT PRIMARY KEY,
	client_id BLOB,              -- option 61; NULL: it sent none
	hw_type   INTEGER NOT NULL,
	mac       BLOB NOT NULL,
	name      TEXT NOT NULL,
	expires   INTEGER NOT NULL,  -- seconds since 1970; 0: never
	relay     TEXT NOT NULL,     -- "": none
	server_id TEXT NOT NULL      -- "": the link's
) STRICT;`

// Open opens a file or begins it, its directory too.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	// With FULL a lease is on the disk when its transaction ends, and a WAL that nobody else reads needs no
	// shared memory (sqlite.org/wal.html).
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: url.Values{"_pragma": {
		"locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(0)",
	}}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("state: %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db: db, path: path}
	if err := s.begin(); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// begin finds out whose file it is and makes the tables of a new one.
func (s *Store) begin() error {
	var id, found, tables int
	row := s.db.QueryRow("SELECT (SELECT * FROM pragma_application_id), (SELECT * FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)")
	if err := row.Scan(&id, &found, &tables); err != nil {
		return s.explain(err)
	}
	switch {
	case id == application && found == version:
		return s.change(func(tx *sql.Tx) error { // now, not with the first lease, a second process is told
			_, err := tx.Exec("UPDATE lease SET addr = addr WHERE false")
			return err
		})
	case id == application:
		return fmt.Errorf("state: %s is of version %d, this bootrig knows version %d: use the bootrig that wrote it, or another file", s.path, found, version)
	case id != 0 || tables > 0:
		return fmt.Errorf("state: %s is another program's database: name a file of our own, --state FILE", s.path)
	}
	return s.change(func(tx *sql.Tx) error {
		_, err := tx.Exec(fmt.Sprintf("%s PRAGMA application_id = %d; PRAGMA user_version = %d", schema, application, version))
		return err
	})
}

// Close ends it. All that Apply was told is there already.
func (s *Store) Close() error { return s.db.Close() }

// Leases are all that are known, in the order of their addresses.
func (s *Store) Leases() ([]lease.Lease, error) {
	rows, err := s.db.Query("SELECT addr, client_id, hw_type, mac, name, expires, relay, server_id FROM lease")
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var all []lease.Lease
	for rows.Next() {
		var l lease.Lease
		var addr, relay, serverID string
		var kind uint16
		var expires int64
		if err := rows.Scan(&addr, &l.ClientID, &kind, &l.MAC, &l.Name, &expires, &relay, &serverID); err != nil {
			return nil, s.explain(err)
		}
		l.HWType = iana.HWType(kind)
		if expires != 0 {
			l.Expires = time.Unix(expires, 0)
		}
		for _, field := range []struct {
			text string
			addr *netip.Addr
		}{{addr, &l.Addr}, {relay, &l.Relay}, {serverID, &l.ServerID}} {
			if field.text == "" {
				continue
			}
			if *field.addr, err = netip.ParseAddr(field.text); err != nil {
				return nil, fmt.Errorf("state: %s holds a lease that cannot be read: %w", s.path, err)
			}
		}
		all = append(all, l)
	}
	return all, s.explain(rows.Err())
}

// Apply makes changes, all or none. They are on the disk when it returns nil.
func (s *Store) Apply(changes []lease.Change) error {
	return s.change(func(tx *sql.Tx) error {
		for _, c := range changes {
			if err := apply(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func apply(tx *sql.Tx, c lease.Change) error {
	if c.Gone {
		_, err := tx.Exec("DELETE FROM lease WHERE addr = ?", c.Addr.String())
		return err
	}
	var expires int64
	if !c.Expires.IsZero() {
		expires = c.Expires.Unix()
	}
	_, err := tx.Exec("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		c.Addr.String(), c.ClientID, uint16(c.HWType), []byte(c.MAC), c.Name, expires, text(c.Relay), text(c.ServerID))
	return err
}

func text(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	return addr.String()
}

func (s *Store) change(do func(*sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return s.explain(err)
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback() // the first error says it
		return s.explain(err)
	}
	return s.explain(tx.Commit())
}

// explain says in an error what can be done about it.
func (s *Store) explain(err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return err
	}
	const primary = 0xff // the rest of a code is detail
	switch failed.Code() & primary {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("state: %s is in use by another bootrig: end that one, or name another file, --state FILE: %w", s.path, err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("state: %s is not a database: name a file of our own, --state FILE: %w", s.path, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("state: %s is damaged: move it away to begin anew; clients keep their addresses until they ask again: %w", s.path, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("state: no room for %s: %w", s.path, err)
	}
	return fmt.Errorf("state: %s: %w", s.path, err)
}
