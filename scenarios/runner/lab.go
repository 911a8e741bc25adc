package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

// lab is what the three worlds share: the LAN with its house, faults and witnesses, and the judge.
type lab struct {
	*plan
	trees []*content.Tree // as they are now
	past  []*content.Tree // as they were before something was moved
	files []txtar.File    // of the archive, as they are now
	own   *simHost        // in virtual time
	world *sim.World      // the same
	facts *facts
	judge *steps.Judge
	lan   *link.LAN

	serverCards []*link.Stack // of our server as a machine

	scripted []*scripted
	on       map[string]bool        // by guest: it was switched on
	pulled   map[string]bool        // by guest: its cable is
	ports    map[string][]link.Port // by host: house, server or a guest
	capture  *observe.Capture
	moved    map[string]time.Time // when a frame last passed a guest's port
	frames   hash.Hash
	began    time.Time
	ended    time.Time
}

// unplugged is a lab without a LAN, for what a plan says of the server.
func unplugged(p *plan) *lab { return &lab{plan: p, files: p.file.Files} }

// newLab builds the LAN up to the point where worlds differ: the server and the guests' side of
// their ports are not there yet. Frames are captured to pcapng if it is not nil.
func newLab(p *plan, pcapng io.Writer) (*lab, error) {
	b := &lab{plan: p, facts: newFacts(p.Plan, p.req.Events), lan: link.NewLAN(p.req.Seed), frames: sha256.New(), moved: map[string]time.Time{},
		files: p.file.Files, on: map[string]bool{}, pulled: map[string]bool{}, ports: map[string][]link.Port{}}
	var err error
	if b.trees, err = p.trees(); err != nil {
		return nil, err
	}
	if pcapng != nil {
		if b.capture, err = observe.NewCapture(pcapng); err != nil {
			return nil, err
		}
		b.lan.WatchAll(b.capture.Frame)
	}
	b.plugNetworks()
	b.breakWire()
	return b, nil
}

// witness reads a guest's port. Frames count as progress, and are summed up so that two runs can be
// compared.
func (b *lab) witness(g script.Guest, p link.Port) {
	b.ports[g.Name] = append(b.ports[g.Name], p)
	o := observe.New(observe.Config{Guest: g.Name, MAC: g.MAC, Events: b.facts})
	b.lan.Watch(p, func(now time.Time, fromGuest bool, frame []byte) {
		if !b.req.real() {
			fmt.Fprintf(b.frames, "%s %d %t %d ", g.Name, now.UnixNano(), fromGuest, len(frame))
			b.frames.Write(frame)
		}
		b.ended, b.moved[g.Name] = now, now
		o.Frame(now, fromGuest, frame)
	})
}

// begin starts the clock of the verdict.
func (b *lab) begin(now time.Time, p steps.Patience) {
	b.began, b.ended = now, now
	b.judge = steps.New(b.Plan, p, now)
	b.cut(now)
}

// progress tells the judge when a frame last passed each guest's port.
func (b *lab) progress() {
	for _, g := range b.Guests {
		b.judge.Progress(g.Name, b.moved[g.Name])
	}
}

// countsStalls tells whether a step looks at progress in virtual time, where nothing else does.
func (b *lab) countsStalls() bool {
	return slices.ContainsFunc(b.Steps, func(s script.Step) bool {
		want, ok := s.Statement.(script.Expect)
		return ok && want.Stall > 0
	})
}

// enough reports whether the run has shown all it is asked for. A golden trace wants the whole chain,
// so scripted guests go on to their end.
func (b *lab) enough(now time.Time) bool {
	return b.judge.Done() && (b.judge.Failed() || b.chainsEnded() && b.kernelsSpoke(now))
}

// kernelsSpoke waits for the command line of a real guest's kernel, which is part of its golden trace: Linux
// prints it behind the version, by which a step may have matched. One that keeps it to itself is not waited for.
func (b *lab) kernelsSpoke(now time.Time) bool {
	const soon = 5 * time.Second
	if b.req.World != QEMU {
		return true
	}
	version := map[string]time.Time{}
	for _, e := range b.facts.all() {
		switch {
		case !b.wantsEnd(e.Client):
		case e.Kind == event.Console && strings.Contains(e.Text, "Linux version "):
			version[e.Client] = e.Time
		case e.Kind == event.Cmdline:
			delete(version, e.Client)
		}
	}
	for _, at := range version {
		if now.Sub(at) < soon {
			return false
		}
	}
	return true
}

func (b *lab) chainsEnded() bool {
	for _, g := range b.scripted {
		if _, done := g.guest.Done(); !done && b.wantsEnd(g.name) {
			return false
		}
	}
	return true
}

// wantsEnd reports whether a step looks at what a guest ends with.
func (b *lab) wantsEnd(name string) bool {
	for _, s := range b.Steps {
		switch v := s.Statement.(type) {
		case script.Golden:
			if v.Guest == name {
				return true
			}
		case script.Cmp:
			if v.Guest == name {
				return true
			}
		}
	}
	return false
}

func (b *lab) sum() string { return hex.EncodeToString(b.frames.Sum(nil))[:16] }
