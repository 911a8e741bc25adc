package dhcpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// together is how many datagrams a socket gives at once at most, which are decided before the leases among them are stored.
// While a disk takes its time others wait in the socket, and the next time it takes more leases at once.
const together = 256

// Serve answers until ctx ends, and closes the sockets. Each socket has a goroutine that reads, decides, stores and
// sends, one at a time: there is one table of leases, and a packet that was handed to another goroutine would cost
// more than its answer does. cfg.Links must be those of Listen.
func (l *Listener) Serve(ctx context.Context, cfg Config) error {
	group, ctx := errgroup.WithContext(ctx)
	s := &service{Listener: l, group: group, machine: NewMachine(cfg), events: cfg.Events, timer: time.NewTimer(time.Hour)}
	if s.events == nil {
		s.events = event.Discard
	}
	s.do(func(time.Time) { s.use(cfg, l.sockets) })
	group.Go(func() error { s.attend(ctx); return nil })
	return group.Wait()
}

// A service is a Listener and the Machine it drives.
type service struct {
	*Listener
	group  *errgroup.Group
	events event.Recorder
	timer  *time.Timer

	mu      sync.Mutex // guards what follows
	machine *Machine
	used    sockets
	links   []dhcp.Link // of the Machine, the uplinks too
	silent  bool
	armed   time.Time // when timer is due
	jams    jams
}

// do lets somebody at the Machine, and sends what it has to say then.
func (s *service) do(with func(now time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	with(time.Now())
	s.send()
	if at, waits := s.machine.Deadline(); waits && at != s.armed {
		s.timer.Reset(time.Until(at))
		s.armed = at
	}
}

// use goes on with other sockets, and closes those that are no longer wanted.
func (s *service) use(cfg Config, next sockets) {
	for at, r := range next.receivers {
		if s.used.receivers[at] != r {
			s.group.Go(func() error { s.receive(r); return nil })
		}
	}
	if p := next.pinger; p != nil && p != s.used.pinger {
		s.group.Go(func() error { s.listenForEchoes(p); return nil })
	}
	s.used.closeBut(next)
	s.used, s.links, s.silent = next, slices.Concat(cfg.Links, cfg.Uplinks), cfg.Silent
}

// closed tells whether a socket was closed under its reader, as ctx's end does.
func closed(err error) bool { return errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrClosed) }

// gone tells whether an interface is down or not there any more.
func gone(err error) bool {
	return errors.Is(err, syscall.ENETDOWN) || errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ENXIO)
}

func (s *service) receive(r *receiver) {
	for {
		all, err := r.Receive()
		if err != nil {
			s.failed(fmt.Sprintf("UDP port %d", r.port), err)
			r.broken.Store(true)
			r.Close()
			s.breaks(err)
			return
		}
		s.do(func(now time.Time) { s.take(now, r.index, all) })
	}
}

// take hands datagrams to the Machine as come by the first link of their interface.
func (s *service) take(now time.Time, index int, all []machine.Datagram) {
	link := slices.IndexFunc(s.links, func(l dhcp.Link) bool { return l.Index == index })
	for _, d := range all {
		d.Link = link
		s.machine.Receive(now, d)
	}
}

func (s *service) listenForEchoes(p *pinger) {
	for {
		addr, err := p.Receive()
		if err != nil {
			s.failed("ICMP", err)
			p.broken.Store(true)
			p.Close()
			s.breaks(err)
			return
		}
		s.do(func(now time.Time) { s.machine.Alive(now, addr) })
	}
}

// failed tells of a socket that can be read no more. That an interface is gone, others have seen.
func (s *service) failed(what string, err error) {
	if !closed(err) && !gone(err) {
		s.fault(netip.AddrPort{}, fmt.Errorf("%s: %w", what, err))
	}
}

func (s *service) breaks(err error) {
	if closed(err) {
		return
	}
	select {
	case s.broken <- struct{}{}:
	default: // it is known already
	}
}

// attend does what is due without a packet.
func (s *service) attend(ctx context.Context) {
	defer s.timer.Stop()
	defer close(s.ended)
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.used.closeBut(sockets{})
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.timer.C:
			s.do(func(now time.Time) {
				s.armed = time.Time{}
				s.machine.Expire(now)
			})
		case c := <-s.changes:
			s.do(func(time.Time) {
				s.machine.Change(c.cfg)
				s.use(c.cfg, c.sockets)
			})
			close(c.taken)
		}
	}
}

func (s *service) send() {
	for out, ok := s.machine.next(); ok; out, ok = s.machine.next() {
		if s.silent {
			continue
		}
		sender := s.used.senders[s.links[out.Link].Index]
		if out.routed {
			sender = s.used.router
		}
		if sender == nil { // it could not be opened, which was told
			continue
		}
		s.sent(out.Dst, sender.Send(out))
	}
	for p, ok := s.machine.NextProbe(); ok; p, ok = s.machine.NextProbe() {
		index := s.links[p.Link].Index
		if s.links[p.Link].Alias != "" {
			index = 0 // an alias has no address to ask from: the kernel knows the way
		}
		if s.used.pinger != nil && !s.silent {
			s.sent(netip.AddrPortFrom(p.Addr, 0), s.used.pinger.Ask(index, p.Addr))
		}
	}
}

// sent tells what hindered a datagram. Nobody waits for room in a socket: what fills it are packets to hosts
// that answer no ARP, and clients ask again.
func (s *service) sent(peer netip.AddrPort, err error) {
	switch {
	case err == nil, closed(err):
	case !errors.Is(err, syscall.EAGAIN):
		s.fault(peer, err)
	default:
		if n := s.jams.add(time.Now()); n > 0 {
			s.fault(peer, fmt.Errorf("%d answers were dropped: too many wait for hosts that do not answer ARP", n))
		}
	}
}

func (s *service) fault(peer netip.AddrPort, err error) {
	s.events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Peer: peer, Text: err.Error()})
}

// jams are answers that were dropped and not told yet.
type jams struct {
	count int
	told  time.Time
}

// add counts one, and says how many there are to tell now.
func (j *jams) add(now time.Time) (n int) {
	const often = 10 * time.Second
	if j.count++; now.Sub(j.told) < often {
		return 0
	}
	n, j.count, j.told = j.count, 0, now
	return n
}
