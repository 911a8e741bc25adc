package tftpd

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A wire carries datagrams between a server and readers in virtual time, with faults by seed.
type wire struct {
	now       time.Time
	rng       *rand.Rand
	faults    faults
	server    *Machine
	readers   []*reader
	inflight  []flight
	sequence  int
	delivered map[data]int // how often each was sent
}

// data is one DATA packet, by where it goes and its number.
type data struct {
	to    netip.AddrPort
	block uint16
}

type faults struct {
	loss, duplicate float64
	delay, jitter   time.Duration
}

type flight struct {
	at       time.Time
	sequence int
	d        machine.Datagram
}

func newWire(seed uint64, f faults, cfg Config) *wire {
	return &wire{now: start, rng: rand.New(rand.NewPCG(seed, 1)), faults: f, server: NewMachine(cfg), delivered: map[data]int{}}
}

func (w *wire) add(r Request) *reader {
	at := netip.AddrPortFrom(guest.Addr(), uint16(3000+len(w.readers)))
	w.readers = append(w.readers, newReader(at, r, w.now))
	return w.readers[len(w.readers)-1]
}

// put sends what a machine has to say on its way.
func (w *wire) put(m machine.Machine) {
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		copies := 1
		if w.rng.Float64() < w.faults.duplicate {
			copies = 2
		}
		if opcode(d.Payload) == opDATA {
			w.delivered[data{d.Dst, binary.BigEndian.Uint16(d.Payload[2:])}]++
		}
		for range copies {
			if w.rng.Float64() < w.faults.loss {
				continue
			}
			delay := w.faults.delay
			if w.faults.jitter > 0 {
				delay += time.Duration(w.rng.Int64N(int64(w.faults.jitter)))
			}
			d.Payload = bytes.Clone(d.Payload)
			w.sequence++
			w.inflight = append(w.inflight, flight{w.now.Add(delay), w.sequence, d})
		}
	}
}

// step does what is due next; false when nothing is.
func (w *wire) step() bool {
	w.put(w.server)
	next, found := w.server.Deadline()
	earlier := func(at time.Time, ok bool) {
		if ok && (!found || at.Before(next)) {
			next, found = at, true
		}
	}
	for _, r := range w.readers {
		w.put(r)
		earlier(r.Deadline())
	}
	slices.SortFunc(w.inflight, func(a, b flight) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.sequence, b.sequence))
	})
	if len(w.inflight) > 0 && !w.inflight[0].at.After(next) || len(w.inflight) > 0 && !found {
		f := w.inflight[0]
		w.inflight = w.inflight[1:]
		w.now = f.at
		w.deliver(f.d)
		return true
	}
	if !found {
		return false
	}
	w.now = next
	w.server.Expire(w.now)
	for _, r := range w.readers {
		r.Expire(w.now)
	}
	return true
}

func (w *wire) deliver(d machine.Datagram) {
	if d.Dst.Addr() == server69.Addr() {
		w.server.Receive(w.now, d)
		return
	}
	for _, r := range w.readers {
		if r.at == d.Dst {
			r.Receive(w.now, d)
		}
	}
}

// shapes are the ways in which clients ask.
var shapes = []Request{
	{"f", "octet", nil},
	{"f", "octet", []Option{{"tsize", "0"}, {"blksize", "1408"}}},
	{"f", "octet", []Option{{"blksize", "1468"}, {"windowsize", "4"}}},
	{"f", "octet", []Option{{"blksize", "100"}, {"windowsize", "64"}, {"timeout", "1"}}},
	{"f", "octet", []Option{{"blksize", "1000"}, {"windowsize", "7"}}},
}

func TestEveryFileArrivesWholeWhateverTheWireDoes(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		want := pattern(rng.IntN(30_000) * int(seed%3))
		var log event.Journal
		w := newWire(seed, faults{
			loss: 0.10 * rng.Float64(), duplicate: 0.05 * rng.Float64(),
			delay: time.Millisecond, jitter: time.Duration(rng.IntN(20)) * time.Millisecond,
		}, Config{Tree: treeOf(map[string][]byte{"f": want}), Events: &log})
		for _, shape := range shapes {
			w.add(shape)
		}
		for w.step() {
		}
		for i, r := range w.readers {
			if r.failed != nil || !r.whole || !bytes.Equal(r.got, want) {
				all, _ := log.After(0)
				t.Errorf("seed %d, shape %d: %d of %d bytes, whole %v, %v\n%v", seed, i, len(r.got), len(want), r.whole, r.failed, all[max(0, len(all)-5):])
			}
		}
		if n := len(w.server.table.clients) + len(w.server.table.shares) + w.server.table.fresh.Len() + len(w.server.timers); n != 0 {
			t.Errorf("seed %d: the server remembers %d things of transfers that are over", seed, n)
		}
	}
}

