package tftpd

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"testing"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/wire/event"
)

// A stepper is a transfer by a socket, block by block.
type stepper struct {
	conn *net.UDPConn
	tid  netip.AddrPort
	got  string
}

func begins(t *testing.T, at netip.AddrPort) *stepper {
	t.Helper()
	s := &stepper{}
	data, tid, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
	if data[:4] != "\x00\x03\x00\x01" {
		t.Fatalf("sent %q", data)
	}
	s.conn, s.tid, s.got = conn, tid, data[4:]
	return s
}

// ends fetches the rest, and wants the file.
func (s *stepper) ends(t *testing.T, want []byte) {
	t.Helper()
	for n := uint16(1); ; n++ {
		must(s.conn.WriteToUDPAddrPort(binary.BigEndian.AppendUint16([]byte{0, opACK}, n), s.tid))
		if len(s.got)%512 != 0 {
			break
		}
		data, from := receive(t, s.conn)
		if from != s.tid || binary.BigEndian.Uint16([]byte(data[2:])) != n+1 {
			t.Fatalf("block %d from %v, want %d from %v", binary.BigEndian.Uint16([]byte(data[2:])), from, n+1, s.tid)
		}
		s.got += data[4:]
	}
	if s.got != string(want) {
		t.Errorf("%d bytes, which are not those of the file", len(s.got))
	}
}

// Whatever changes, a transfer ends at the port where it began, and the next one is as it is said by then.
func TestAServerGoesOnWithAnotherConfiguration(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	file := pattern(3000)
	base := Config{Tree: root(t, map[string][]byte{"f": file}), Ports: 2}
	with := func(change func(c *Config)) Config {
		c := base
		change(&c)
		return c
	}
	var journal event.Journal
	base.Events = &journal
	conn := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	at := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	e := must(New(base))
	must(0, e.enter(conn))
	ran := make(chan error, 1)
	go func() { ran <- e.Run(context.Background()) }()
	first := begins(t, at)
	var running []*stepper
	for _, c := range []struct {
		what   string
		cfg    Config
		speaks func(port uint16) bool
	}{
		{"nothing is another", base, func(p uint16) bool { return p != at.Port() }},
		{"a range", with(func(c *Config) { c.FirstPort, c.LastPort = 28101, 28102 }), func(p uint16) bool { return p == 28101 || p == 28102 }},
		{"a smaller one, in which both ports are ours", with(func(c *Config) { c.FirstPort, c.LastPort = 28102, 28102 }), func(p uint16) bool { return p == 28102 }},
		{"one port", with(func(c *Config) { c.SinglePort = true }), func(p uint16) bool { return p == at.Port() }},
		{"any", base, func(p uint16) bool { return p != at.Port() && p != 28102 && p != 28101 }},
	} {
		if err := e.Change(c.cfg); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		s := begins(t, at)
		if !c.speaks(s.tid.Port()) {
			t.Errorf("%s: the transfer is from %v", c.what, s.tid)
		}
		running = append(running, s)
	}
	taken := must(net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at.Addr(), 28103))))
	defer taken.Close()
	if err := e.Change(with(func(c *Config) { c.FirstPort, c.LastPort = 28103, 28103 })); err == nil {
		t.Error("a port that somebody has is no mistake")
	}
	running = append(running, begins(t, at))
	for _, s := range running {
		s.ends(t, file)
	}
	for n := 0; n < len(running); {
		all, more := journal.After(0)
		n = 0
		for _, e := range all {
			if e.Kind == event.Got {
				n++
			}
		}
		if n < len(running) {
			<-more
		}
	}
	must(0, e.Change(base))
	e.mu.Lock()
	if n := len(e.sockets); n != 3 && n != 4 { // two ports, that of another range, and the first transfer may have another
		t.Errorf("%d sockets are left", n)
	}
	e.mu.Unlock()

	e.Finish()
	late := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	defer late.Close()
	must(late.WriteToUDPAddrPort(Request{Name: "f", Mode: "octet"}.Append(nil), at))
	first.ends(t, file)
	if err := <-ran; err != nil {
		t.Errorf("in the end: %v", err)
	}
	if err := e.Change(base); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a change after the end: %v", err)
	}
}

func TestAMachineGoesOnWithAnotherConfiguration(t *testing.T) {
	base := Config{Tree: treeOf(map[string][]byte{"f": pattern(10_000)}), MaxTransfers: 2}
	m := NewMachine(base)
	first, _ := ask(t, m, port(0), server69.Addr())
	m.Change(Config{Tree: base.Tree, SinglePort: true, MaxTransfers: 3})
	second, ok := ask(t, m, port(1), server69.Addr())
	if !ok || second != server69 {
		t.Errorf("with one port the answer is from %v", second)
	}
	for i, tid := range []netip.AddrPort{first, second} {
		if tell(m, port(i), tid, 1) != 1 {
			t.Errorf("transfer %d does not go on", i)
		}
	}
	if _, ok := ask(t, m, port(2), server69.Addr()); !ok {
		t.Error("there is no room for a third, of three")
	}
	m.Finish()
	if tid, ok := ask(t, m, port(3), server69.Addr()); ok {
		t.Errorf("answered from %v, though it takes no more", tid)
	}
	if tell(m, port(0), first, 2) != 1 {
		t.Error("what is under way has ended")
	}
	m.Change(base)
	tell(m, port(0), first, 20)
	if m.finished() {
		t.Error("finished, though it is to go on")
	}
}
