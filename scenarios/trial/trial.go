// Package trial answers: what would this firmware boot, on a network that nobody here has set up?
//
// A scripted machine asks as its firmware does, and downloads what it would run. Who answered, what it chose and why, and
// what it got is told; nothing is run, and the address is given back.
package trial

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Config is a machine that asks, and where.
type Config struct {
	Lab     *emulator.Lab
	Profile rom.Profile
	MAC     net.HardwareAddr
	UUID    pxe.UUID
	Seed    uint64

	// OffersOnly has the machine ask for no address: it ends where it would, and is told what offers say.
	OffersOnly bool
	// Listen is how long answers are waited for at least, those that come too late for the firmware too.
	Listen time.Duration
	// Heard is told each answer as it comes, and not what comes again. It may be nil.
	Heard func(Answer)
}

// A Trial is what came of it.
type Trial struct {
	Profile string        `json:"profile"`
	MAC     string        `json:"mac"`
	UUID    string        `json:"uuid"`
	Answers []Answer      `json:"answers"`
	Choice  Choice        `json:"choice,omitzero"`
	File    *File         `json:"file,omitempty"`  // that was downloaded
	Boots   bool          `json:"boots"`           // it would run what it got; of offers alone: it would go on
	Says    string        `json:"says,omitempty"`  // in the firmware's words, why it gave up
	Story   verdict.Story `json:"story,omitzero"`  // not of offers alone
	Facts   []event.Event `json:"facts,omitempty"` // of its wire
}

// Run boots the machine. The error is that of the lab: what the network does to the machine is told in the Trial.
func Run(ctx context.Context, cfg Config) (Trial, error) {
	boot, err := cfg.Lab.Plug(emulator.GuestConfig{
		Name: cfg.MAC.String(), Profile: cfg.Profile, MAC: cfg.MAC, UUID: cfg.UUID, Seed: cfg.Seed, FirmwareOnly: true, Announces: true,
	})
	if err != nil {
		return Trial{}, err
	}
	defer boot.Close()
	w := newWitness(cfg)
	cfg.Lab.Do(func(now time.Time, lan *link.LAN) {
		w.began = now
		lan.Watch(boot.Port(), w.frame)
		lan.Filter(boot.Port(), w.filter)
	})
	boot.PowerOn()
	listen := time.After(cfg.Listen)
	result, ended := w.wait(ctx, boot)
	select {
	case <-listen:
	case <-ctx.Done():
	}
	t := Trial{Profile: cfg.Profile.Name, MAC: cfg.MAC.String(), UUID: cfg.UUID.String()}
	boot.Firmware(func(r *rom.ROM) {
		t.Choice = choice(r.Choice())
		if o, _ := r.Outcome(); o.Handover != nil {
			t.File = newFile(cfg.Profile, o.Handover)
		}
	})
	w.release(boot)
	cfg.Lab.Do(func(time.Time, *link.LAN) { t.Answers, t.Facts = w.answers, w.facts })
	if ctx.Err() != nil {
		return t, context.Cause(ctx)
	}
	t.conclude(cfg, result, ended)
	return t, nil
}

// wait waits for the end of the boot, or of the question alone.
func (w *witness) wait(ctx context.Context, boot *emulator.Boot) (emulator.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var waits sync.WaitGroup
	waits.Go(func() {
		select {
		case <-w.asked:
			cancel()
		case <-ctx.Done():
		}
	})
	result, err := boot.Wait(ctx)
	cancel()
	waits.Wait()
	return result, err
}

// goodbye is how long an address is given back at most: its server may have to be asked for by ARP.
const goodbye = 3 * time.Second

// release gives the address back, and waits until that is on the wire.
func (w *witness) release(boot *emulator.Boot) {
	leased := false
	boot.Firmware(func(r *rom.ROM) { leased = r.Release() })
	if !leased {
		return
	}
	select {
	case <-w.released:
	case <-time.After(goodbye):
	}
}

// conclude judges.
func (t *Trial) conclude(cfg Config, result emulator.Result, err error) {
	if cfg.OffersOnly {
		t.Boots = t.Choice.Lease != "" && (t.Choice.File != "" || t.Choice.Proxy != "")
		return
	}
	t.Boots = err == nil && result.Failure == nil && (t.File == nil || t.File.Wrong == "")
	facts := t.Facts
	if result.Failure != nil {
		t.Says = result.Failure.Error()
		facts = append(facts, guest(cfg, result.Failure.Event(t.ended())))
	} else if t.Boots {
		facts = append(facts, guest(cfg, event.Event{Kind: event.Handoff, Time: t.ended(), Attrs: event.Attrs("kind", result.Handoff.Kind)}))
	}
	for _, c := range verdict.Boots(facts, t.follows(), time.Time{}) {
		t.Story = c.Story
	}
}

// follows is the boot server where that is known better than from facts alone: a proxy's files are on a server that
// answered, and where nobody answers there is none. Invalid: the facts tell.
func (t *Trial) follows() netip.Addr {
	files, err := netip.ParseAddr(t.Choice.Server)
	if len(t.Answers) == 0 {
		return netip.IPv4Unspecified()
	}
	for _, e := range t.Facts {
		switch e.Kind {
		case event.OACK, event.Got, event.Miss, event.TFTPError, event.HTTPResponse:
			if err == nil && t.Choice.Proxy != "" && e.Peer.Addr() == files {
				return files
			}
		}
	}
	return netip.Addr{}
}

// guest is a fact that the machine tells itself.
func guest(cfg Config, e event.Event) event.Event {
	e.Source, e.Client = "guest", cfg.MAC.String()
	return e
}

// ended is when its last fact was.
func (t *Trial) ended() time.Time {
	if len(t.Facts) == 0 {
		return time.Time{}
	}
	return t.Facts[len(t.Facts)-1].Time
}
