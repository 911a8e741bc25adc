package content

import (
	"strings"
	"sync"
	"time"
)

// Hints find what a name that is not there may have been meant for: a file whose name differs in case, one without the
// directories at its front, since pxelinux puts those there that the name has already, or one in a directory at the top. A
// nil one finds nothing.
type Hints struct {
	mu     sync.Mutex
	since  time.Time
	looked int
}

// perSecond is how often directories are looked through: who asks for names at random does not keep the disk busy.
const perSecond = 50

// subdirectories is how many directories at the top are looked into.
const subdirectories = 32

// For is a file of a tree, "" if there is none.
func (h *Hints) For(now time.Time, t Tree, name string) string {
	lister, ok := t.(Lister)
	if !ok || !h.may(now) {
		return ""
	}
	own := strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/")
	for rest, more := own, true; more; _, rest, more = strings.Cut(rest, "/") {
		if like, ok := spelled(lister, rest); ok && like != own && has(t, like) {
			return like
		}
	}
	top, err := lister.List("")
	if err != nil {
		return ""
	}
	for _, e := range top[:min(len(top), subdirectories)] {
		if like := e.Name + "/" + own; e.IsDir && has(t, like) {
			return like
		}
	}
	return ""
}

// may tells whether it is time to look once more.
func (h *Hints) may(now time.Time) bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Sub(h.since) >= time.Second || now.Before(h.since) {
		h.since, h.looked = now, 0
	}
	h.looked++
	return h.looked <= perSecond
}

// has tells whether clients can have a file.
func has(t Tree, name string) bool {
	f, err := t.Open(name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}
