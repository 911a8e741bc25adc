package rom_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

var mac = [6]byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}

// A run is what a ROM did.
type run struct {
	outcome rom.Outcome
	took    time.Duration
	sent    []string // kinds of DHCP packets and where they went, once each in a row
}

// boot runs a ROM against a net, pressing keys when it waits for them.
func boot(t *testing.T, firmware string, n *testnet.Net, keys ...machine.Key) run {
	t.Helper()
	profile, err := rom.Lookup(firmware)
	if err != nil {
		t.Fatal(err)
	}
	r := rom.New(rom.Config{Profile: profile, MAC: mac, Seed: 1})
	var res run
	seen := n.Seen
	n.Seen = func(now time.Time, toGuest bool, d machine.Datagram) {
		if seen != nil {
			seen(now, toGuest, d)
		}
		if line := describe(d); !toGuest && line != "" && (len(res.sent) == 0 || res.sent[len(res.sent)-1] != line) {
			res.sent = append(res.sent, line)
		}
	}
	now := testnet.Start()
	end := now.Add(10 * time.Minute)
	done := func() bool { _, ok := r.Outcome(); return ok }
	r.Receive(now, machine.Reset{})
	now = n.Run(r, now, end, done)
	for _, k := range keys {
		r.Receive(now, k)
		now = n.Run(r, now, end, done)
	}
	res.outcome, _ = r.Outcome()
	res.took = now.Sub(testnet.Start())
	return res
}

// describe names a DHCP packet of the client.
func describe(d machine.Datagram) string {
	if d.Src.Port() != 68 && d.Src.Port() != 4011 {
		return ""
	}
	typ, item := testnet.Type(d.Payload)
	switch {
	case item != nil:
		return "boot item > " + d.Dst.String()
	case typ == 1:
		return "DISCOVER"
	default:
		return "REQUEST > " + d.Dst.String()
	}
}

// answers makes a DHCP side of functions: the house leases, the proxy offers and acknowledges. A nil packet is
// silence.
func answers(n *testnet.Net, lease, offer, ack *testnet.Packet) {
	n.DHCP = func(request []byte, to netip.AddrPort) (out []machine.Datagram) {
		typ, item := testnet.Type(request)
		add := func(port uint16, typ byte, p *testnet.Packet, from netip.Addr) {
			if p == nil {
				return
			}
			q := *p
			q.Type, q.From = typ, from
			if item != nil && q.Options == nil {
				q.Options = append(append([]byte{43, 7, 71, 4}, item...), 255)
			}
			out = append(out, n.Reply(port, request, q))
		}
		switch {
		case item != nil, to.Port() == 4011:
			add(4011, 5, ack, n.Server)
		case typ == 1:
			add(67, 2, offer, n.Server)
			add(67, 2, lease, n.House)
		case typ == 3:
			add(67, 5, lease, n.House)
		}
		return out
	}
}

func nbp(name string) ([]byte, bool) { return []byte("program"), name == "pxelinux.0" }

// pxe is option 43 of sub-options.
func pxe(subs ...byte) []byte {
	return append([]byte{43, byte(len(subs) + 1)}, append(subs, 255)...)
}

func text(o rom.Outcome) string {
	switch {
	case o.Failure != nil && o.Failure.Patience:
		return "impatient: " + o.Failure.Error()
	case o.Failure != nil:
		return o.Failure.Error()
	case o.Local:
		return "local boot"
	case o.Handover != nil:
		return "boots from " + o.Handover.Server.String()
	}
	return "waits"
}

// A decision is a net's answers and what a ROM makes of them.
type decision struct {
	name              string
	lease, offer, ack *testnet.Packet
	want              string
	sent              []string
}

// The parts of answers, with the addresses of testnet.New.
type parts struct {
	me, house, server                       netip.Addr
	lease, direct, noSIAddr, bare, complete *testnet.Packet
	all                                     []string // the packets of every DHCP exchange
}

func newParts() parts {
	p := parts{me: netip.MustParseAddr("192.168.9.100"), house: netip.MustParseAddr("192.168.9.1"), server: netip.MustParseAddr("192.168.9.2")}
	p.lease = &testnet.Packet{YIAddr: p.me, SIAddr: p.house}
	p.direct = &testnet.Packet{SIAddr: p.server, File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}
	p.noSIAddr = &testnet.Packet{File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}
	p.bare = &testnet.Packet{SIAddr: p.server, Class: "PXEClient"}
	p.complete = &testnet.Packet{SIAddr: p.server, File: "pxelinux.0", Class: "PXEClient"}
	p.all = []string{"DISCOVER", "REQUEST > 255.255.255.255:67"}
	return p
}

