package tftpd

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/machine"
)

// ask sends a request for f from a port of the guest and returns where the answer came from.
func ask(t *testing.T, m *Machine, src netip.AddrPort, dst netip.Addr) (netip.AddrPort, bool) {
	t.Helper()
	m.Receive(start, machine.Datagram{Link: 3, Src: src, Dst: netip.AddrPortFrom(dst, Port), Payload: Request{Name: "f", Mode: "octet"}.Append(nil)})
	d, ok := m.Next()
	if ok && (d.Link != 3 || d.Dst != src || d.Src.Addr() != dst) {
		t.Errorf("the answer goes from %v to %v by link %d", d.Src, d.Dst, d.Link)
	}
	for _, more := m.Next(); more; _, more = m.Next() {
	}
	return d.Src, ok
}

func TestMachineSpreadsTransfersOverItsPorts(t *testing.T) {
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(10_000)})})
	seen := map[uint16]bool{}
	for i := range 2000 {
		from, ok := ask(t, m, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 2070), server69.Addr())
		if !ok || from.Port() == Port || !m.Listens(from.Port()) {
			t.Fatalf("transfer %d is answered from %v, %v", i, from, ok)
		}
		seen[from.Port()] = true
	}
	if len(seen) != 64 {
		t.Errorf("2000 transfers speak from %d ports, want all 64", len(seen))
	}
	m.Receive(start, machine.Reset{})
	if at, waits := m.Deadline(); waits {
		t.Errorf("after a reset something waits for %v", at)
	}
}

// tell acknowledges a block, and drops what is said to it.
func tell(m *Machine, src, tid netip.AddrPort, block uint16) (said int) {
	m.Receive(start, machine.Datagram{Link: 3, Src: src, Dst: tid, Payload: binary.BigEndian.AppendUint16([]byte{0, opACK}, block)})
	for _, ok := m.Next(); ok; _, ok = m.Next() {
		said++
	}
	return said
}

func TestMachineDoesNotAnswerBroadcasts(t *testing.T) {
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": nil})})
	for _, dst := range []string{"255.255.255.255", "224.0.0.1", "0.0.0.0"} {
		if from, ok := ask(t, m, guest, netip.MustParseAddr(dst)); ok {
			t.Errorf("a request to %s is answered from %v", dst, from)
		}
	}
	if !m.Listens(69) || m.Listens(68) || m.Listens(4011) {
		t.Error("the machine is not behind the ports that it says")
	}
}

func TestMachineWaitsForTheEarliestOfItsTransfers(t *testing.T) {
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(10_000)})})
	other := netip.AddrPortFrom(guest.Addr(), 2071)
	hand := func(after time.Duration, src, dst netip.AddrPort, payload []byte) netip.AddrPort {
		m.Receive(start.Add(after), machine.Datagram{Src: src, Dst: dst, Payload: payload})
		var from netip.AddrPort
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			from = d.Src
		}
		return from
	}
	rrq := Request{Name: "f", Mode: "octet"}.Append(nil)
	tid := hand(0, guest, server69, rrq)
	hand(time.Second, other, hand(500*time.Millisecond, other, server69, rrq), []byte{0, opACK, 0, 1})
	hand(1500*time.Millisecond, guest, tid, []byte{0, opACK, 0, 1})
	if at, _ := m.Deadline(); at != start.Add(3*time.Second) {
		t.Errorf("the deadline is %v after the start, want that of the second transfer, 3s", at.Sub(start))
	}
}

func TestMachineForgetsATransferThatWasReplaced(t *testing.T) {
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(600)})})
	ask(t, m, guest, server69.Addr())
	m.Receive(start, machine.Datagram{Link: 3, Src: guest, Dst: server69, Payload: Request{Name: "f", Mode: "netascii"}.Append(nil)})
	for _, more := m.Next(); more; _, more = m.Next() {
	}
	if n, fresh := len(m.table.clients), m.table.fresh.Len(); n != 1 || fresh != 1 || len(m.timers) != 1 {
		t.Errorf("%d clients, %d of them new, %d timers for one transfer", n, fresh, len(m.timers))
	}
}

