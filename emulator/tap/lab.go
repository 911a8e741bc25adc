package tap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// maxFrame is room for any frame a TAP or QEMU gives: an Ethernet header, a VLAN tag and 64 KiB, since
// a guest's card may hand over more than the MTU.
const maxFrame = 1<<16 + 64

// A Lab drives one LAN in real time.
//
// The LAN belongs to whoever holds the lock: a port's reader that has a frame, the timer, or a caller of
// Do. A frame so takes no detour over a loop's queue on its way, which a lock-step transfer would feel
// at every block.
type Lab struct {
	mu      sync.Mutex
	lan     *link.LAN
	timer   *time.Timer
	armed   time.Time // when the timer fires; zero: it is not set
	closing bool      // nothing new is plugged in
	closed  bool      // nothing moves any more
	hosts   []*Host
	wires   []io.Closer

	readers sync.WaitGroup
	failed  chan error
}

var errClosing = errors.New("the lab is at its end")

// NewLab gives lan to a new Lab: from now on it may be touched inside Do only. The caller must call Run,
// which ends what the lab started.
func NewLab(lan *link.LAN) *Lab {
	l := &Lab{lan: lan, failed: make(chan error, 1)}
	l.timer = time.AfterFunc(time.Hour, l.tick)
	l.timer.Stop()
	return l
}

// Do runs f with the LAN at rest and the time, then does what became due. It must not be called from
// inside f, nor from a station, filter or watcher of the LAN. After the end of Run it does nothing.
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

// Run keeps the lab alive until ctx ends, and then stops its hosts and closes its ports. It returns nil,
// or what failed before that: a port, or a host whose process did not end well.
func (l *Lab) Run(ctx context.Context) error {
	var err error
	select {
	case <-ctx.Done():
	case err = <-l.failed:
	}
	return errors.Join(err, l.close())
}

// close stops the hosts while frames still flow, so that a server can say goodbye, and then the rest.
func (l *Lab) close() error {
	l.mu.Lock()
	l.closing = true
	hosts := l.hosts
	l.mu.Unlock()
	err := stopAll(hosts)

	l.mu.Lock()
	l.closed = true
	l.timer.Stop()
	wires := l.wires
	l.mu.Unlock()
	for _, wire := range wires {
		wire.Close()
	}
	l.readers.Wait()
	return err
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

// plug joins a wire to the LAN: one Read is one frame, one Write is one frame. A Write that fails loses
// the frame, as a card does whose cable is out.
func (l *Lab) plug(name string, wire io.ReadWriteCloser, vlan uint16) (link.Port, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return 0, fmt.Errorf("plug %s: %w", name, errClosing)
	}
	port := l.lan.External(name, func(frame []byte) { _, _ = wire.Write(frame) })
	l.lan.SetVLAN(port, vlan)
	l.wires = append(l.wires, wire)
	l.readers.Go(func() {
		err := l.read(port, wire)
		if !errors.Is(err, os.ErrClosed) && !errors.Is(err, io.EOF) {
			select {
			case l.failed <- fmt.Errorf("port %s: %w", name, err):
			default:
			}
		}
	})
	return port, nil
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
