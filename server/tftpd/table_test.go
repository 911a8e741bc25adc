package tftpd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/machine"
)

// A room is a Machine and clients that say little.
type room struct {
	m   *Machine
	now time.Time
	log facts
	got map[netip.AddrPort][]machine.Datagram // what each was sent
}

func newRoom(cfg Config) *room {
	r := &room{now: start, got: map[netip.AddrPort][]machine.Datagram{}}
	cfg.Tree, cfg.Events = treeOf(map[string][]byte{"f": pattern(200_000)}), &r.log
	r.m = NewMachine(cfg)
	return r
}

func (r *room) drain() {
	for d, ok := r.m.Next(); ok; d, ok = r.m.Next() {
		d.Payload = bytes.Clone(d.Payload)
		r.got[d.Dst] = append(r.got[d.Dst], d)
	}
}

func (r *room) send(src, dst netip.AddrPort, payload []byte) {
	r.m.Receive(r.now, machine.Datagram{Src: src, Dst: dst, Payload: payload})
	r.drain()
}

// ask sends a request with options.
func (r *room) ask(src netip.AddrPort, options ...Option) {
	r.send(src, server69, Request{"f", "octet", options}.Append(nil))
}

// ack acknowledges to where the last answer came from.
func (r *room) ack(src netip.AddrPort, block uint16) {
	all := r.got[src]
	r.send(src, all[len(all)-1].Src, binary.BigEndian.AppendUint16([]byte{0, opACK}, block))
}

func (r *room) pass(d time.Duration) {
	until := r.now.Add(d)
	for at, ok := r.m.Deadline(); ok && !at.After(until); at, ok = r.m.Deadline() {
		r.now = at
		r.m.Expire(at)
		r.drain()
	}
	r.now = until
}

func (r *room) runs(c netip.AddrPort) bool { return r.m.table.clients[c] != nil }

func (r *room) said(text string) (n int) {
	for _, line := range r.log {
		n += strings.Count(line, text)
	}
	return n
}

func client(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 2000)
}

func port(i int) netip.AddrPort { return netip.AddrPortFrom(guest.Addr(), uint16(2000+i)) }

func TestWhoHasNotAnsweredGivesWayAndNobodyElse(t *testing.T) {
	r := newRoom(Config{MaxTransfers: 4})
	for i := range 2 {
		r.ask(client(i))
		r.ack(client(i), 1)
	}
	r.ask(client(2), Option{"tsize", "0"})
	r.ack(client(2), 0) // of the OACK alone: that is an answer too
	for i := 3; i < 100; i++ {
		r.ask(client(i))
		if !r.runs(client(i)) || i > 3 && r.runs(client(i-1)) {
			t.Fatalf("request %d has not taken the place of the one before", i)
		}
	}
	for i := range 3 {
		if !r.runs(client(i)) {
			t.Errorf("client %d had answered, and gave way", i)
		}
	}
	r.ack(client(99), 1)
	if r.ask(client(100)); r.runs(client(100)) || r.said("further requests wait") != 1 {
		t.Errorf("four have answered, and there is room for a fifth:\n%v", r.log[len(r.log)-2:])
	}
}

func TestAFloodOfOneAddressLeavesRoomForOthers(t *testing.T) {
	r := newRoom(Config{})
	for i := range 5000 {
		r.ask(port(i), Option{"timeout", "255"})
	}
	if n := len(r.m.table.clients); n != maxFresh {
		t.Errorf("one address has %d transfers that it has not answered, want %d", n, maxFresh)
	}
	if n := r.said("as one address may have"); n != 1 {
		t.Errorf("that is told %d times", n)
	}
	honest := port(9999)
	r.ask(honest)
	for block := range uint16(50) {
		r.ack(honest, block+1)
		r.ask(port(int(block)), Option{"timeout", "255"})
	}
	if !r.runs(honest) || len(r.got[honest]) != 51 {
		t.Errorf("an honest client of the same address has %d blocks", len(r.got[honest]))
	}
	r.pass(30 * time.Second)
	if n := len(r.m.table.clients); n != 1 {
		t.Errorf("after 30 s of silence %d transfers are left, want the honest one", n)
	}
}

func TestOneAddressHasAShareOfTheTransfers(t *testing.T) {
	r := newRoom(Config{MaxTransfers: 400})
	for i := range 200 {
		r.ask(port(i))
		if r.runs(port(i)) {
			r.ack(port(i), 1)
		}
	}
	if n := len(r.m.table.clients); n != 100 {
		t.Errorf("one address has %d of 400 transfers, want a quarter", n)
	}
	if r.ask(client(1)); !r.runs(client(1)) {
		t.Error("another address has to wait for it")
	}
	// It loses what it neglects itself, and only that.
	r.pass(20 * time.Second)
	r.ack(port(7), 2)
	r.pass(12 * time.Second)
	if r.ask(port(500)); !r.runs(port(500)) || !r.runs(port(7)) || r.runs(port(0)) {
		t.Error("the transfer that was silent longest has not given way")
	}
}

func TestWhoIsSilentGivesWayWhenOthersWait(t *testing.T) {
	for _, c := range []struct {
		rule   string
		silent time.Duration
		want   bool
	}{
		{"a client may be silent for a while", 29 * time.Second, false},
		{"but not while others wait", 31 * time.Second, true},
	} {
		r := newRoom(Config{MaxTransfers: 1})
		r.ask(client(1), Option{"timeout", "100"})
		r.ack(client(1), 0)
		r.ack(client(1), 1)
		r.pass(c.silent)
		if r.ask(client(2)); r.runs(client(2)) != c.want {
			t.Errorf("%s: another has its place: %v", c.rule, r.runs(client(2)))
		}
	}
}

