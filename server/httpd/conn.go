package httpd

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// stall is how long a client may take nothing at all of what it is sent. A limit for the whole would cut
// off an installer that reads an ISO over a slow link.
const stall = time.Minute

// A conn is one client's connection: it has a place in the gate, and gives up on a client that takes
// nothing.
type conn struct {
	net.Conn
	gate   *gate
	client netip.Addr

	doing atomic.Int32
	moved atomic.Pointer[time.Time] // when the client last did something for its place
	stuck atomic.Bool               // it takes nothing
	left  atomic.Bool
	line  line
}

// What a conn is doing.
const (
	waiting   int32 = iota // for a request; what is written now is net/http's own refusal
	answering              // a handler has the request
	answered               // the rest of the answer goes out, a body that nobody wants may come in
)

// Write sends all of b.
func (c *conn) Write(b []byte) (int, error) {
	if c.doing.Load() == waiting {
		c.gate.refused(c, b)
	}
	sent, err := c.send(int64(len(b)), func(sent int64) (int64, error) {
		n, err := c.Conn.Write(b[sent:])
		return int64(n), err
	})
	return int(sent), err
}

// ReadFrom sends all of r, and a file of the host without copying it.
func (c *conn) ReadFrom(r io.Reader) (int64, error) {
	limited, some := r.(*io.LimitedReader)
	if !some {
		return io.Copy(struct{ io.Writer }{c}, r)
	}
	b, whole := limited.R.(*body)
	give := sendfile(c.Conn, b)
	if !whole || give == nil {
		return io.Copy(struct{ io.Writer }{c}, r)
	}
	from := b.at()
	sent, err := c.send(limited.N, func(sent int64) (int64, error) { return give(from+sent, limited.N-sent) })
	limited.N -= sent
	return sent, err
}

// send has a piece after the other sent until all of size is. As long as any of it moves within the time, the client is
// alive.
func (c *conn) send(size int64, piece func(sent int64) (int64, error)) (sent int64, err error) {
	for begun := time.Now(); sent < size; {
		if err := c.SetWriteDeadline(time.Now().Add(c.gate.Stall / looks)); err != nil {
			return sent, err
		}
		n, err := piece(sent)
		if n > 0 {
			c.moves()
			begun = time.Now()
		}
		sent += n
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return sent, err // the file's fault, or there is no connection: what has been sent is still to arrive
		}
		if err != nil && time.Since(begun) >= c.gate.Stall {
			c.stuck.Store(true)
			return sent, err
		}
	}
	c.stuck.Store(false)
	return sent, nil
}

// looks is how often within its patience send looks whether anything moves.
const looks = 4

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.doing.Load() == waiting {
		c.line.add(b[:n])
	}
	return n, err
}

func (c *conn) moves() {
	now := time.Now()
	c.moved.Store(&now)
}

// neglected is for how long the client has done nothing: it has not asked, or it takes nothing.
func (c *conn) neglected(now time.Time) time.Duration { return now.Sub(*c.moved.Load()) }

// Close also leaves the gate. What a client did not take is not kept for it: the kernel would, for long.
func (c *conn) Close() error {
	if c.left.CompareAndSwap(false, true) {
		c.gate.leave(c)
		if tcp, ok := c.Conn.(*net.TCPConn); ok && c.stuck.Load() {
			_ = tcp.SetLinger(0)
		}
	}
	return c.Conn.Close()
}

// A line is how a request begins, for the log.
type line struct {
	text strings.Builder
	ends bool
}

const maxLine = 200

func (l *line) add(b []byte) {
	text, _, ends := strings.Cut(string(b[:min(len(b), maxLine)]), "\n")
	if !l.ends && l.text.Len() < maxLine {
		l.text.WriteString(strings.TrimSuffix(text, "\r"))
		l.ends = ends
	}
}

func (l *line) reset() { *l = line{} }
