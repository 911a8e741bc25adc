package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/server/state"
	"github.com/bootrig/bootrig/wire/event"
)

// A memory is the file of what is to be known when the server has ended.
type memory struct {
	mu    sync.Mutex   // held by nobody who waits for a disk
	store *state.Store // nil: there is none
	why   error        // there is none
}

// open opens the file, if it is not open.
func (m *memory) open(path string, tell func(text string)) (opened bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.store == nil {
		m.store, m.why = state.Open(path, tell)
		opened = m.store != nil
	}
	return opened, m.why
}

// leave says why nothing is kept.
func (m *memory) leave(why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.why = why
}

func (m *memory) file() (*state.Store, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.store, m.why
}

// Keep is a machines.Book's.
func (m *memory) Keep(notes []machines.Note) error {
	store, why := m.file()
	if store == nil {
		return why
	}
	return store.Keep(notes)
}

// check says why nothing can be kept.
func (m *memory) check() error {
	store, why := m.file()
	if store == nil {
		return why
	}
	return store.Apply(nil)
}

func (m *memory) Close() error {
	store, _ := m.file()
	if store == nil {
		return nil
	}
	return store.Close()
}

// openMemory opens the file, and has the Book know what is in it. A server that gives no addresses does without.
func (s *serving) openMemory() error {
	if s.DryRun {
		s.memory.leave(errors.New("a dry run keeps nothing"))
		return nil
	}
	fault := func(text string) { s.log.say(event.Fault, "", text) }
	opened, err := s.memory.open(s.State, fault)
	if !opened {
		return err
	}
	store, _ := s.memory.file()
	for _, err := range s.machines.Load(store.Notes()) {
		fault(fmt.Sprintf("%s: %v", s.State, err))
	}
	return nil
}

// remember keeps what is learned of machines, until ctx ends.
func (s *serving) remember(ctx context.Context) {
	if s.DryRun {
		return
	}
	const often = 5 * time.Second
	told := ""
	for tick := time.NewTicker(often); ; {
		select {
		case <-ctx.Done():
			return
		case <-s.machines.Hurry():
		case <-tick.C:
		}
		err := s.memory.check()
		if err == nil {
			err = s.machines.Save()
		}
		told = s.tellMemory(told, err)
	}
}

// tellMemory tells once that machines and marks cannot be kept, and why, and that they can be again. Where leases are
// kept in the same file, who keeps them tells it.
func (s *serving) tellMemory(told string, err error) string {
	s.mu.Lock()
	gives := s.gives
	s.mu.Unlock()
	switch {
	case err == nil && told != "" && !gives:
		s.log.say(event.Change, "", "machines and marks are kept again")
	case err != nil && err.Error() != told && !gives:
		s.log.say(event.Fault, "", "machines are remembered in memory only, and marks are refused: "+err.Error())
	}
	if err == nil {
		return ""
	}
	return err.Error()
}
