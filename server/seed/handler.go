package seed

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// A Handler serves the files over HTTP, below Path:
//
//	/seed/ks.cfg                      of whoever asks, told by the address it asks from
//	/seed/52-54-00-12-34-56/ks.cfg    of that machine
//	/seed/52-54-00-12-34-56/done      its installer has finished
type Handler struct {
	Seed *Seed
	At   At
	// Known fills in what is known of a machine: of mac, or of who has addr where that is nil. nil: nothing is.
	Known func(mac net.HardwareAddr, addr netip.Addr) Machine
	// Done is told of each machine that says that it has finished, once for each time it does. nil: nobody is.
	Done func(Done)
	// Wrong is told why a file could not be made. nil: nobody is.
	Wrong func(Machine, error)
}

// Done is an installer that says that it has finished. Whoever reaches the server can say so.
type Done struct {
	Machine Machine
	From    netip.Addr
	Query   string // what stood behind the question mark
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	m, from, name, ok := h.who(rest, r.RemoteAddr)
	switch {
	case !ok:
		http.NotFound(w, r)
	case name == done:
		h.done(w, r, m, from)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "answer files are read with GET", http.StatusMethodNotAllowed)
	default:
		h.file(w, r, m, name)
	}
}

// who is the machine of a request, and the name it asks for.
func (h *Handler) who(rest, remote string) (m Machine, from netip.Addr, name string, ok bool) {
	if peer, err := netip.ParseAddrPort(remote); err == nil {
		from = peer.Addr().Unmap()
	}
	var mac net.HardwareAddr
	word, name, said := strings.Cut(rest, "/")
	if !said {
		name = word
	} else if mac, ok = parseMAC(word); !ok {
		return m, from, "", false
	}
	if name == "" || strings.Contains(name, "/") {
		return m, from, "", false
	}
	if h.Known != nil {
		m = h.Known(mac, from)
	}
	if mac != nil {
		m.MAC = mac
	}
	if !m.IP.IsValid() {
		m.IP = from
	}
	return m, from, name, true
}

// done takes any method: installers have curl, wget, or what posts a report.
func (h *Handler) done(w http.ResponseWriter, r *http.Request, m Machine, from netip.Addr) {
	if h.Done != nil {
		h.Done(Done{Machine: m, From: from, Query: r.URL.RawQuery})
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) file(w http.ResponseWriter, r *http.Request, m Machine, name string) {
	data, _, err := h.Seed.File(name, m, h.At)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
		return
	case err != nil:
		if h.Wrong != nil {
			h.Wrong(m, err)
		}
		http.Error(w, "this answer file could not be made: the server's log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store") // each machine's are its own
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
