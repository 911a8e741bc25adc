package content

import (
	"io"
	"os"
	"sync"
)

// handles are the files that are open. A room that boots asks for one kernel a hundred times; it is open
// once.
type handles struct {
	mu   sync.Mutex
	open map[fileID]*handle
}

// A fileID tells files of the host apart, whatever their names.
type fileID struct{ device, inode uint64 }

type handle struct {
	*os.File
	users  int
	pieces *pieces
}

// A reader is one who reads a handle.
type reader struct {
	io.ReaderAt
	pieces *pieces
	close  func() error
}

// Close can be called twice, and takes nothing from the others.
func (r reader) Close() error { return r.close() }

// share takes over a file that was just opened, and gives it or the same one that is open already. Each
// user closes it. Who opens one that was written to since has no pieces of those who did before.
func (h *handles) share(id fileID, f *os.File, now state) reader {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := h.open[id]
	switch {
	case open != nil:
		_ = f.Close()
	case h.open == nil:
		h.open = map[fileID]*handle{}
		fallthrough
	default:
		open = &handle{File: f}
		h.open[id] = open
	}
	if open.pieces == nil || open.pieces.state != now {
		open.pieces = &pieces{state: now}
	}
	open.users++
	return reader{open, open.pieces, sync.OnceValue(func() error { return h.release(id, open) })}
}

func (h *handles) release(id fileID, f *handle) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.users--; f.users > 0 {
		return nil
	}
	delete(h.open, id)
	return f.Close()
}
