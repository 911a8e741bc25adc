package tftpd

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// A forger sends in the name of a victim, and never sees what the victim is sent.
type forger struct {
	m        *Machine
	now      time.Time
	sent     int // bytes, with the headers of IP and UDP
	received int
	packets  int
	asked    int
	log      *facts
}

const headers = 28

func newForger(cfg Config, ports int) *forger {
	f := &forger{now: start, log: &facts{}}
	cfg.Tree, cfg.Events = treeOf(map[string][]byte{"f": pattern(20_000_000)}), f.log
	cfg.Ports = ports
	cfg = cfg.filled()
	all := []uint16{Port}
	if !cfg.SinglePort {
		all = nil
		for i := range ports {
			all = append(all, uint16(5000+i))
		}
	}
	f.m = newMachine(cfg, all, [32]byte{1}, func(machine.Datagram) (Link, bool) { return Link{}, true })
	return f
}

func (f *forger) drain() {
	for d, ok := f.m.Next(); ok; d, ok = f.m.Next() {
		f.received += headers + len(d.Payload)
		f.packets++
	}
}

func (f *forger) send(port uint16, payload []byte) {
	f.sent += headers + len(payload)
	f.m.Receive(f.now, machine.Datagram{Src: guest, Dst: netip.AddrPortFrom(server69.Addr(), port), Payload: payload})
	f.drain()
}

// spray sends an ACK to every port that transfers may have.
func (f *forger) spray(block int) {
	for _, p := range f.m.ports {
		f.send(p, binary.BigEndian.AppendUint16([]byte{0, opACK}, uint16(block)))
	}
}

func (f *forger) pass(d time.Duration) {
	until := f.now.Add(d)
	for at, ok := f.m.Deadline(); ok && !at.After(until); at, ok = f.m.Deadline() {
		f.now = at
		f.m.Expire(at)
		f.drain()
	}
	f.now = until
}

func (f *forger) factor() float64 { return float64(f.received) / float64(f.sent) }

// The numbers of doc.go. What a forger sends, and the most that comes of a byte of it in ten minutes.
func TestForgedPacketsAreWorthLittle(t *testing.T) {
	plain := []Option(nil)
	large := []Option{{"blksize", "1468"}, {"windowsize", "65535"}}
	single := Config{SinglePort: true}
	for _, c := range []struct {
		rule    string
		cfg     Config
		ports   int
		options []Option
		acks    []int
		pace    time.Duration
		most    float64
	}{
		{"a request", Config{}, 64, plain, nil, 0, 15},
		{"a request that wants long time-outs", Config{}, 64, []Option{{"timeout", "255"}}, nil, 0, 1},
		{"a request and ACK 0, from one port", single, 1, large, []int{0}, 0, 17},
		{"a request and ACK 0, from ten ports", Config{}, 10, large, []int{0}, 0, 60},
		{"a request and ACK 0, from 64 ports", Config{}, 64, large, []int{0}, 0, 60},
		{"tiny blocks in large windows", single, 1, []Option{{"blksize", "8"}, {"windowsize", "65535"}}, []int{0}, 0, 25},
		{"whole windows, one after the other", Config{}, 64, large, count(0, 64, 64*100), 4 * time.Millisecond, 53},
		{"whole windows, from ten ports", Config{}, 10, large, count(0, 10, 10*100), 4 * time.Millisecond, 53},
		{"block by block", single, 1, large, count(0, 1, 100), 4 * time.Millisecond, 3},
		{"block by block, without options", single, 1, plain, count(1, 1, 100), 4 * time.Millisecond, 3},
		{"block by block, slower than a block can be held back", single, 1, large, count(0, 1, 100), 50 * time.Millisecond, 52},
		{"the first block, and then nothing", single, 1, large, count(0, 1, 1), time.Second, 70},
		{"ACK 0 again and again", single, 1, large, make([]int, 100), 4 * time.Millisecond, 5},
	} {
		f := newForger(c.cfg, c.ports)
		f.send(Port, Request{"f", "octet", c.options}.Append(nil))
		for _, block := range c.acks {
			f.pass(c.pace)
			f.spray(block)
		}
		f.pass(10 * time.Minute)
		t.Logf("%s: %d bytes become %d in %d packets: %.1f", c.rule, f.sent, f.received, f.packets, f.factor())
		if f.factor() > c.most {
			t.Errorf("%s: %d bytes become %d in %d packets, %.1f of one, want %.1f at most", c.rule, f.sent, f.received, f.packets, f.factor(), c.most)
		}
	}
}

