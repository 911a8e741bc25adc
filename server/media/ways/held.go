package ways

import (
	"io/fs"
	"sync"
)

// A hold closes something when it is wanted no more and nobody reads any of it: a transfer that has begun goes on
// when the media are others.
type hold struct {
	close func() error

	mu      sync.Mutex
	readers int
	over    bool
}

// enter is for who reads.
func (h *hold) enter() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return fs.ErrClosed
	}
	h.readers++
	return nil
}

// leave is for who has entered.
func (h *hold) leave() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readers--
	if h.over && h.readers == 0 {
		return h.close()
	}
	return nil
}

// end lets nobody in any more, and closes it as soon as nobody is inside.
func (h *hold) end() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return nil
	}
	h.over = true
	if h.readers > 0 {
		return nil
	}
	return h.close()
}