// TestALossCostsRoundTripsAndNotSeconds counts what losses add to a transfer, in virtual time.
func TestALossCostsRoundTripsAndNotSeconds(t *testing.T) {
	for name, c := range map[string]struct {
		delay, each time.Duration // of one way; what a loss may cost
		options     []Option
	}{
		"lock step, 5 ms":   {2500 * time.Microsecond, 60 * time.Millisecond, []Option{{"blksize", "1428"}}},
		"lock step, 25 ms":  {12500 * time.Microsecond, 60 * time.Millisecond, []Option{{"blksize", "1428"}}},
		"lock step, 200 ms": {100 * time.Millisecond, 250 * time.Millisecond, []Option{{"blksize", "1428"}}},
		"windows, 25 ms":    {12500 * time.Microsecond, 5 * time.Millisecond, []Option{{"blksize", "1428"}, {"windowsize", "16"}}},
		"its own time-out":  {2500 * time.Microsecond, 1500 * time.Millisecond, []Option{{"blksize", "1428"}, {"timeout", "1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			elapsed := func(loss float64) (took time.Duration, again int) {
				w := newWire(3, faults{loss: loss, delay: c.delay}, Config{Tree: treeOf(map[string][]byte{"f": pattern(1 << 20)})})
				r := w.add(Request{"f", "octet", c.options})
				for !r.whole && w.step() {
				}
				if !r.whole {
					t.Fatalf("%d bytes, %v", len(r.got), r.failed)
				}
				for _, n := range w.delivered {
					again += n - 1
				}
				return w.now.Sub(start), again
			}
			healthy, spurious := elapsed(0)
			if spurious > 0 {
				t.Errorf("%d blocks were sent again, and none was lost", spurious)
			}
			took, again := elapsed(0.01)
			if again == 0 {
				t.Fatal("nothing was lost")
			}
			if extra := (took - healthy) / time.Duration(again); extra > c.each {
				t.Errorf("%v instead of %v: %v for each of %d blocks that were sent again", took, healthy, extra, again)
			}
		})
	}
}

func TestDuplicatedPacketsDoNotMultiply(t *testing.T) {
	// Every packet comes twice. The Sorcerer's Apprentice would send every block twice from then on.
	want := pattern(50_000)
	w := newWire(1, faults{duplicate: 1, delay: time.Millisecond}, Config{Tree: treeOf(map[string][]byte{"f": want})})
	r := w.add(Request{"f", "octet", nil})
	for w.step() {
	}
	if !bytes.Equal(r.got, want) {
		t.Fatalf("%d of %d bytes, %v", len(r.got), len(want), r.failed)
	}
	for d, n := range w.delivered {
		// DATA 1 comes again for the RRQ that came twice.
		if n > 1 && d.block != 1 {
			t.Errorf("block %d was sent %d times", d.block, n)
		}
	}
}

func TestBlockNumbersWrapToZero(t *testing.T) {
	want := pattern(8*(65536+3) + 5)
	for _, window := range []string{"1", "5"} {
		w := newWire(1, faults{delay: time.Microsecond}, Config{Tree: treeOf(map[string][]byte{"f": want})})
		r := w.add(Request{"f", "octet", []Option{{"blksize", "8"}, {"windowsize", window}}})
		for w.step() {
		}
		if !bytes.Equal(r.got, want) || r.data != 65536+4 {
			t.Errorf("windowsize %s: %d of %d bytes in %d blocks, %v", window, len(r.got), len(want), r.data, r.failed)
		}
	}
}

func TestTheSameSeedGivesTheSameFacts(t *testing.T) {
	run := func() []event.Event {
		var log event.Journal
		w := newWire(7, faults{loss: 0.05, duplicate: 0.02, delay: time.Millisecond, jitter: 5 * time.Millisecond},
			Config{Tree: treeOf(map[string][]byte{"f": pattern(20_000)}), Events: &log})
		for range 3 {
			for _, shape := range shapes {
				w.add(shape)
			}
		}
		for w.step() {
		}
		all, _ := log.After(0)
		return all
	}
	if a, b := run(), run(); !slices.Equal(a, b) {
		t.Error("two runs of one seed differ")
	}
}
