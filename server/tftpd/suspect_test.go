package tftpd

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// Whatever pace a forger keeps, he is worth an allowance and a frame a second.
func TestAForgerOfOnePortIsWorthAFrameASecond(t *testing.T) {
	const span = 2 * time.Minute
	for _, c := range []struct {
		rule         string
		pace, jitter time.Duration
		ports        int // of the victim, in turns
	}{
		{"at once", 0, 0, 1},
		{"four milliseconds", 4 * time.Millisecond, 0, 1},
		{"as long as a block can be held back", 25 * time.Millisecond, 0, 1},
		{"longer than a block can be held back at first", 50 * time.Millisecond, 0, 1},
		{"longer than a block can ever be held back", 410 * time.Millisecond, 0, 1},
		{"the same, and never the same", 410 * time.Millisecond, 200 * time.Millisecond, 1},
		{"a second", time.Second, 0, 1},
		{"many transfers at once", 410 * time.Millisecond, 0, 50},
	} {
		for seed := range byte(3) {
			f := newForger(Config{SinglePort: true}, 1)
			f.m.rng = rand.New(rand.NewChaCha8([32]byte{seed, 1}))
			f.m.suspects = newSuspects(f.m.rng)
			rng := rand.New(rand.NewPCG(uint64(seed), 1))
			f.forge(c.ports, span, func() time.Duration { return c.pace + time.Duration(rng.Int64N(int64(c.jitter)+1)) })
			t.Logf("%s, seed %d: %d requests, %d packets sent, %d bytes become %d: %.1f", c.rule, seed, f.asked, f.packets, f.sent, f.received, f.factor())
			if most := f.asked + allowance + int(span/perFrame) + c.ports; f.packets > most {
				t.Errorf("%s, seed %d: %d packets to %d requests in %v, want %d at most", c.rule, seed, f.packets, f.asked, span, most)
			}
			if s := f.m.suspects.of[guest.Addr()]; s.trusts(f.now) {
				t.Errorf("%s, seed %d: he is trusted", c.rule, seed)
			}
		}
	}
}

// forge asks for the file and acknowledges block after block, and begins again when that has come to nothing.
func (f *forger) forge(ports int, span time.Duration, pace func() time.Duration) {
	victim := func(n int) netip.AddrPort { return netip.AddrPortFrom(guest.Addr(), uint16(3000+n)) }
	say := func(n int, payload []byte) {
		f.sent += headers + len(payload)
		f.m.Receive(f.now, machine.Datagram{Src: victim(n), Dst: server69, Payload: payload})
		f.drain()
	}
	block := make([]uint16, ports)
	for end := f.now.Add(span); f.now.Before(end); f.pass(max(pace(), time.Millisecond)) {
		for n := range ports {
			if f.m.table.clients[victim(n)] == nil {
				f.asked++
				say(n, Request{"f", "octet", []Option{{"blksize", "1468"}}}.Append(nil))
				block[n] = 0
				continue
			}
			say(n, binary.BigEndian.AppendUint16([]byte{0, opACK}, block[n]))
			block[n]++
		}
	}
}

// What a client has to show costs it moments, also if it is slow, or varies, or is one of many.
func TestWhoSeesWhatItIsSentIsNotHeldUp(t *testing.T) {
	want := pattern(500_000)
	for _, c := range []struct {
		rule    string
		wire    faults
		clients int
		within  time.Duration // beyond what the wire takes
	}{
		{"a machine in the next room", faults{delay: time.Millisecond}, 1, time.Second},
		{"a machine that flashes what it reads", faults{delay: 60 * time.Millisecond}, 1, time.Second},
		{"a wire that varies a little", faults{delay: time.Millisecond, jitter: 3 * time.Millisecond}, 1, 2 * time.Second},
		{"a wire that varies", faults{delay: time.Millisecond, jitter: 20 * time.Millisecond}, 1, 5 * time.Second},
		{"a wire that varies a lot", faults{delay: time.Millisecond, jitter: 60 * time.Millisecond}, 1, 20 * time.Second},
		{"a wire that loses", faults{loss: 0.02, delay: time.Millisecond}, 1, time.Minute},
		{"fifty machines behind a router", faults{delay: time.Millisecond, jitter: time.Millisecond}, 50, 2 * time.Second},
	} {
		for seed := range byte(5) {
			w := newWire(uint64(seed), c.wire, Config{})
			cfg := Config{Tree: treeOf(map[string][]byte{"f": want}), SinglePort: true}.filled()
			w.server = newMachine(cfg, []uint16{Port}, [32]byte{1 + seed}, func(machine.Datagram) (Link, bool) { return Link{}, true })
			for range c.clients {
				w.add(Request{"f", "octet", []Option{{"blksize", "1468"}}})
			}
			for w.step() {
			}
			for i, r := range w.readers {
				if !bytes.Equal(r.got, want) {
					t.Errorf("%s, seed %d, %d: %d of %d bytes, %v", c.rule, seed, i, len(r.got), len(want), r.failed)
				}
			}
			blocks := time.Duration(len(want)/1468 + 2)
			took := w.now.Sub(start) - 2*blocks*(c.wire.delay+c.wire.jitter/2)
			t.Logf("%s, seed %d: %v more than the wire", c.rule, seed, took)
			if took > c.within {
				t.Errorf("%s, seed %d: it took %v more than the wire, want %v", c.rule, seed, took, c.within)
			}
		}
	}
}

func TestWhoIsSuspectIsForgottenInTime(t *testing.T) {
	all := newSuspects(rand.New(rand.NewPCG(1, 1)))
	addr := func(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}) }
	for n := range maxSuspect {
		all.get(start, addr(n)).spend(start)
	}
	if s := all.get(start, addr(maxSuspect)); s != all.crowd {
		t.Error("there is room for one more")
	}
	for range 10 * enough {
		all.crowd.answered(start, 0)
	}
	if all.crowd.trusts(start) {
		t.Error("one answers for all")
	}
	later := start.Add(2 * perFrame)
	if s := all.get(later, addr(maxSuspect)); s == all.crowd || len(all.of) != 1 {
		t.Errorf("%d are remembered, want the new one", len(all.of))
	}
}
