package dhcpd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// together is how many datagrams are decided before the leases among them are stored. While a disk
// takes its time more of them wait than this, and each time it is asked it takes more leases at once.
const together = 256

// Serve answers until ctx ends, and closes the sockets. Each socket has a goroutine that reads; one
// decides, stores and sends, so there is one table of leases and nothing to lock. cfg.Links must be those
// of Listen.
func (l *Listener) Serve(ctx context.Context, cfg Config) error {
	group, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	s := &service{Listener: l, machine: NewMachine(cfg), events: cfg.Events, in: make(chan machine.Datagram, together), alive: make(chan netip.Addr)}
	if s.events == nil {
		s.events = event.Discard
	}
	for _, r := range l.receivers {
		group.Go(func() error { return s.receive(ctx, r) })
	}
	if l.pinger != nil {
		group.Go(func() error { return s.listenForEchoes(ctx) })
	}
	group.Go(func() error { s.decide(ctx); return nil })
	return group.Wait()
}

// A service is a Listener and the Machine it drives.
type service struct {
	*Listener
	machine *Machine
	events  event.Recorder
	in      chan machine.Datagram
	alive   chan netip.Addr
}

// closed tells whether a socket was closed under its reader, as ctx's end does.
func closed(err error) bool { return errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrClosed) }

func (s *service) receive(ctx context.Context, r receiver) error {
	for {
		src, dst, payload, err := r.Receive()
		switch {
		case closed(err):
			return nil
		case err != nil:
			return &PortError{Port: r.port, Link: s.links[r.link], Err: err}
		}
		select {
		case s.in <- machine.Datagram{Link: r.link, Src: src, Dst: dst, Payload: bytes.Clone(payload)}:
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *service) listenForEchoes(ctx context.Context) error {
	for {
		addr, err := s.pinger.Receive()
		switch {
		case closed(err):
			return nil
		case err != nil:
			return err
		}
		select {
		case s.alive <- addr:
		case <-ctx.Done():
			return nil
		}
	}
}

// decide is the loop around the Machine.
func (s *service) decide(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		var expired <-chan time.Time
		if at, waits := s.machine.Deadline(); waits {
			timer.Reset(time.Until(at))
			expired = timer.C
		}
		select {
		case <-ctx.Done():
			return
		case <-expired:
			s.machine.Expire(time.Now())
		case addr := <-s.alive:
			s.machine.Alive(time.Now(), addr)
		case d := <-s.in:
			s.machine.Receive(time.Now(), d)
			s.drain()
		}
		s.send()
	}
}

// drain takes what has arrived meanwhile.
func (s *service) drain() {
	for range together {
		select {
		case d := <-s.in:
			s.machine.Receive(time.Now(), d)
		default:
			return
		}
	}
}

func (s *service) send() {
	for out, ok := s.machine.next(); ok; out, ok = s.machine.next() {
		if err := s.by(out).Send(out); err != nil && !closed(err) {
			s.fault(out.Dst, err)
		}
	}
	for p, ok := s.machine.NextProbe(); ok; p, ok = s.machine.NextProbe() {
		index := s.links[p.Link].Index
		if s.links[p.Link].Alias != "" {
			index = 0 // an alias has no address to ask from: the kernel knows the way
		}
		if err := s.pinger.Ask(index, p.Addr); err != nil && !closed(err) {
			s.fault(netip.AddrPortFrom(p.Addr, 0), err)
		}
	}
}

func (s *service) fault(peer netip.AddrPort, err error) {
	s.events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Peer: peer, Text: err.Error()})
}
