package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/wire/machine"
)

// Serve answers the requests that arrive at conn by one of the links (by all, when there are none). It
// returns nil when ctx ends, and closes conn. Each transfer has a socket of its own, bound to the
// address that the client asked: clients drop answers from any other.
func Serve(ctx context.Context, cfg Config, conn *net.UDPConn, links ...Link) error {
	ctx, cancel := context.WithCancelCause(ctx)
	cfg = cfg.filled()
	if cfg.SinglePort {
		return serveOne(ctx, cancel, cfg, conn, links)
	}
	s := &listener{cfg: cfg, links: links, conn: conn, sessions: map[client]*session{},
		slots: make(chan struct{}, cfg.MaxTransfers), ports: newPorts(cfg)}
	// conn may be bound to one address, or to all; only the control message tells where a datagram went.
	p := ipv4.NewPacketConn(conn)
	err := p.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true)
	if err != nil {
		err = fmt.Errorf("tftp on %s: %w", conn.LocalAddr(), err)
	} else {
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		err = s.listen(ctx, p)
		if !stop() {
			err = nil // it was ctx that closed the socket
		}
	}
	conn.Close()
	cancel(errStopping)
	s.running.Wait()
	return err
}

// A listener takes what comes to port 69 and starts a session for each request.
type listener struct {
	cfg     Config
	links   []Link
	conn    *net.UDPConn
	running sync.WaitGroup
	slots   chan struct{} // one for each transfer, and one for the request to come
	ports   *ports
	xfers   uint64

	mu       sync.Mutex
	sessions map[client]*session
}

func (s *listener) listen(ctx context.Context, p *ipv4.PacketConn) error {
	buf := make([]byte, 2048) // an RRQ has 512 bytes at most, RFC 2347
	for free := false; ; {
		// While there is no room for another transfer requests wait unread, as dnsmasq has it (dnsmasq.c,
		// set_tftp_listeners).
		if free = free || s.slot(ctx); !free {
			return nil
		}
		n, cm, src, err := p.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("tftp: the socket was closed: %w", err)
		}
		from, ok := src.(*net.UDPAddr)
		if err != nil || !ok || cm == nil {
			continue
		}
		peer := from.AddrPort()
		dst, _ := netip.AddrFromSlice(cm.Dst)
		free = !s.request(ctx, cm.IfIndex, machine.Datagram{Link: cm.IfIndex,
			Src: netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port()),
			Dst: netip.AddrPortFrom(dst.Unmap(), Port), Payload: buf[:n]})
	}
}

// slot waits for room for one transfer, until ctx ends.
func (s *listener) slot(ctx context.Context) bool {
	select {
	case s.slots <- struct{}{}:
		return true
	default:
		s.cfg.full(time.Now())
	}
	select {
	case s.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// request reports whether it started a transfer, which will free its slot.
func (s *listener) request(ctx context.Context, index int, d machine.Datagram) bool {
	now := time.Now()
	link, ours := chosen(s.links, index, d.Dst.Addr())
	if !ours || !unicast(d.Dst.Addr()) {
		s.cfg.elsewhere(now, d, link, fmt.Sprintf("interface %d", index))
		return false
	}
	key := client{d.Link, d.Src}
	s.mu.Lock()
	old := s.sessions[key]
	s.mu.Unlock()
	if old != nil && old.repeated(now, d.Payload) || !s.cfg.deserves(now, d) {
		return false
	}
	if old != nil {
		old.cancel(errAskedAnew)
	}
	s.xfers++
	s.start(ctx, key, newSession(d, link, s.ports, s.xfers))
	return true
}

var (
	errAskedAnew = errors.New("the client asked for another file")
	errStopping  = errors.New("the server stops")
)

func (s *listener) start(ctx context.Context, key client, next *session) {
	ctx, next.cancel = context.WithCancelCause(ctx)
	s.mu.Lock()
	s.sessions[key] = next
	s.mu.Unlock()
	s.running.Go(func() {
		defer next.cancel(nil)
		next.run(ctx, s.cfg)
		<-s.slots
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.sessions[key] == next {
			delete(s.sessions, key)
		}
	})
}
