package web

import (
	"context"
	"iter"
	"net"
	"net/http"
	"time"

	"github.com/bootrig/bootrig/emulator/tcp"
)

// A session is a connection of a server: requests, one after the other, and their answers.
type session struct {
	conn   *tcp.Conn
	raw    []byte
	answer *answer               // nil: none is under way
	resume func() ([]byte, bool) // its next piece
	cancel func()
	last   bool // nothing more is answered
}

// serve reads requests and writes answers, as much as the connection takes.
func (s *session) serve(now time.Time, h http.Handler) {
	s.raw = append(s.raw, s.conn.Read()...)
	for !s.last && s.conn.End() <= tcp.Closed && (s.answer != nil || s.begin(h)) {
		if s.conn.Queued() >= flight {
			return
		}
		if p, more := s.resume(); more {
			s.conn.Write(now, p)
			continue
		}
		s.last, s.answer = s.answer.close, nil
	}
	if s.answer == nil && (s.last || s.conn.End() == tcp.Closed) {
		s.last = true
		s.conn.Finish(now)
	}
}

// over tells whether nothing is left to do.
func (s *session) over() bool {
	return s.conn.End() > tcp.Closed || s.conn.End() == tcp.Closed && s.last && s.conn.Done()
}

// stop ends a handler in the middle of an answer.
func (s *session) stop() {
	if s.cancel != nil {
		s.cancel()
	}
}

// begin starts to answer the next request; false: none has come.
func (s *session) begin(h http.Handler) bool {
	r, rest, ok := readRequest(s.raw)
	if !ok {
		return false
	}
	s.raw = rest
	if r == nil {
		r, h = &http.Request{Method: http.MethodGet, Close: true}, http.HandlerFunc(bad)
	}
	cfg := s.conn.Config()
	r.RemoteAddr = cfg.Remote.String()
	local := net.TCPAddrFromAddrPort(cfg.Local)
	s.answer = &answer{header: http.Header{}, head: r.Method == http.MethodHead, close: r.Close}
	s.resume, s.cancel = iter.Pull(s.answer.pieces(h, r.WithContext(context.WithValue(context.Background(), http.LocalAddrContextKey, local))))
	return true
}

func bad(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "this is no request of HTTP", http.StatusBadRequest)
}