func TestMachineLetsRequestsWaitBeyondItsLimit(t *testing.T) {
	var got facts
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(600)}), MaxTransfers: 2, Events: &got})
	var tids []netip.AddrPort
	for i, want := range []bool{true, true, false, false} {
		src := netip.AddrPortFrom(guest.Addr(), uint16(2000+i))
		from, ok := ask(t, m, src, server69.Addr())
		if ok != want {
			t.Errorf("request %d answered: %v", i, ok)
		}
		tell(m, src, from, 1)
		tids = append(tids, from)
	}
	if last := got[len(got)-1]; last != "fault : tftp: there are 2 transfers, as many as we may have: further requests wait" {
		t.Errorf("the last fact is %q", last)
	}
	m.Receive(start, machine.Datagram{Link: 3, Src: netip.AddrPortFrom(guest.Addr(), 2000), Dst: tids[0], Payload: []byte{0, opACK, 0, 2}})
	d, ok := m.Next()
	if !ok || d.Dst.Port() != 2002 {
		t.Errorf("after the end of the first transfer %v to %v, want the third client's answer", ok, d.Dst)
	}
}

func TestMachineSpeaksFromThePortsItIsTold(t *testing.T) {
	tree := treeOf(map[string][]byte{"f": pattern(600)})
	for _, c := range []struct {
		rule string
		cfg  Config
		want []uint16
	}{
		{"a range of one", Config{FirstPort: 5000, LastPort: 5000}, []uint16{5000, 5000, 5000}},
		{"one port for all", Config{SinglePort: true, FirstPort: 5000, LastPort: 5001}, []uint16{69, 69, 69}},
	} {
		c.cfg.Tree = tree
		m := NewMachine(c.cfg)
		for i, want := range c.want {
			from, _ := ask(t, m, netip.AddrPortFrom(guest.Addr(), uint16(2000+i)), server69.Addr())
			if from.Port() != want || want != 0 && !m.Listens(want) {
				t.Errorf("%s: request %d is answered from %v, want port %d", c.rule, i, from, want)
			}
		}
	}
}

func TestMachineTellsTransfersOnOnePortApart(t *testing.T) {
	got := play(t, Config{Tree: treeOf(map[string][]byte{"f": pattern(600)}), SinglePort: true}, `
> rrq f octet
> ack 1
> stranger: ack 1
> ack 2
> ack 2`)
	const want = `> rrq f octet
< data 1 512
> ack 1
< data 2 88
> stranger: ack 1
< error 4 unsupported request from 192.168.9.66 to 192.168.9.66:666
> ack 2
> ack 2
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestMachineLeavesClosedLinksAlone(t *testing.T) {
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": nil})}, Link{}, Link{}, Link{}, Link{Name: "eth3", Closed: true})
	if from, ok := ask(t, m, guest, server69.Addr()); ok {
		t.Errorf("a request on a closed link is answered from %v", from)
	}
}

func TestEveryFileIsClosed(t *testing.T) {
	for rule, script := range map[string]string{
		"it arrived":               "> rrq f octet\n> ack 1\n> ack 2",
		"the client wants no more": "> rrq f octet\n> error 0 no",
		"the client is silent":     "> rrq f octet\n+10m",
		"the client's port closed": "> rrq f octet\n> unreachable",
		"another one is asked for": "> rrq f octet\n> rrq nosuch octet",
	} {
		open := 0
		tree := treeFunc(func(name string) (*content.File, error) {
			f, err := treeOf(map[string][]byte{"f": pattern(600)}).Open(name)
			if err != nil {
				return nil, err
			}
			open++
			return content.NewFile(f.Name, f, f.Size, f.ModTime, func() error { open--; return nil }), nil
		})
		play(t, Config{Tree: tree}, script)
		if open != 0 {
			t.Errorf("%s: %d files are still open", rule, open)
		}
	}
}

// FuzzMachine sends pieces of one input to port 69 and to the transfers, while time passes. Nothing may
// panic, and the answers must stay in proportion: one window for each datagram that came.
func FuzzMachine(f *testing.F) {
	rrq := string(Request{"f", "octet", []Option{{"blksize", "8"}, {"windowsize", "4"}}}.Append(nil))
	f.Add(rrq, "\x00\x04\x00\x00", "\x00\x04\x00\x04", uint16(3))
	f.Add("\x00\x01f\x00netascii\x00", "\x00\x04\x00\x01", "\x00\x05\x00\x00", uint16(0))
	f.Fuzz(func(t *testing.T, first, second, third string, pause uint16) {
		m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(1000)}), MaxWindow: 4})
		now, tid := start, server69
		for _, payload := range []string{first, second, third, second, first} {
			m.Receive(now, machine.Datagram{Src: guest, Dst: tid, Payload: []byte(payload)})
			sent := 0
			for d, ok := m.Next(); ok; d, ok = m.Next() {
				tid = d.Src
				sent++
			}
			if sent > 4 {
				t.Fatalf("%q is answered with %d packets", payload, sent)
			}
			now = now.Add(time.Duration(pause) * time.Second)
			m.Expire(now)
			for _, ok := m.Next(); ok; _, ok = m.Next() {
			}
		}
	})
}