// count are the numbers from first to last.
func count(first, step, last int) (all []int) {
	for n := first; n <= last; n += step {
		all = append(all, n)
	}
	return all
}

func TestWhoWaitsForAHeldBackBlockGetsTheFile(t *testing.T) {
	want := pattern(20_000)
	for seed := range byte(10) {
		w := newWire(1, faults{delay: time.Millisecond}, Config{})
		cfg := Config{Tree: treeOf(map[string][]byte{"f": want}), SinglePort: true}.filled()
		w.server = newMachine(cfg, []uint16{Port}, [32]byte{1 + seed}, func(machine.Datagram) (Link, bool) { return Link{}, true })
		for _, shape := range shapes {
			w.add(shape)
		}
		for w.step() {
		}
		for i, r := range w.readers {
			if !bytes.Equal(r.got, want) {
				t.Errorf("shape %d has %d of %d bytes, %v", i, len(r.got), len(want), r.failed)
			}
		}
		// A block held back is no loss: 20 ms more for each, and no time-out.
		if took := w.now.Sub(start); took > 3*time.Minute {
			t.Errorf("it took %v", took)
		}
	}
}

func TestAForgedACKOfAHeldBackBlockEndsTheTransfer(t *testing.T) {
	f := newForger(Config{SinglePort: true}, 1)
	f.send(Port, Request{Name: "f", Mode: "octet"}.Append(nil))
	for n := 1; n < 10; n++ {
		f.spray(n)
	}
	if f.packets > 4 || len(f.m.table.clients) != 0 || !strings.Contains((*f.log)[len(*f.log)-1], "somebody forges the packets of the client") {
		t.Errorf("%d packets were sent, and then %q", f.packets, (*f.log)[len(*f.log)-1])
	}
}

func TestICMPErrorsAreBlamedOnWhomTheyAreAbout(t *testing.T) {
	for _, c := range []struct {
		rule   string
		about  netip.AddrPort
		quoted string
		other  bool // it came to another port of ours
		ends   bool
	}{
		{"the client's port is closed", guest, "\x00\x03\x00\x02data", false, true},
		{"a router quotes no more than RFC 792 asks for", guest, "", false, true},
		{"about a stranger", stranger, "\x00\x05\x00\x05", false, false},
		{"about another port of the client", netip.AddrPortFrom(guest.Addr(), 9), "\x00\x03\x00\x02data", false, false},
		{"about a transfer of another port of ours", guest, "\x00\x03\x00\x02data", true, false},
		{"about a block that has arrived", guest, "\x00\x03\x00\x01data", false, false},
		{"about a block that was never sent", guest, "\x00\x03\x00\x03data", false, false},
		{"about an ERROR that a port of the client was sent before", guest, "\x00\x05\x00\x01", false, false},
		{"about an OACK that was acknowledged", guest, "\x00\x06tsize\x00", false, false},
	} {
		r := newRoom(Config{})
		r.ask(guest)
		r.ack(guest, 1)
		at := r.got[guest][0].Src.Port()
		if c.other {
			at++
		}
		r.m.unreachable(r.now, at, closed{c.about, []byte(c.quoted)})
		r.drain()
		if r.runs(guest) == c.ends {
			t.Errorf("%s: the transfer ends: %v", c.rule, !r.runs(guest))
		}
	}
}