// then is the packets of the DHCP exchange and more.
func (p parts) then(more ...string) []string { return append(p.all[:2:2], more...) }

// oneItem is a menu of type 32768 with prompt 0.
func oneItem(control byte, subs ...byte) *testnet.Packet {
	return &testnet.Packet{Class: "PXEClient", Options: pxe(append([]byte{6, 1, control, 9, 5, 0x80, 0, 2, 'o', 'k', 10, 1, 0}, subs...)...)}
}

func decide(t *testing.T, firmware string, table []decision) {
	t.Helper()
	for _, tc := range table {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(nbp)
			answers(n, tc.lease, tc.offer, tc.ack)
			got := boot(t, firmware, n)
			if diff := cmp.Diff(tc.want, text(got.outcome)); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.sent, got.sent); diff != "" {
				t.Errorf("packets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheMenuObeysKeys(t *testing.T) {
	items := pxe(6, 1, 3, 9, 9, 0x80, 0, 1, 'a', 0x80, 1, 2, 'b', 'c', 8, 14, 0x80, 0, 1, 192, 168, 9, 2, 0x80, 1, 1, 192, 168, 9, 2, 10, 3, 5, 'F', '8')
	for _, tc := range []struct {
		name string
		keys []machine.Key
		want string
		took time.Duration
	}{
		{"no key: the first item after the prompt's seconds", nil, "80000000", 5 * time.Second},
		{"down and Enter choose the second", []machine.Key{"f8", "down", "ret"}, "80010000", 0},
		{"the cursor stays inside", []machine.Key{"f8", "up", "down", "down", "up", "ret"}, "80000000", 0},
		{"another key takes the first at once", []machine.Key{"spc"}, "80000000", 0},
		{"Esc cancels", []machine.Key{"f8", "esc"}, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(nbp)
			server := n.Server
			answers(n, &testnet.Packet{YIAddr: n.Addr}, &testnet.Packet{Class: "PXEClient", Options: items}, &testnet.Packet{SIAddr: server, File: "pxelinux.0"})
			profile, _ := rom.Lookup("ipxe-bios")
			r := rom.New(rom.Config{Profile: profile, MAC: mac})
			item := ""
			n.Seen = func(_ time.Time, toGuest bool, d machine.Datagram) {
				if d.Dst.Port() == 4011 {
					_, i := testnet.Type(d.Payload)
					item = strings.ToLower(hex(i))
				}
			}
			now := testnet.Start()
			pressed := len(tc.keys) == 0
			done := func() bool { _, ok := r.Outcome(); return ok || !pressed }
			r.Receive(now, machine.Reset{})
			now = n.Run(r, now, now.Add(time.Hour), done)
			pressed = true
			for _, k := range tc.keys {
				r.Receive(now, k)
			}
			took := n.Run(r, now, now.Add(time.Hour), done).Sub(testnet.Start())
			if item != tc.want || took != tc.took {
				t.Errorf("boot item %q after %s, want %q after %s", item, took, tc.want, tc.took)
			}
		})
	}
}

func hex(b []byte) string {
	const digits = "0123456789abcdef"
	s := ""
	for _, c := range b {
		s += string(digits[c>>4]) + string(digits[c&15])
	}
	return s
}

// TestTheROMsWordsForFilesByHTTP: a server that has none, where iPXE's numbers are those of HTTP.
func TestTheROMsWordsForFilesByHTTP(t *testing.T) {
	for _, tc := range []struct{ firmware, want string }{
		{"ipxe-bios", "impatient: http://192.168.9.2/x... Connection timed out (http://ipxe.org/4c0a6035): 192.168.9.2:80 did not answer: no connection for GET /x; ran out of patience"},
		{"ipxe-efi", "impatient: http://192.168.9.2/x... Connection timed out (http://ipxe.org/4c0a6092): 192.168.9.2:80 did not answer: no connection for GET /x; ran out of patience"},
	} {
		p := newParts()
		offer := &testnet.Packet{SIAddr: p.server, File: "http://192.168.9.2/x", Class: "PXEClient", Options: pxe(6, 1, 8)}
		decide(t, tc.firmware, []decision{{"nobody answers by TCP", p.lease, offer, nil, tc.want, p.all[:2]}})
	}
}
