package qemu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	goqemu "github.com/digitalocean/go-qemu/qemu"
	"github.com/digitalocean/go-qemu/qmp"

	"github.com/bootrig/bootrig/emulator/internal/tail"
	"github.com/bootrig/bootrig/wire/event"
)

// A Config is a machine and where it stands.
type Config struct {
	Spec   Spec
	Wire   *os.File       // its end of a socket pair (AF_UNIX, SOCK_STREAM); Start takes it over; nil: Spec.Netdev
	Dir    string         // if set, NAME.serial there gets the serial line's bytes as they are
	Events event.Recorder // where its facts go
	// Confine is called on the thread that then starts QEMU, and has no other use afterwards: what it gives up there,
	// the machine does not have (tap.Confine). Nil: QEMU may what this process may.
	Confine func() error
}

// A Guest is a machine that runs, or ran.
type Guest struct {
	spec    Spec
	events  event.Recorder
	process *process
	monitor *monitor
	domain  *goqemu.Domain
	tail    tail.Lines
	heard   chan struct{} // the serial line has ended
	spoke   clock         // when the serial line last said something
	looked  chan struct{} // nobody looks at the screen any more
	done    chan struct{} // everything has
	reason  string        // why the guest stopped, in QEMU's words; the monitor's reader writes it
}

// Start starts a machine and returns when its monitor answers. The machine ends with ctx.
func Start(ctx context.Context, cfg Config) (*Guest, error) {
	if cfg.Wire != nil {
		defer cfg.Wire.Close()
	}
	spec := cfg.Spec
	spec.Name = or(spec.Name, "guest")
	if err := spec.check(); err != nil {
		return nil, err
	}
	g := &Guest{spec: spec, events: cfg.Events, heard: make(chan struct{}), looked: make(chan struct{}), done: make(chan struct{})}
	if g.events == nil {
		g.events = event.Discard
	}
	raw, err := g.rawLog(cfg.Dir)
	if err != nil {
		return nil, err
	}
	serial, control, err := g.launch(ctx, spec, cfg)
	if err != nil {
		raw.Close()
		return nil, err
	}
	g.monitor = newMonitor(control, g.hear)
	ear := newListener(spec.Name, g.events)
	g.spoke.set(time.Now())
	go g.listen(serial, raw, ear)
	if err := g.control(ctx); err != nil {
		return nil, err
	}
	if spec.hasScreen() {
		go g.watchScreen(ear.onScreen())
	} else {
		close(g.looked)
	}
	go g.finish()
	return g, nil
}

// control connects the monitor; if that fails, the machine is gone when it returns.
func (g *Guest) control(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { g.monitor.conn.Close() })
	defer stop()
	err := g.monitor.Connect()
	if err == nil {
		g.domain, err = goqemu.NewDomain(g.monitor, g.spec.Name)
	}
	if err == nil {
		return nil
	}
	// QEMU closes the monitor when it cannot start; what it says of itself explains more than that.
	g.process.expire(endTimeout)
	_ = g.monitor.Disconnect()
	<-g.heard
	if said := g.process.wait(); said != nil {
		return said
	}
	return err
}

// endTimeout is for a QEMU that has closed its monitor to end by itself.
const endTimeout = 2 * time.Second

// launch starts the process with its descriptors and returns our ends of the serial line and the
// monitor.
//
// The serial line is a pipe: QEMU writes it byte by byte, and a socket holds only some 280 such writes.
// A guest whose UART then stays full for 10 ms overwrites what it has not sent (Linux' 8250 driver).
func (g *Guest) launch(ctx context.Context, spec Spec, cfg Config) (serial *os.File, control net.Conn, err error) {
	var inherited []*os.File
	inherit := func(f *os.File) int {
		inherited = append(inherited, f)
		return 2 + len(inherited) // after 0, 1, 2, as exec.Cmd.ExtraFiles numbers them
	}
	if cfg.Wire != nil {
		spec.NetFD = inherit(cfg.Wire)
	}
	serial, far, err := os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("pipe for the serial line: %w", err)
	}
	defer far.Close()
	spec.SerialFD = inherit(far)
	control, far2, err := socketPair("monitor")
	if err != nil {
		serial.Close()
		return nil, nil, err
	}
	defer far2.Close()
	spec.MonitorFD = inherit(far2)
	if g.process, err = startProcess(ctx, spec.binary(), Args(spec), inherited, cfg.Confine); err != nil {
		serial.Close()
		control.Close()
		return nil, nil, err
	}
	return serial, control, nil
}

