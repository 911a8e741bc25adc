package state

import (
	"cmp"
	"slices"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
)

// A batch is changes that are made together, all or none.
type batch struct {
	leases []lease.Change
	notes  []machines.Note
}

func (b batch) empty() bool { return len(b.leases) == 0 && len(b.notes) == 0 }

// A place is where a note belongs.
type place struct {
	kind machines.Kind
	mac  string
}

func placeOf(n machines.Note) place { return place{n.Kind, n.MAC} }

// Notes are all that are known.
func (s *Store) Notes() []machines.Note {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []machines.Note
	for at, text := range s.notes {
		all = append(all, machines.Note{Kind: at.kind, MAC: at.mac, Text: text})
	}
	slices.SortFunc(all, func(a, b machines.Note) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.MAC, b.MAC)) })
	return all
}

// Keep keeps notes of machines, all or none. They are on the disk when it returns nil. Else nothing of them is left:
// who still wants them kept tells them again.
func (s *Store) Keep(notes []machines.Note) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var before []machines.Note
	for _, n := range notes {
		before = append(before, machines.Note{Kind: n.Kind, MAC: n.MAC, Text: s.notes[placeOf(n)]})
		s.note(n)
	}
	err := s.apply(batch{notes: notes})
	if err != nil {
		for _, n := range before {
			s.note(n)
		}
	}
	return err
}

// note knows a note.
func (s *Store) note(n machines.Note) {
	if s.notes[placeOf(n)] = n.Text; n.Text == "" {
		delete(s.notes, placeOf(n))
	}
}

// learnNotes takes over what a file holds, once: who has read it knows better from then on what belongs there. A mark
// that is over must not come back with a file of before.
func (s *Store) learnNotes(held, told []machines.Note) {
	if s.read {
		return
	}
	s.read = true
	for _, n := range held {
		about := func(t machines.Note) bool { return placeOf(t) == placeOf(n) }
		if _, known := s.notes[placeOf(n)]; !known && !slices.ContainsFunc(told, about) {
			s.note(n)
		}
	}
}

// missingNotes are the notes that a file lacks, and those that it has too many.
func (s *Store) missingNotes(held []machines.Note) (missing []machines.Note) {
	there := map[place]string{}
	for _, n := range held {
		there[placeOf(n)] = n.Text
		if _, known := s.notes[placeOf(n)]; !known {
			missing = append(missing, machines.Note{Kind: n.Kind, MAC: n.MAC})
		}
	}
	for at, text := range s.notes {
		if there[at] != text {
			missing = append(missing, machines.Note{Kind: at.kind, MAC: at.mac, Text: text})
		}
	}
	return missing
}

func (f *file) notes() (all []machines.Note, err error) {
	rows, err := f.db.Query("SELECT kind, mac, text FROM note")
	if err != nil {
		return nil, unread(f.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var n machines.Note
		if err := rows.Scan(&n.Kind, &n.MAC, &n.Text); err != nil {
			return nil, unread(f.path, err)
		}
		all = append(all, n)
	}
	if err := rows.Err(); err != nil {
		return nil, unread(f.path, err)
	}
	return all, nil
}
