package loader

import (
	"fmt"
	"iter"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A wait is what a program yields: it goes on when the transfer is over, or a key is there, or the time has
// come.
type wait struct {
	on      machine.Machine // what talks meanwhile; nil for nothing
	done    func() bool     // it has ended
	key     bool
	until   time.Time // zero: no end
	forever bool
}

func (w *wait) over(e *env) bool {
	switch {
	case w.forever:
		return false
	case w.on != nil && w.done():
		return true
	case w.key && len(e.keys) > 0:
		return true
	}
	return !w.until.IsZero() && !e.now.Before(w.until)
}

// An env is the computer as a boot program sees it.
type env struct {
	Config
	now     time.Time
	port    uint16 // of the next transfer; pxelinux counts up from 49152 (captures A and C)
	keys    []string
	loaded  int64  // bytes of files in memory
	silence string // the last transfer that ended in silence
	yield   func(*wait) bool
	outcome Outcome
}

// over is how a program leaves from deep inside; closed is how it is made to.
type over struct{}

// sequence makes a coroutine's body of a program.
func (e *env) sequence(run func(*env)) iter.Seq[*wait] {
	return func(yield func(*wait) bool) {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(over); !ok {
					panic(r)
				}
			}
		}()
		e.yield = yield
		run(e)
	}
}

func (e *env) wait(w *wait) {
	if !e.yield(w) {
		panic(over{})
	}
}

// end leaves the program.
func (e *env) end(o Outcome) {
	e.outcome = o
	panic(over{})
}

// fail leaves the program with what it prints. If a transfer ended in silence before, that is the cause
// behind the cause.
func (e *env) fail(text, cause string) {
	f := &rom.Failure{Text: text, Cause: cause}
	if e.silence != "" {
		f.Patience, f.Cause = true, e.silence+"; ran out of patience"
	}
	e.say("%s", text)
	e.end(Outcome{Failure: f})
}

// say prints a line.
func (e *env) say(format string, args ...any) {
	e.Events.Record(event.Event{Kind: event.Console, Time: e.now, Text: fmt.Sprintf(format, args...)})
}

// press adds to the BIOS keyboard buffer, which holds 15 keys.
func (e *env) press(key string) {
	if len(e.keys) < 15 {
		e.keys = append(e.keys, key)
	}
}

// key waits for a key; "" when until comes first. A zero until never comes.
func (e *env) key(until time.Time) string {
	e.wait(&wait{key: true, until: until})
	if len(e.keys) == 0 {
		return ""
	}
	k := e.keys[0]
	e.keys = e.keys[1:]
	return k
}

// A transfer reads one file, by TFTP or HTTP.
type transfer interface {
	machine.Machine
	Done() (content []byte, err *tftp.Error, done bool)
}

// transfer waits for a file until then, which ends it as silence does. A zero until never comes.
func (e *env) transfer(t transfer, until time.Time) ([]byte, *tftp.Error) {
	e.wait(&wait{on: t, until: until, done: func() bool { _, _, done := t.Done(); return done }})
	content, err, done := t.Done()
	if !done {
		err = &tftp.Error{Reason: tftp.ReadTimeout, Text: "the file did not come in the time that it was given"}
	}
	return content, err
}

// fetch reads a file as pxelinux does: both its versions send the same option string.
func (e *env) fetch(server netip.AddrPort, name string, accept func([]byte) bool) ([]byte, *tftp.Error) {
	t := tftp.New(e.now, tftp.Config{
		Local:    netip.AddrPortFrom(e.Handover.Addr, e.port),
		Server:   server,
		Name:     name,
		Options:  "tsize 0 blksize 1408",
		Patience: tftp.SyslinuxPatience(),
		Dialect:  tftp.Syslinux,
		Head:     accept,
	})
	if e.port++; e.port == 0 {
		e.port = 49152
	}
	content, err := e.transfer(t, time.Time{})
	if err != nil && (err.Reason == tftp.OpenTimeout || err.Reason == tftp.ReadTimeout) {
		e.silence = err.Text
	}
	if err != nil && err.Reason == tftp.ReadTimeout {
		e.fail("Boot failed: press a key to retry, or wait for reset...", err.Text)
	}
	return content, err
}

// hostPort is the server that a URL names by its address: port, unless it names another.
func hostPort(host string, port uint16) (netip.AddrPort, bool) {
	if server, err := netip.ParseAddrPort(host); err == nil {
		return server, true
	}
	addr, err := netip.ParseAddr(host)
	return netip.AddrPortFrom(addr, port), err == nil
}