// socketPair gives our end as a connection and the child's as a file.
func socketPair(name string) (net.Conn, *os.File, error) {
	syscall.ForkLock.RLock() // a child started meanwhile must not inherit them
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, fmt.Errorf("socket pair for the %s: %w", name, err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), name), os.NewFile(uintptr(fds[1]), name)
	defer ours.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("socket pair for the %s: %w", name, err)
	}
	return conn, theirs, nil
}

func (g *Guest) rawLog(dir string) (io.WriteCloser, error) {
	if dir == "" {
		return nopCloser{io.Discard}, nil
	}
	// A machine that is switched on again goes on where it was.
	return os.OpenFile(filepath.Join(dir, g.spec.Name+".serial"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// listen reads the serial line until the machine is gone.
func (g *Guest) listen(serial io.ReadCloser, raw io.WriteCloser, ear *listener) {
	defer close(g.heard)
	defer raw.Close()
	defer serial.Close()
	var line screenLine
	for buf := make([]byte, 4096); ; {
		n, err := serial.Read(buf)
		now := time.Now()
		g.spoke.set(now)
		_, _ = raw.Write(buf[:n]) // for people; a full disk is not the guest's failure
		for _, b := range buf[:n] {
			if text, done := line.write(b); done {
				ear.line(now, text, line.width)
				g.tail.Add(text)
			}
		}
		if err != nil {
			text := line.end()
			g.tail.Add(text)
			g.tail.End()
			if !g.process.stopped() { // else it is cut off where we stopped it, and no line
				ear.line(now, text, line.width)
			}
			return
		}
		g.tail.Unfinished(line.peek())
	}
}

// hear takes the monitor's events.
func (g *Guest) hear(e qmp.Event) {
	if e.Event == "SHUTDOWN" {
		g.reason, _ = e.Data["reason"].(string)
	}
}

// finish waits for all that belongs to the machine, then tells how it ended. What the guest printed
// last has been told by then.
func (g *Guest) finish() {
	defer close(g.done)
	_ = g.process.wait()
	<-g.heard
	_ = g.domain.Close() // ends the monitor's reader, the writer of reason
	<-g.looked
	e := event.Event{Time: time.Now(), Source: "guest", Client: g.spec.Name}
	switch g.reason {
	case "guest-reset":
		e.Kind, e.Text = event.Error, "the machine reset itself"
	case "guest-shutdown":
		e.Kind, e.Text = event.Console, "the machine switched itself off"
	default:
		return
	}
	g.events.Record(e)
}

// Wait waits until the machine has ended and all its facts are told. The error is nil if it was
// stopped, or switched itself off, or reset itself; else it holds the last of what QEMU said.
func (g *Guest) Wait() error {
	<-g.done
	err := g.process.wait()
	if err == nil && g.reason == "host-signal" && !g.process.stopped() {
		err = errors.New("a signal from outside ended QEMU")
	}
	return err
}

// Done is closed when Wait would return.
func (g *Guest) Done() <-chan struct{} { return g.done }

// Stop switches the machine off and waits until it is gone.
func (g *Guest) Stop() {
	g.process.kill()
	<-g.done
}

// Tail is the last lines of the serial console, n at most, the unfinished one included.
func (g *Guest) Tail(n int) []string { return g.tail.Last(n) }

// Expect waits for a line on the serial console that matches, and returns it; a line that was there before counts. It
// fails when ctx ends or the machine does.
func (g *Guest) Expect(ctx context.Context, want *regexp.Regexp) (string, error) {
	line, err := g.tail.Expect(ctx, want)
	if err != nil {
		err = fmt.Errorf("guest %s: %w", g.spec.Name, err)
	}
	return line, err
}

// Command is a line to paste that starts the same machine by hand.
func (g *Guest) Command() string { return Command(g.spec) }
