package emulator

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/machine"
)

// maxQueued is how many datagrams wait for a server that does not read; what comes then is lost, as in a kernel.
const maxQueued = 1024

// maxUDP is the largest payload of a UDP datagram in IPv4 (RFC 768, RFC 791).
const maxUDP = 65507

// A conn is a UDP port of a Host as a net.PacketConn.
type conn struct {
	host   *Host
	local  netip.AddrPort
	queue  chan machine.Datagram
	closed chan struct{}
	once   sync.Once
	failed atomic.Bool // a ReadFrom has told that it is closed
	read   deadline
	write  deadline
}

func newConn(h *Host, local netip.AddrPort) *conn {
	return &conn{
		host: h, local: local, queue: make(chan machine.Datagram, maxQueued), closed: make(chan struct{}),
		read: deadline{passed: make(chan struct{})}, write: deadline{passed: make(chan struct{})},
	}
}

// put keeps a datagram for ReadFrom.
func (c *conn) put(d machine.Datagram) {
	d.Payload = bytes.Clone(d.Payload)
	select {
	case c.queue <- d:
	default:
	}
}

// ReadFrom reads a datagram. What does not fit into p is lost.
func (c *conn) ReadFrom(p []byte) (int, net.Addr, error) {
	passed := c.read.wait()
	if err := c.broken("read", passed); err != nil {
		c.slow(err)
		return 0, nil, err
	}
	select {
	case d := <-c.queue:
		return copy(p, d.Payload), udpAddr(d.Src), nil
	case <-c.closed:
	case <-passed:
	}
	return 0, nil, c.broken("read", passed)
}

// slow makes a server wait that reads from a closed connection again and again, as pin/tftp does until its transfers
// are over. In virtual time they never would be: no clock moves while somebody runs.
func (c *conn) slow(err error) {
	if errors.Is(err, net.ErrClosed) && c.failed.Swap(true) {
		time.Sleep(time.Millisecond)
	}
}

// WriteTo sends a datagram; it never waits.
func (c *conn) WriteTo(p []byte, to net.Addr) (int, error) {
	if err := c.broken("write", c.write.wait()); err != nil {
		return 0, err
	}
	dst, err := addrPort(to)
	switch {
	case err != nil:
	case !dst.Addr().Is4() || dst.Addr().IsUnspecified():
		err = &net.AddrError{Err: "not an IPv4 address to send to", Addr: to.String()}
	case len(p) > maxUDP:
		err = errors.New("message too long")
	}
	if err != nil {
		return 0, c.opError("write", err)
	}
	c.host.send(machine.Datagram{Src: c.local, Dst: dst, Payload: p})
	return len(p), nil
}

// Close closes the port. A ReadFrom that waits ends.
func (c *conn) Close() error {
	if err := c.broken("close", nil); err != nil {
		return err
	}
	c.host.lab.Do(func(time.Time, *link.LAN) {
		if c.host.conns[c.local.Port()] == c {
			delete(c.host.conns, c.local.Port())
		}
	})
	c.end()
	return nil
}

func (c *conn) end() {
	c.once.Do(func() {
		close(c.closed)
		c.read.set(time.Time{}) // its timer goes
		c.write.set(time.Time{})
	})
}

// LocalAddr is the host's address with the port.
func (c *conn) LocalAddr() net.Addr { return udpAddr(c.local) }

// SetDeadline sets both.
func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline has ReadFrom fail from then on, also one that waits; the zero time never.
func (c *conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.read, t) }

// SetWriteDeadline has WriteTo fail from then on.
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.write, t) }

func (c *conn) setDeadline(d *deadline, t time.Time) error {
	if err := c.broken("set", nil); err != nil {
		return err
	}
	d.set(t)
	return nil
}

// broken says why an operation cannot be done.
func (c *conn) broken(op string, passed <-chan struct{}) error {
	select {
	case <-c.closed:
		return c.opError(op, net.ErrClosed)
	default:
	}
	select {
	case <-passed:
		return c.opError(op, os.ErrDeadlineExceeded)
	default:
		return nil
	}
}

func (c *conn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: "udp", Source: c.LocalAddr(), Err: err}
}

// A deadline is a moment that may be moved while others wait for it.
type deadline struct {
	mu     sync.Mutex
	timer  *time.Timer
	passed chan struct{} // closed once it has passed
}

// wait gives the channel that is closed when the deadline passes.
func (d *deadline) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.passed
}

// set moves it; the zero time is never.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.passed // its function has run, or is about to: it needs no lock
	}
	d.timer = nil
	select {
	case <-d.passed:
		d.passed = make(chan struct{})
	default:
	}
	if t.IsZero() {
		return
	}
	passed := d.passed
	if wait := time.Until(t); wait > 0 {
		d.timer = time.AfterFunc(wait, func() { close(passed) })
	} else {
		close(passed)
	}
}
