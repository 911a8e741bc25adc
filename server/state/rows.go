package state

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
)

// A row is a lease as it is written.
type row struct {
	addr, clientID string
	hwType         uint16
	mac, name      string
	expires        int64
	relay          string
	serverID       string
	since          int64
	class, agent   string
}

func rowOf(l lease.Lease) row {
	r := row{
		addr: text(l.Addr), clientID: string(l.ClientID), hwType: uint16(l.HWType), mac: string(l.MAC), name: l.Name,
		relay: text(l.Relay), serverID: text(l.ServerID), class: string(l.Class), agent: string(l.Agent),
	}
	if !l.Since.IsZero() {
		r.since = l.Since.Unix()
	}
	if !l.Expires.IsZero() {
		if r.expires = l.Expires.Unix(); l.Expires.Nanosecond() > 0 {
			r.expires++ // no lease ends early
		}
	}
	return r
}

func text(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	return addr.String()
}

func (r row) lease() (l lease.Lease, err error) {
	l = lease.Lease{HWType: iana.HWType(r.hwType), MAC: net.HardwareAddr(r.mac), Name: r.name}
	if r.clientID != "" {
		l.ClientID = []byte(r.clientID)
	}
	if r.expires != 0 {
		l.Expires = time.Unix(r.expires, 0)
	}
	if r.since != 0 {
		l.Since = time.Unix(r.since, 0)
	}
	if r.class != "" {
		l.Class = []byte(r.class)
	}
	if r.agent != "" {
		l.Agent = []byte(r.agent)
	}
	for _, field := range []struct {
		text string
		addr *netip.Addr
	}{{r.addr, &l.Addr}, {r.relay, &l.Relay}, {r.serverID, &l.ServerID}} {
		if field.text == "" {
			continue
		}
		if *field.addr, err = netip.ParseAddr(field.text); err != nil {
			return l, err
		}
	}
	return l, nil
}

// read reads all, and that it is whole.
func (f *file) read() (held content, err error) {
	if err := f.identify(); err != nil || f.version == 0 {
		return held, err
	}
	var found string
	if err := f.db.QueryRow("PRAGMA quick_check(1)").Scan(&found); err != nil {
		return held, explain(f.path, err)
	}
	if found != "ok" {
		return held, damage{f.path, errors.New(found)}
	}
	if held.leases, err = f.leases(); err == nil && f.version > 1 {
		held.mark, err = f.mark()
	}
	if err == nil && f.version > 3 {
		held.notes, err = f.notes()
	}
	return held, err
}

func (f *file) leases() (all []lease.Lease, err error) {
	more := "since, class, agent"
	if f.version < 3 {
		more = "0, '', ''"
	}
	rows, err := f.db.Query("SELECT addr, ifnull(client_id, ''), hw_type, mac, name, expires, relay, server_id, " + more + " FROM lease")
	if err != nil {
		return nil, unread(f.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.addr, &r.clientID, &r.hwType, &r.mac, &r.name, &r.expires, &r.relay, &r.serverID, &r.since, &r.class, &r.agent); err != nil {
			return nil, unread(f.path, err)
		}
		l, err := r.lease()
		if err != nil {
			return nil, unread(f.path, err)
		}
		all = append(all, l)
	}
	if err := rows.Err(); err != nil {
		return nil, unread(f.path, err)
	}
	return all, nil
}

func (f *file) mark() (m mark, err error) {
	var own, wall int64
	err = f.db.QueryRow("SELECT own, wall, boot, up FROM clock").Scan(&own, &wall, &m.boot, &m.up)
	if err != nil {
		return mark{}, unread(f.path, err)
	}
	m.own, m.wall = time.Unix(0, own), time.Unix(0, wall)
	return m, nil
}

// write makes changes, all or none, at the moment of the mark.
func (f *file) write(changes batch, m mark) error {
	tx, err := f.db.Begin()
	if err != nil {
		return explain(f.path, err)
	}
	if err := f.fill(tx, changes, m); err != nil {
		_ = tx.Rollback() // the first error says it
		return explain(f.path, err)
	}
	if err := tx.Commit(); err != nil {
		return explain(f.path, err)
	}
	f.version = version
	return nil
}

func (f *file) fill(tx *sql.Tx, changes batch, m mark) error {
	if f.version < version {
		for _, schema := range schemas[f.version:] {
			if _, err := tx.Exec(schema); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", application, version)); err != nil {
			return err
		}
	}
	rows := writer{tx: tx, prepared: map[string]*sql.Stmt{}}
	for _, c := range changes.leases {
		if err := rows.lease(c); err != nil {
			return err
		}
	}
	for _, n := range changes.notes {
		if err := rows.note(n); err != nil {
			return err
		}
	}
	_, err := tx.Exec("INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?, ?)", m.own.UnixNano(), m.wall.UnixNano(), m.boot, int64(m.up))
	return err
}

// A writer writes many rows in one transaction, and has a statement compiled once: that costs as much as a row does.
type writer struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt // they end with tx
}

func (w writer) exec(statement string, values ...any) error {
	stmt := w.prepared[statement]
	if stmt == nil {
		var err error
		if stmt, err = w.tx.Prepare(statement); err != nil {
			return err
		}
		w.prepared[statement] = stmt
	}
	_, err := stmt.Exec(values...)
	return err
}

func (w writer) lease(c lease.Change) error {
	if c.Gone {
		return w.exec("DELETE FROM lease WHERE addr = ?", c.Addr.String())
	}
	r := rowOf(c.Lease)
	var id any
	if r.clientID != "" {
		id = []byte(r.clientID)
	}
	return w.exec("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.addr, id, r.hwType, []byte(r.mac), r.name, r.expires, r.relay, r.serverID, r.since, []byte(r.class), []byte(r.agent))
}

func (w writer) note(n machines.Note) error {
	if n.Text == "" {
		return w.exec("DELETE FROM note WHERE kind = ? AND mac = ?", n.Kind, n.MAC)
	}
	return w.exec("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", n.Kind, n.MAC, n.Text)
}
