package state

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/bootrig/bootrig/server/lease"
)

// A Store keeps the leases, and notes of machines, in one file, as well as its disk allows. It is for one process at a time; several goroutines
// may use it.
type Store struct {
	path  string
	tell  func(text string)
	host  host
	since mark // where its clock began: Open knows it

	mu    sync.Mutex
	file  *file
	all   map[netip.Addr]lease.Lease // what belongs into the file
	notes map[place]string           // the same
	read  bool                       // what a file held of notes is known
	aside int                        // damaged files that were moved
}

// Open opens a file or begins it, its directory too. What it finds that is no reason to serve nobody, it tells: a
// damaged file is moved aside, and another begun. A file that cannot be used now is tried again by each Apply, whose
// error says why it cannot. Only for one that must not be used Open has an error: another bootrig's, or another
// program's.
func Open(path string, tell func(text string)) (*Store, error) { return openOn(thisHost(), path, tell) }

func openOn(h host, path string, tell func(text string)) (*Store, error) {
	s := &Store{path: path, tell: tell, host: h, all: map[netip.Addr]lease.Lease{}, notes: map[place]string{}}
	err := s.begin(batch{})
	if errors.As(err, new(notOurs)) {
		return nil, err
	}
	if s.since == (mark{}) { // it was not read
		var held content
		if regular(path) {
			if held, err = peek(path); err == nil { // else nothing is known
				s.learnNotes(held.notes, nil)
			}
		}
		s.learnLeases(held, nil)
	}
	return s, nil
}

// Leases are all that are known, in the order of their addresses.
func (s *Store) Leases() []lease.Lease {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.all), func(a, b lease.Lease) int { return a.Addr.Compare(b.Addr) })
}

// Now is the time by which leases end. It goes on as time does, also while the host is suspended, whatever its wall
// clock says, and from one process to the next.
func (s *Store) Now() time.Time { return s.since.own.Add(s.host.up() - s.since.up) }

// Close ends it. All that Apply was told is there already.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	return s.file.close()
}

// Apply makes changes, all or none. They are on the disk when it returns nil. Else they are to be told again: with
// none of them it looks whether the file can be used.
func (s *Store) Apply(changes []lease.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		if delete(s.all, c.Addr); !c.Gone {
			s.all[c.Addr] = c.Lease
		}
	}
	return s.apply(batch{leases: changes})
}

// apply writes changes that are known already.
func (s *Store) apply(changes batch) error {
	if s.file != nil && !s.file.there() {
		s.tell(fmt.Sprintf("state: %s was deleted or replaced: all is written there anew", s.path))
		s.file.forsake()
		s.file = nil
	}
	if s.file == nil {
		return s.begin(changes)
	}
	if changes.empty() {
		return nil
	}
	err := s.file.write(changes, s.host.mark(s.Now()))
	if err != nil {
		_ = s.file.close() // that it has a fault is known
		s.file = nil       // after a failed write nothing is known of it but by reading it again
	}
	if damaged(err) {
		return s.begin(changes)
	}
	return err
}

// begin opens the file and brings it up to date.
func (s *Store) begin(changes batch) error {
	f, held, err := s.load()
	if err != nil {
		return err
	}
	s.learnLeases(held, changes.leases)
	s.learnNotes(held.notes, changes.notes)
	missing := batch{s.missing(held), s.missingNotes(held.notes)}
	if err := f.begin(missing, s.host.mark(s.Now())); err != nil {
		_ = f.close() // the first error says it
		return err
	}
	s.file = f
	return nil
}

// learnLeases takes over what only the file knows: it may be that it could not be read before. What is just told, and the
// time once it has begun, is known better.
func (s *Store) learnLeases(held content, changes []lease.Change) {
	if s.since == (mark{}) {
		s.since = s.host.mark(held.now(s.host))
	}
	told := map[netip.Addr]bool{}
	for _, c := range changes {
		told[c.Addr] = true
	}
	late := s.Now().Sub(held.now(s.host)).Round(time.Second)
	for _, l := range held.leases {
		if _, known := s.all[l.Addr]; known || told[l.Addr] {
			continue
		}
		if !l.Expires.IsZero() {
			l.Expires = l.Expires.Add(late)
		}
		if !l.Since.IsZero() {
			l.Since = l.Since.Add(late)
		}
		s.all[l.Addr] = l
	}
}

// missing are the leases that a file lacks, and those that it has too many.
func (s *Store) missing(held content) (missing []lease.Change) {
	there := map[netip.Addr]row{}
	for _, l := range held.leases {
		there[l.Addr] = rowOf(l)
		if _, known := s.all[l.Addr]; !known {
			missing = append(missing, lease.Change{Lease: l, Gone: true})
		}
	}
	for addr, l := range s.all {
		if there[addr] != rowOf(l) {
			missing = append(missing, lease.Change{Lease: l})
		}
	}
	return missing
}

// maxAside is how many damaged files are moved aside by one process: a disk that damages them all is not filled.
const maxAside = 3

// load opens the file and reads it. One that is damaged is moved aside, and a new one begun.
func (s *Store) load() (*file, content, error) {
	f, held, err := openFile(s.path)
	switch {
	case !damaged(err):
		return f, held, err
	case s.aside >= maxAside, !perhapsOurs(s.path):
		return nil, content{}, fmt.Errorf("%w: name a file of our own, --state FILE, or move it away", err)
	}
	to, failed := moveAside(s.path, s.host.wall())
	if failed != nil {
		return nil, content{}, fmt.Errorf("%w; and it cannot be moved aside: %w", err, failed)
	}
	s.aside++
	s.tell(fmt.Sprintf("%v; it is kept as %s, and a new one is begun", err, to))
	return openFile(s.path)
}
