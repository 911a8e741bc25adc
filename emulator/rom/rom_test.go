package rom_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/bench"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/machine"
)

var mac = [6]byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}

// A run is what a ROM did.
type run struct {
	outcome rom.Outcome
	took    time.Duration
	sent    []string // kinds of DHCP packets and where they went, once each in a row
}

// boot runs a ROM against a net, pressing keys when it waits for them.
func boot(t *testing.T, firmware string, n *bench.Net, keys ...machine.Key) run {
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
	now := bench.Start()
	end := now.Add(10 * time.Minute)
	done := func() bool { _, ok := r.Outcome(); return ok }
	r.Receive(now, machine.Reset{})
	now = n.Run(r, now, end, done)
	for _, k := range keys {
		r.Receive(now, k)
		now = n.Run(r, now, end, done)
	}
	res.outcome, _ = r.Outcome()
	res.took = now.Sub(bench.Start())
	return res
}

// describe names a DHCP packet of the client.
func describe(d machine.Datagram) string {
	if d.Src.Port() != 68 {
		return ""
	}
	typ, item := bench.Type(d.Payload)
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
func answers(n *bench.Net, lease, offer, ack *bench.Packet) {
	n.DHCP = func(request []byte, to netip.AddrPort) (out []machine.Datagram) {
		typ, item := bench.Type(request)
		add := func(port uint16, typ byte, p *bench.Packet, from netip.Addr) {
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

func TestHowAROMDecides(t *testing.T) {
	house, server := netip.MustParseAddr("192.168.9.1"), netip.MustParseAddr("192.168.9.2")
	me := netip.MustParseAddr("192.168.9.100")
	lease := &bench.Packet{YIAddr: me, SIAddr: house}
	direct := &bench.Packet{SIAddr: server, File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}
	noSIAddr := &bench.Packet{File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}
	bare := &bench.Packet{SIAddr: server, Class: "PXEClient"}
	ack := &bench.Packet{SIAddr: server, File: "pxelinux.0", Class: "PXEClient"}
	menu := func(control byte, subs ...byte) *bench.Packet {
		return &bench.Packet{Class: "PXEClient", Options: pxe(append([]byte{6, 1, control, 9, 5, 0x80, 0, 2, 'o', 'k', 10, 1, 0}, subs...)...)}
	}
	all := []string{"DISCOVER", "REQUEST > 255.255.255.255:67"}
	for _, tc := range []struct {
		name              string
		firmware          string
		lease, offer, ack *bench.Packet
		want              string
		sent              []string
	}{
		{"a direct offer needs no port 4011", "ipxe-bios", lease, direct, nil, "boots from 192.168.9.2", all},
		{"intel: so for a classic ROM", "intel-undi", lease, direct, nil, "boots from 192.168.9.2", all},
		{"an offer with siaddr 0 is asked again on 4011", "ipxe-bios", lease, noSIAddr, ack, "boots from 192.168.9.2",
			append(all[:2:2], "REQUEST > 192.168.9.2:4011")},
		{"when 4011 is dead iPXE goes on with nothing", "ipxe-bios", lease, noSIAddr, nil,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2:4011 did not answer in 3.9s; ran out of patience",
			append(all[:2:2], "REQUEST > 192.168.9.2:4011")},
		{"an answer of 4011 without siaddr is no answer to iPXE", "ipxe-bios", lease, bare, noSIAddr,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2:4011 did not answer in 3.9s (its answer has file \"pxelinux.0\" with siaddr 0.0.0.0); ran out of patience",
			append(all[:2:2], "REQUEST > 192.168.9.2:4011")},
		{"intel: PXE-E55 when 4011 is dead", "intel-undi", lease, bare, nil,
			"impatient: PXE-E55: proxyDHCP service did not reply to request on port 4011.: 192.168.9.2:4011 did not answer in 10s; ran out of patience",
			append(all[:2:2], "REQUEST > 192.168.9.2:4011")},
		{"intel: an offer without 43 and file asks 4011", "intel-undi", lease, bare, ack, "boots from 192.168.9.2",
			append(all[:2:2], "REQUEST > 192.168.9.2:4011")},
		{"nobody answers", "ipxe-bios", nil, nil, nil,
			"impatient: No configuration methods succeeded (http://ipxe.org/040ee119): no offer in 15.1s; ran out of patience", all[:1]},
		{"intel: nobody answers", "intel-undi", nil, nil, nil,
			"impatient: PXE-E51: No DHCP or proxyDHCP offers were received.: no offer in 1m0s; ran out of patience", all[:1]},
		{"intel: only a proxy answers", "intel-undi", nil, direct, nil,
			"impatient: PXE-E52: proxyDHCP offers were received. No DHCP offers were received.: 192.168.9.2 offered no address in 1m0s and no DHCP server answered; ran out of patience", all[:1]},
		{"a lease without a file and no proxy", "ipxe-bios", lease, nil, nil,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): the lease of 192.168.9.1 names no file and no proxy offer came; ran out of patience", all},
		{"intel: a lease without a file and no proxy", "intel-undi", lease, nil, nil,
			"impatient: PXE-E53: No boot filename received.: the lease of 192.168.9.1 names no file and no proxy offer came; ran out of patience", all},
		{"a lease that names the file needs no proxy", "ipxe-bios", &bench.Packet{YIAddr: me, SIAddr: server, File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", all},
		{"a lease that names a file and siaddr 0", "ipxe-bios", &bench.Packet{YIAddr: me, File: "pxelinux.0"}, nil, nil,
			`Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): the packet that names "pxelinux.0" has siaddr 0.0.0.0`, all},
		{"intel: sname stands in for siaddr", "intel-undi", &bench.Packet{YIAddr: me, SName: "192.168.9.2", File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", all},
		{"a lease that forbids proxies (175.b0) is obeyed", "ipxe-bios",
			&bench.Packet{YIAddr: me, SIAddr: house, File: "pxelinux.0", Options: []byte{175, 3, 0xb0, 1, 1}}, direct, nil, "boots from 192.168.9.1", all},
		{"one menu item with prompt 0 is asked of the listed server", "ipxe-bios", lease, menu(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), ack,
			"boots from 192.168.9.2", append(all[:2:2], "boot item > 192.168.9.2:4011")},
		{"multicast and broadcast come before the list", "ipxe-bios", lease, menu(0, 7, 4, 224, 0, 1, 2, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: Connection timed out (http://ipxe.org/4c106035): 192.168.9.2 did not answer for boot item 32768; ran out of patience",
			append(all[:2:2], "boot item > 224.0.1.2:4011", "boot item > 255.255.255.255:67", "boot item > 192.168.9.2:4011")},
		{"a menu that lists nobody and forbids asking all", "ipxe-bios", lease, menu(3), nil,
			"Invalid argument (http://ipxe.org/1c106002): option 43 lists no server of type 32768 and forbids asking everybody", all},
		{"intel: PXE-E78 when the boot server is dead", "intel-undi", lease, menu(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: PXE-E78: Could not locate boot server.: 192.168.9.2 did not answer for boot item 32768; ran out of patience",
			append(all[:2:2], "boot item > 192.168.9.2:4011")},
		{"an ACK that does not echo the boot item is no ACK", "ipxe-bios", lease, menu(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2),
			&bench.Packet{SIAddr: server, File: "pxelinux.0", Options: []byte{12, 1, 'x'}},
			"impatient: Connection timed out (http://ipxe.org/4c106035): 192.168.9.2 did not answer for boot item 32768 (192.168.9.2 answered without echoing boot item 32768 (43.71)); ran out of patience",
			append(all[:2:2], "boot item > 192.168.9.2:4011")},
		{"a boot server that names no file", "ipxe-bios", lease, menu(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), &bench.Packet{SIAddr: server},
			"Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2 answered boot server discovery without a file",
			append(all[:2:2], "boot item > 192.168.9.2:4011")},
		{"item type 0 is local boot", "ipxe-bios", lease,
			&bench.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l', 10, 1, 0)}, nil, "local boot", all},
		{"intel: PXE-E74 for a menu without prompt", "intel-undi", lease,
			&bench.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil,
			"PXE-E74: Bad or missing PXE menu and/or prompt information.: option 43 has a menu (9) and no prompt (10)", all},
		{"iPXE waits for a key at a menu without prompt", "ipxe-bios", lease,
			&bench.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil, "waits", all},
		{"a URI of another protocol is beyond the scripted ROM", "ipxe-bios", lease,
			&bench.Packet{SIAddr: server, File: "http://h/x", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil,
			"http://h/x... Operation not supported: the scripted ROM fetches by TFTP from addresses, not http://h/x", all},
		{"a tftp URI names server and path, and leaves siaddr to the program", "ipxe-bios", lease,
			&bench.Packet{SIAddr: house, File: "tftp://192.168.9.2/pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil, "boots from 192.168.9.1", all},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := bench.New(nbp)
			answers(n, tc.lease, tc.offer, tc.ack)
			got := boot(t, tc.firmware, n)
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
			n := bench.New(nbp)
			server := n.Server
			answers(n, &bench.Packet{YIAddr: n.Addr}, &bench.Packet{Class: "PXEClient", Options: items}, &bench.Packet{SIAddr: server, File: "pxelinux.0"})
			profile, _ := rom.Lookup("ipxe-bios")
			r := rom.New(rom.Config{Profile: profile, MAC: mac})
			item := ""
			n.Seen = func(_ time.Time, toGuest bool, d machine.Datagram) {
				if d.Dst.Port() == 4011 {
					_, i := bench.Type(d.Payload)
					item = strings.ToLower(hex(i))
				}
			}
			now := bench.Start()
			pressed := len(tc.keys) == 0
			done := func() bool { _, ok := r.Outcome(); return ok || !pressed }
			r.Receive(now, machine.Reset{})
			now = n.Run(r, now, now.Add(time.Hour), done)
			pressed = true
			for _, k := range tc.keys {
				r.Receive(now, k)
			}
			took := n.Run(r, now, now.Add(time.Hour), done).Sub(bench.Start())
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
