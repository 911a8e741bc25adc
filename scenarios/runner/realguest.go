package runner

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// tailLines is how much of a console is kept for people: more than a kernel prints before its first program.
const tailLines = 2000

// realGuest is a guest that is a QEMU machine.
type realGuest struct {
	name  string
	qemu  *qemu.Guest
	off   atomic.Bool // a step switched it off
	still bool        // its process was stopped from outside
	tail  []string
	album album
}

// startReal plugs a QEMU machine in. It is on at once.
func (r *realRun) startReal(ctx context.Context, g script.Guest) error {
	sets, err := r.sets()
	if err != nil {
		return err
	}
	wire, port, err := r.wire.Socket(g.Name, r.vlan(g))
	if err != nil {
		return err
	}
	defer func() { _ = wire.Close() }()
	r.wire.Do(func(_ time.Time, _ *link.LAN) { r.witness(g, port) })
	machine, err := qemu.Start(ctx, qemu.Config{
		Spec: qemu.Spec{
			Name: g.Name, Firmware: g.Firmware, Sets: sets, NIC: cmp.Or(r.req.NIC, g.NIC), Machine: cmp.Or(r.req.Machine, g.Machine), MAC: g.MAC, UUID: uuid(g.UUID), Memory: megabytes(g.Memory), Accel: firstWord(r.req.Accel),
			Serial: g.Serial, Disk: disk(g.Disk), Idle: g.Idle, Default: g.Default,
		},
		Wire: wire, Dir: r.dir, Events: r.facts, Confine: tap.Confine,
	})
	if err != nil {
		return fmt.Errorf("guest %s: %w", g.Name, err)
	}
	r.guests = append(r.guests, &realGuest{name: g.Name, qemu: machine, album: album{boot: verdict.Boot{Witnessed: true, Ours: r.Hosts(g.Name).Server}}})
	r.watchGuest(r.guests[len(r.guests)-1])
	return nil
}

// firstWord is the accelerator without the reason for it.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// uuid is "" for a machine that has none: QEMU's own default is all zeros, which pxelinux passes over.
func uuid(u [16]byte) string {
	if u == ([16]byte{}) {
		return ""
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// disk is a size as QEMU takes it, "" where there is none.
func disk(size int64) string {
	if size == 0 {
		return ""
	}
	return strconv.FormatInt(size, 10)
}

func megabytes(n int64) string { return fmt.Sprintf("%dM", n>>20) }

// watchServer tells when the server's process has ended by itself.
func (r *realRun) watchServer() {
	ended, killed := r.server.Done(), new(atomic.Bool)
	r.killed = killed
	go func() {
		<-ended
		if killed.Load() {
			return
		}
		r.gone <- Ending{"the server ended", r.server.Err()}
	}()
}

// watchGuest tells when a machine has ended by itself.
func (r *realRun) watchGuest(g *realGuest) {
	go func() {
		e := Ending{fmt.Sprintf("the machine of %s ended", g.name), g.qemu.Wait()}
		if !g.off.Load() {
			r.gone <- e
		}
	}()
}