// A download that was abandoned kept its place for as long as there was somebody else who had not answered yet: with
// few places each machine got the same last one, and lost it to the next request.
func TestWhoIsSilentGivesWayBeforeWhoHadNoTimeToAnswer(t *testing.T) {
	r := newRoom(Config{MaxTransfers: 2})
	r.ask(client(1), Option{"timeout", "100"})
	r.ack(client(1), 0)
	r.ack(client(1), 1)
	r.pass(31 * time.Second)
	r.ask(client(2))
	r.ask(client(3))
	if r.runs(client(1)) || !r.runs(client(2)) || !r.runs(client(3)) {
		t.Errorf("the silent one has its place: %v, those who just asked: %v and %v", r.runs(client(1)), r.runs(client(2)), r.runs(client(3)))
	}
}

func TestRequestsWaitOnceForEachClientAndNotForLong(t *testing.T) {
	r := newRoom(Config{MaxTransfers: 1})
	finish := func() {
		r.send(client(1), r.got[client(1)][0].Src, errorPacket(0, "enough"))
	}
	r.ask(client(1))
	r.ack(client(1), 1)
	for range 2 * maxWaiting {
		r.ask(client(2))
	}
	r.ask(client(3))
	if n := len(r.m.waiting); n != 2 {
		t.Errorf("%d requests of two clients wait", n)
	}
	r.pass(9 * time.Second)
	r.ask(client(3)) // and so is still there
	r.pass(2 * time.Second)
	if finish(); r.runs(client(2)) || !r.runs(client(3)) {
		t.Errorf("who gave up 11 s ago is served: %v, who asked again: %v", r.runs(client(2)), r.runs(client(3)))
	}
}

func TestPortsAreDealtSoThatLateACKsMeetNoOther(t *testing.T) {
	r := newRoom(Config{})
	last := netip.AddrPort{}
	for i := range 300 {
		r.ask(guest, Option{"tsize", fmt.Sprint(i)})
		all := r.got[guest]
		at := all[len(all)-1].Src
		if at == last {
			t.Fatalf("transfer %d speaks from %v, as the one before", i, at)
		}
		if i%2 == 0 {
			r.send(guest, at, errorPacket(0, "enough"))
			before := len(r.got[guest])
			if r.send(guest, at, []byte{0, opACK, 0, 9}); len(r.got[guest]) != before {
				t.Fatal("a late ACK is answered")
			}
		}
		last = at
	}
}

func TestEndedClientsAreForgotten(t *testing.T) {
	var e ended
	for i := range 3 * maxEnded {
		e.add(client(i%(2*maxEnded)), uint16(i))
	}
	if len(e.ports) != maxEnded || len(e.ring) != maxEnded {
		t.Errorf("%d of %d clients are remembered, want %d", len(e.ports), len(e.ring), maxEnded)
	}
}

func TestRequestsFromNobodyAreRefused(t *testing.T) {
	here, there := netip.MustParsePrefix("192.168.9.0/24"), netip.MustParsePrefix("10.0.0.0/8")
	links := []Link{{Name: "eth0", Index: 2, Net: here}, {Name: "eth1", Index: 3, Net: there}}
	for _, c := range []struct{ rule, src, dst, want string }{
		{"a machine of the network", "192.168.9.100:2070", "192.168.9.2", ""},
		{"a machine behind a router", "172.16.0.1:2070", "192.168.9.2", ""},
		{"port 0", "192.168.9.100:0", "192.168.9.2", "from port 0, which nobody has"},
		{"the network's broadcast", "192.168.9.255:2070", "192.168.9.2", "the source is the address of no single machine"},
		{"everybody", "255.255.255.255:2070", "192.168.9.2", "the source is the address of no single machine"},
		{"a group", "224.0.0.1:2070", "192.168.9.2", "the source is the address of no single machine"},
		{"no address", "0.0.0.0:68", "192.168.9.2", "the source is the address of no single machine"},
		{"this network", "0.1.2.3:68", "192.168.9.2", "the source is the address of no single machine"},
		{"a loopback from outside", "127.0.0.1:2070", "192.168.9.2", "a loopback address from outside"},
		{"this host itself", "127.0.0.1:2070", "127.0.0.3", ""},
		{"a machine of our other network", "10.1.2.3:2070", "192.168.9.2", "192.168.9.2 on eth0 from the network of eth1 is not served"},
	} {
		var log facts
		m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(100)}), Events: &log}, links...)
		m.Receive(start, machine.Datagram{Src: netip.MustParseAddrPort(c.src), Dst: netip.AddrPortFrom(netip.MustParseAddr(c.dst), Port),
			Payload: Request{Name: "f", Mode: "octet"}.Append(nil)})
		_, answered := m.Next()
		want := facts{"ignore : tftp: " + c.want}
		if c.want == "" {
			want = facts{"rrq f mode=octet"}
		}
		if diff := cmp.Diff(want, log); diff != "" || answered != (c.want == "") {
			t.Errorf("%s is answered: %v (-want +got):\n%s", c.rule, answered, diff)
		}
	}
}
