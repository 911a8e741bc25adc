package tftpd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// Serve answers the requests that arrive at conn by one of the links (by all, when there are none). It
// returns nil when ctx ends, and closes conn. Answers come from the address that the client asked:
// clients drop those from any other.
func Serve(ctx context.Context, cfg Config, conn *net.UDPConn, links ...Link) error {
	e, err := New(cfg, links...)
	if err != nil {
		conn.Close()
		return err
	}
	if err := e.enter(conn); err != nil {
		_ = e.Close()
		return err
	}
	return e.Run(ctx)
}

// A Server is a Machine, its few sockets and its one timer. Whoever has something for the Machine holds the lock, but not
// while it reads or sends, which is what takes time.
type Server struct {
	lanes []*lane // the first has the sockets that requests come to, the others those that transfers speak by

	mu       sync.Mutex
	cfg      Config
	doors    map[netip.Addr]*socket // what requests come to, by our addresses; the one of 0.0.0.0 is for all
	sockets  map[uint16]*socket     // of transfers, by their ports
	m        *Machine
	troubled []*socket
	alarm    *time.Timer
	alarmAt  time.Time // zero: it is not set
	closed   bool
}

// New makes a Server for requests that arrive by one of the links (by all, when there are none), and opens the
// sockets of the transfers. Those that requests come to are for Move, or Serve.
func New(cfg Config, links ...Link) (*Server, error) {
	e := &Server{cfg: cfg.filled().on(links), alarm: time.NewTimer(time.Hour), doors: map[netip.Addr]*socket{}, sockets: map[uint16]*socket{}}
	ports, err := e.open()
	if err != nil {
		e.close()
		return nil, err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never fails
	e.m = newMachine(e.cfg, ports, secret, e.came)
	return e, nil
}

// open makes the lanes, and the sockets of the transfers for the first time.
func (e *Server) open() (ports []uint16, err error) {
	for range 1 + min(runtime.GOMAXPROCS(0), mostLanes) {
		l, err := newLane()
		if err != nil {
			return nil, fmt.Errorf("tftp: %w", err)
		}
		e.lanes = append(e.lanes, l)
	}
	return e.openPorts(e.cfg)
}

// Run answers until ctx ends, and then returns nil; after Finish also when nobody is left to answer.
func (e *Server) Run(ctx context.Context) error {
	group, inner := errgroup.WithContext(ctx)
	for _, l := range e.lanes {
		group.Go(func() error { return e.poll(inner, l.poller) })
	}
	group.Go(func() error { return e.watch(inner) })
	stop := context.AfterFunc(inner, func() { _ = e.Close() })
	err := group.Wait()
	stop()
	_ = e.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.m.stop(time.Now(), "the server stops")
	if ctx.Err() != nil || e.m.finishing {
		return nil // it was meant that the sockets were closed
	}
	return err
}

// Close gives all sockets back. Run has done so when it returns.
func (e *Server) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.close()
	return nil
}

// close is Close with the lock held.
func (e *Server) close() {
	e.closed = true
	for _, s := range e.doors {
		s.conn.Close()
	}
	for _, s := range e.sockets {
		s.conn.Close()
	}
	for _, l := range e.lanes {
		l.poller.Close()
	}
}

// take hands n datagrams to the Machine, sends the answers, and tells how many clients there are.
func (e *Server) take(in *inbox, n int, troubled bool) (clients int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if troubled {
		e.trouble(in.socket)
	}
	now := time.Now()
	for i := range n {
		if d, ok := in.datagram(i); ok && !e.m.give(now, d) {
			e.request(now, d)
			e.flush(now)
			now = time.Now() // others had the lock
		}
	}
	e.flush(now)
	return len(e.m.table.clients)
}

// request opens the file of a request without the lock: a slow disk does not hold up the others.
func (e *Server) request(now time.Time, d machine.Datagram) {
	a, ok := e.m.admissible(now, d)
	if !ok {
		return
	}
	e.mu.Unlock()
	t := NewTransfer(now, e.m.cfg, a)
	e.mu.Lock()
	e.m.begin(now, t)
}

// watch waits for the Machine's deadlines.
func (e *Server) watch(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-e.alarm.C:
			e.mu.Lock()
			e.alarmAt = time.Time{}
			e.m.Expire(now)
			e.flush(now)
			e.retire()
			e.mu.Unlock()
		}
	}
}

// few is how many clients there are at most of whom each is waited for. Of more there is always one who has asked while
// another was answered, and processors have better to do than to wait or to work ahead.
const few = 16

// flush sends what there is to say, and sets the alarm.
func (e *Server) flush(now time.Time) {
	for again := true; again; {
		for e.gather() {
			e.send()
		}
		again = e.troubles(now)
	}
	if len(e.m.table.clients) <= few {
		e.m.prepare()
	}
	if e.m.finished() && !e.sends() {
		e.close()
	}
	if at, some := e.m.Deadline(); some && (e.alarmAt.IsZero() || at.Before(e.alarmAt)) {
		e.alarmAt = at
		e.alarm.Reset(time.Until(at))
	}
}

// from is the socket to speak from an address and port by; nil: it was closed.
func (e *Server) from(local netip.AddrPort) *socket {
	if local.Port() != Port {
		return e.sockets[local.Port()]
	}
	if s := e.doors[local.Addr()]; s != nil {
		return s
	}
	return e.doors[netip.IPv4Unspecified()]
}

// echoed notes the same as trouble, for who sends.
func (e *Server) echoed(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trouble(s)
}

// trouble notes that a socket has an ICMP error to tell.
func (e *Server) trouble(s *socket) {
	if !s.troubled {
		s.troubled = true
		e.troubled = append(e.troubled, s)
	}
}

// troubles reads the ICMP errors, and reports whether a transfer has ended by one.
func (e *Server) troubles(now time.Time) (some bool) {
	for _, s := range e.troubled {
		s.troubled = false
		for _, u := range s.unreachable() {
			some = e.m.unreachable(now, s.port, u) || some
		}
	}
	e.troubled = e.troubled[:0]
	return some
}

// failed records the first failure to send to a client; the transfer's own timer tries again.
func (e *Server) failed(client netip.AddrPort, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.m.table.clients[client]; r != nil && !r.failed && !errors.Is(err, net.ErrClosed) {
		r.failed = true
		r.record(event.Event{Kind: event.Fault, Text: "tftp: " + err.Error()})
	}
}

// came finds the link of a datagram by the interface it arrived at.
func (e *Server) came(d machine.Datagram) (Link, bool) {
	links := e.cfg.Links()
	on, ours := chosen(links, d.Link, d.Dst.Addr())
	if other, is := foreign(links, d.Link, d.Src.Addr()); ours && is && d.Link != loopback {
		return Link{Name: fmt.Sprintf("interface %d from the network of %s", d.Link, other.Name), Rule: on.Rule}, false
	}
	if !ours {
		on.Name = fmt.Sprintf("interface %d", d.Link)
		return on, false
	}
	if s := e.from(d.Dst); on.MTU == 0 && s != nil {
		on.MTU = mtu(s.conn, d.Link)
	}
	on.routed = d.Link == loopback || !on.Net.Contains(d.Src.Addr())
	return on, true
}
