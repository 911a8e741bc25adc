package tftpd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A session is one Transfer, the socket it speaks from and the goroutine that waits there. The listener
// reaches in when a request comes again, hence the lock.
type session struct {
	link    Link
	arrival Arrival
	cancel  context.CancelCauseFunc

	mu       sync.Mutex
	transfer *Transfer
	udp      *net.UDPConn
	batch    batch
	ports    *ports
	failed   bool // a send has failed and was recorded
}

func newSession(d machine.Datagram, link Link, ports *ports, xfer uint64) *session {
	d.Payload = bytes.Clone(d.Payload)
	return &session{link: link, ports: ports, arrival: Arrival{Datagram: d, Xfer: xfer}}
}

// run serves the transfer to its end, or to the end of ctx.
func (s *session) run(ctx context.Context, cfg Config) {
	if err := s.open(cfg); err != nil {
		cfg.Events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server",
			Client: cfg.who(s.arrival.Src), Peer: s.arrival.Src, Xfer: s.arrival.Xfer, Text: "tftp: " + err.Error()})
		return
	}
	stop := context.AfterFunc(ctx, func() { s.udp.Close() })
	defer stop()
	defer s.udp.Close()
	buf := make([]byte, 2048)
	done := s.act(func(time.Time, *Transfer) {})
	for !done {
		n, src, err := s.udp.ReadFromUDPAddrPort(buf)
		done = s.act(func(now time.Time, t *Transfer) {
			if errors.Is(err, net.ErrClosed) {
				t.Stop(now, why(ctx))
			} else {
				s.hand(now, t, src, buf[:n], err)
			}
		})
	}
}

// why says what ended a context of ours; a plain cancel is the owner of Serve.
func why(ctx context.Context) string {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause.Error()
	}
	return errStopping.Error()
}

// hand gives the transfer what the socket gave.
func (s *session) hand(now time.Time, t *Transfer, src netip.AddrPort, packet []byte, err error) {
	var timeout net.Error
	switch {
	case err == nil:
		src = netip.AddrPortFrom(src.Addr().Unmap(), src.Port())
		t.Receive(now, machine.Datagram{Link: s.arrival.Link, Src: src, Dst: s.arrival.Local, Payload: packet})
	case errors.As(err, &timeout) && timeout.Timeout():
		t.Expire(now)
	case errors.Is(err, syscall.ECONNREFUSED):
		t.Receive(now, machine.Unreachable{Src: s.arrival.Local, Dst: s.arrival.Src})
	}
}

// open makes the socket and the transfer. The file is opened here, not in the listener, which must not
// wait for a slow disk.
func (s *session) open(cfg Config) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	local := s.arrival.Dst.Addr()
	udp, err := s.ports.listen(local)
	if err != nil {
		return err
	}
	tune(udp)
	s.batch = batch{udp: udp, conn: ipv4.NewPacketConn(udp)}
	s.udp = udp
	s.arrival.Local = netip.AddrPortFrom(local, uint16(udp.LocalAddr().(*net.UDPAddr).Port))
	s.arrival.On = s.link
	s.arrival.On.MTU = s.link.mtu(s.arrival.Link)
	s.transfer = NewTransfer(time.Now(), cfg, s.arrival)
	return nil
}

// act does one thing with the transfer, sends what it has to say and sets the next alarm. It reports
// whether the transfer is done.
func (s *session) act(do func(time.Time, *Transfer)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locked(do)
}

func (s *session) locked(do func(time.Time, *Transfer)) bool {
	do(time.Now(), s.transfer)
	if err := s.batch.send(s.transfer); err != nil {
		s.complain(err)
	}
	if s.transfer.Done() {
		return true
	}
	at, _ := s.transfer.Deadline()
	// The alarm is set under the lock: whoever acted last has the say.
	_ = s.udp.SetReadDeadline(at)
	return false
}

// complain records the first failure to send; the transfer's own timer tries again.
func (s *session) complain(err error) {
	if errors.Is(err, syscall.ECONNREFUSED) {
		s.transfer.Receive(time.Now(), machine.Unreachable{Src: s.arrival.Local, Dst: s.arrival.Src})
		return
	}
	if !s.failed && !errors.Is(err, net.ErrClosed) {
		s.failed = true
		s.transfer.record(event.Event{Kind: event.Fault, Text: "tftp: " + err.Error()})
	}
}

// repeated asks the transfer whether a datagram to port 69 is its own request again. One that is busy
// is answering already.
func (s *session) repeated(now time.Time, packet []byte) bool {
	if !s.mu.TryLock() {
		return bytes.Equal(packet, s.arrival.Payload)
	}
	defer s.mu.Unlock()
	if s.transfer == nil {
		return bytes.Equal(packet, s.arrival.Payload)
	}
	again := false
	s.locked(func(time.Time, *Transfer) { again = s.transfer.Repeated(now, packet) })
	return again
}
