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
	users int
}

// A reader is one who reads a handle.
type reader struct {
	io.ReaderAt
	close func() error
}

// Close can be called twice, and takes nothing from the others.
func (r reader) Close() error { return r.close() }

// share takes over a file that was just opened, and gives it or the same one that is open already. Each
// user closes it.
func (h *handles) share(id fileID, f *os.File) body {
	h.mu.Lock()
	defer h.mu.Unlock()
	if open := h.open[id]; open != nil {
		_ = f.Close()
		return h.use(id, open)
	}
	if h.open == nil {
		h.open = map[fileID]*handle{}
	}
	h.open[id] = &handle{File: f}
	return h.use(id, h.open[id])
}

func (h *handles) use(id fileID, f *handle) body {
	f.users++
	return reader{f, sync.OnceValue(func() error { return h.release(id, f) })}
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
