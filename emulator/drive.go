package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// maxFrame is room for any frame a TAP or QEMU gives: an Ethernet header, a VLAN tag and 64 KiB, since
// a guest's card may hand over more than the MTU.
const maxFrame = 1<<16 + 64

// A Lab drives one LAN by Go's clock: in real time, or inside a bubble of testing/synctest in virtual time. It must
// be made where it is used, since its timers and channels belong to the bubble.
//
// The LAN belongs to whoever holds the lock: a wire's reader that has a frame, the timer, or a caller of
// Do. A frame so takes no detour over a loop's queue on its way, which a lock-step transfer would feel
// at every block.
type Lab struct {
	hosts  registry
	events event.Recorder // of the lab's own: the house, and guests without a recorder

	mu       sync.Mutex
	lan      *link.LAN
	timer    *time.Timer
	armed    time.Time // when the timer fires; zero: it is not set
	closing  bool      // nothing new is plugged in
	closed   bool      // nothing moves any more
	atEnd    []func() error
	wires    []io.Closer
	stations map[link.Port]func() // and how each ends; called under the lock

	readers sync.WaitGroup
	failed  chan error
	once    sync.Once
	ended   chan struct{}
	err     error // once it has ended
}

var errClosing = errors.New("the lab is at its end")

// Drive gives a LAN of the caller's to a new Lab: from now on it may be touched inside Do only. The caller must call
// Run or Close, which end what the lab started.
func Drive(lan *link.LAN) *Lab {
	l := &Lab{lan: lan, failed: make(chan error, 1), ended: make(chan struct{}), stations: map[link.Port]func(){}}
	l.timer = time.AfterFunc(time.Hour, l.tick)
	l.timer.Stop()
	return l
}

// Do runs f with the LAN at rest and the time, then does what became due. It must not be called from
// inside f, nor from a station, filter, watcher or recorder of the LAN. After the lab's end it does nothing.
func (l *Lab) Do(f func(now time.Time, lan *link.LAN)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	now := time.Now()
	f(now, l.lan)
	l.advance(now)
}

// Run keeps the lab alive until ctx ends, and closes it then. It returns nil, or what failed: a wire, or what AtEnd
// was given.
func (l *Lab) Run(ctx context.Context) error {
	var err error
	select {
	case <-ctx.Done():
	case err = <-l.failed:
	}
	return errors.Join(err, l.Close())
}

// AtEnd has f called when the lab ends, while frames still flow, so that a server can say goodbye. Functions of
// several callers run side by side.
func (l *Lab) AtEnd(f func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return errClosing
	}
	l.atEnd = append(l.atEnd, f)
	return nil
}

// Close ends the lab: it calls what AtEnd was given, closes every connection and wire, and waits for its own
// goroutines. It returns what failed since it was made, and may be called again.
func (l *Lab) Close() error {
	l.once.Do(func() { l.err = l.close(); close(l.ended) })
	return l.err
}

func (l *Lab) close() error {
	l.mu.Lock()
	l.closing = true
	atEnd := l.atEnd
	l.mu.Unlock()
	err := allOf(atEnd)

	l.mu.Lock()
	l.closed = true
	l.timer.Stop()
	for _, end := range l.stations {
		end()
	}
	wires := l.wires
	l.mu.Unlock()
	for _, wire := range wires {
		wire.Close()
	}
	l.readers.Wait()
	select {
	case failed := <-l.failed:
		err = errors.Join(failed, err)
	default:
	}
	return err
}

func allOf(fs []func() error) error {
	var all sync.WaitGroup
	errs := make([]error, len(fs))
	for i, f := range fs {
		all.Go(func() { errs[i] = f() })
	}
	all.Wait()
	return errors.Join(errs...)
}

func (l *Lab) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = time.Time{}
	if !l.closed {
		l.advance(time.Now())
	}
}

// advance does what is due and sets the timer. A deadline that moved away leaves the timer as it is: one
// early tick costs less than setting the timer at every frame of a transfer.
func (l *Lab) advance(now time.Time) {
	l.lan.Advance(now)
	at, ok := l.lan.Deadline()
	if ok && (l.armed.IsZero() || at.Before(l.armed)) {
		l.armed = at
		l.timer.Reset(at.Sub(now))
	}
}

// Attach joins a wire to the LAN, in a VLAN of it: one Read is one frame, one Write is one frame, and the lab closes
// it. A Write that fails loses the frame, as a card does whose cable is out.
func (l *Lab) Attach(name string, wire io.ReadWriteCloser, vlan uint16) (link.Port, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return 0, fmt.Errorf("plug %s: %w", name, errClosing)
	}
	port := l.lan.External(name, func(frame []byte) { _, _ = wire.Write(frame) })
	l.lan.SetVLAN(port, vlan)
	l.wires = append(l.wires, wire)
	l.readers.Go(func() { l.wireEnded(name, l.read(port, wire)) })
	return port, nil
}

// wireEnded tells what failed, unless the end was wanted.
func (l *Lab) wireEnded(name string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || errors.Is(err, os.ErrClosed) || errors.Is(err, io.EOF) {
		return
	}
	select {
	case l.failed <- fmt.Errorf("port %s: %w", name, err):
	default: // the first failure is told
	}
}

// read carries frames until the wire fails, and says how.
func (l *Lab) read(port link.Port, wire io.Reader) error {
	frame := make([]byte, maxFrame)
	for {
		n, err := wire.Read(frame)
		if err != nil {
			return err
		}
		l.Do(func(now time.Time, lan *link.LAN) { lan.Inject(now, port, frame[:n]) })
	}
}

// plug puts a station on the LAN; end is what has to be done when it goes.
func (l *Lab) plug(name string, station link.Station, end func()) (link.Port, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return 0, fmt.Errorf("plug %s: %w", name, errClosing)
	}
	port := l.lan.Plug(name, station)
	l.stations[port] = end
	return port, nil
}

// unplug takes a station off the LAN.
func (l *Lab) unplug(name string, port link.Port) {
	l.Do(func(_ time.Time, lan *link.LAN) {
		lan.Unplug(port)
		l.stations[port]()
		delete(l.stations, port)
	})
	l.hosts.leave(name)
}
