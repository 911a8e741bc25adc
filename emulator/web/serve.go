package web

import (
	"bufio"
	"bytes"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// flight is how much of an answer waits in a connection: what more there is, its handler keeps.
const flight = 1 << 16

// Serve is m with HTTP: what comes to a TCP port for which listens says yes is answered by h. All happens inside of the
// machine's calls. A handler may ask for http.LocalAddrContextKey.
func Serve(m machine.Machine, listens func(port uint16) bool, h http.Handler) machine.Machine {
	return &host{Machine: m, listens: listens, handler: h, conns: map[pair]*session{}}
}

// A pair names a connection.
type pair struct{ local, remote netip.AddrPort }

type host struct {
	machine.Machine
	listens func(port uint16) bool
	handler http.Handler
	conns   map[pair]*session
	order   []pair // so that the same happens each time
	refused []machine.Datagram
	began   uint32
}

// Receive takes segments for the connections; the rest is the machine's.
func (h *host) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || !d.TCP {
		h.Machine.Receive(now, in)
		return
	}
	at := pair{d.Dst, d.Src}
	s := h.conns[at]
	if s == nil {
		h.accept(now, at, d)
		return
	}
	s.conn.Receive(now, d)
	h.serve(now, at, s)
}

// accept answers who wants a connection.
func (h *host) accept(now time.Time, at pair, d machine.Datagram) {
	if h.listens(d.Dst.Port()) {
		h.began += 64000 // RFC 9293, 3.4.1: numbers of connections are apart
		cfg := tcp.Config{Link: d.Link, Local: d.Dst, Remote: d.Src, Seq: h.began, Patience: tcp.Patience()}
		if conn, ok := tcp.Accept(now, cfg, d); ok {
			h.conns[at], h.order = &session{conn: conn}, append(h.order, at)
			return
		}
	}
	if answer, ok := tcp.Refuse(d); ok {
		h.refused = append(h.refused, answer)
	}
}

// serve goes on with a connection, and forgets it when it is over.
func (h *host) serve(now time.Time, at pair, s *session) {
	if s.serve(now, h.handler); s.over() {
		s.stop()
		delete(h.conns, at)
		h.order = slices.DeleteFunc(h.order, func(p pair) bool { return p == at })
	}
}

// Expire passes the time on.
func (h *host) Expire(now time.Time) {
	h.Machine.Expire(now)
	for _, at := range slices.Clone(h.order) {
		s := h.conns[at]
		s.conn.Expire(now)
		h.serve(now, at, s)
	}
}

// Next yields what is to be sent.
func (h *host) Next() (machine.Datagram, bool) {
	if d, ok := h.Machine.Next(); ok {
		return d, true
	}
	if len(h.refused) > 0 {
		d := h.refused[0]
		h.refused = h.refused[1:]
		return d, true
	}
	for _, at := range h.order {
		if d, ok := h.conns[at].conn.Next(); ok {
			return d, true
		}
	}
	return machine.Datagram{}, false
}

// Deadline is the earliest.
func (h *host) Deadline() (earliest time.Time, some bool) {
	earliest, some = h.Machine.Deadline()
	for _, at := range h.order {
		if t, ok := h.conns[at].conn.Deadline(); ok && (!some || t.Before(earliest)) {
			earliest, some = t, true
		}
	}
	return earliest, some
}

// Close ends what handlers are in the middle of.
func (h *host) Close() error {
	for _, at := range h.order {
		h.conns[at].stop()
	}
	h.conns, h.order = map[pair]*session{}, nil
	return nil
}

// readRequest reads a request whose header fields have all come. Boot clients send no bodies.
func readRequest(raw []byte) (r *http.Request, rest []byte, ok bool) {
	at := bytes.Index(raw, []byte("\r\n\r\n"))
	if at < 0 {
		return nil, raw, false
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw[:at+4])))
	if err != nil {
		return nil, nil, true
	}
	return r, raw[at+4:], true
}
