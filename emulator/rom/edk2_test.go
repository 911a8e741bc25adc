package rom_test

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestHowEDK2Decides(t *testing.T) {
	p := newParts()
	const proxy = "REQUEST > 192.168.9.2:4011"
	edk2 := &testnet.Packet{YIAddr: p.me, SIAddr: p.house, Class: "PXEClient"}
	decide(t, "ovmf-x64", []decision{
		{"a direct offer needs no port 4011", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
		{"siaddr 0 stands for the server that speaks (54)", p.lease, p.noSIAddr, nil, "boots from 192.168.9.2", p.all},
		{"an offer without 43 is asked again on 4011", p.lease, p.bare, p.complete, "boots from 192.168.9.2", p.then(proxy)},
		{"even one that names its file", p.lease, p.complete, p.complete, "boots from 192.168.9.2", p.then(proxy)},
		{"PXE-E16 when 4011 is dead", p.lease, p.bare, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2:4011 did not answer in 10s; ran out of patience", p.then(proxy)},
		{"PXE-E16 when 4011 names no file", p.lease, p.bare, p.bare,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2:4011 did not answer in 1s (its answer names no file); ran out of patience", p.then(proxy)},
		{"nobody answers", nil, nil, nil,
			"impatient: PXE-E18: Server response timeout.: no offer in 59.7s; ran out of patience", p.all[:1]},
		{"a lease without a file and no proxy", p.lease, nil, nil,
			"impatient: PXE-E16: No valid offer received.: the lease of 192.168.9.1 names no file and no proxy offer came in 59.7s; ran out of patience", p.all[:1]},
		{"only a proxy answers", nil, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2 offered no address and no DHCP server did in 59.7s; ran out of patience", p.all[:1]},
		{"an offer without option 54 is none", &testnet.Packet{YIAddr: p.me, NoServerID: true}, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2 offered no address and no DHCP server did in 59.7s; ran out of patience", p.all[:1]},
		{"a lease that names the file needs no proxy", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", p.all},
		{"a DHCP server that calls itself PXEClient beats the proxy, and 4011 is asked there", edk2, p.bare, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.1:4011 did not answer in 10s; ran out of patience", p.then("REQUEST > 192.168.9.1:4011")},
		{"a direct proxy beats it", &testnet.Packet{YIAddr: p.me, SIAddr: p.house}, p.direct, p.complete, "boots from 192.168.9.2", p.all},
		{"but not a DHCP server that says it all", &testnet.Packet{YIAddr: p.me, SIAddr: p.house, File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)},
			p.direct, nil, "boots from 192.168.9.1", p.all},
		{"an offer that is longer than EDK2 takes is none", p.lease, &testnet.Packet{SIAddr: p.server, File: "pxelinux.0", Class: "PXEClient", Options: append(pxe(6, 1, 8), make([]byte, 1300)...)}, nil,
			"impatient: PXE-E16: No valid offer received.: the lease of 192.168.9.1 names no file and no proxy offer came in 59.7s; ran out of patience", p.all[:1]},
		{"option 67 beats the header's file", p.lease, &testnet.Packet{SIAddr: p.server, File: "wrong", Class: "PXEClient", Options: append(pxe(6, 1, 8), append([]byte{67, 10}, "pxelinux.0"...)...)}, nil,
			"boots from 192.168.9.2", p.all},
		{"one menu item is asked of the listed server", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), p.complete,
			"boots from 192.168.9.2", p.then("boot item > 192.168.9.2:4011")},
		{"an ACK need not echo the boot item", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2),
			&testnet.Packet{SIAddr: p.server, File: "pxelinux.0", Options: []byte{12, 1, 'x'}},
			"boots from 192.168.9.2", p.then("boot item > 192.168.9.2:4011")},
		{"multicast is the only way it takes, where it may", p.lease, oneItem(0, 7, 4, 224, 0, 1, 2, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: PXE-E18: Server response timeout.: 224.0.1.2 did not answer for boot item 32768; ran out of patience",
			p.then("boot item > 224.0.1.2:4011")},
		{"so is broadcast", p.lease, oneItem(2, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: PXE-E18: Server response timeout.: 255.255.255.255 did not answer for boot item 32768; ran out of patience",
			p.then("boot item > 255.255.255.255:67")},
		{"where only listed servers may answer, siaddr tells who did", p.lease, oneItem(7, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), &testnet.Packet{SIAddr: p.house, File: "pxelinux.0"},
			"impatient: PXE-E18: Server response timeout.: 192.168.9.2 did not answer for boot item 32768 (192.168.9.1 is not in the list of boot servers); ran out of patience",
			p.then("boot item > 192.168.9.2:4011")},
		{"a list without the type", p.lease, oneItem(3, 8, 7, 0x80, 1, 1, 192, 168, 9, 2), nil,
			"PXE-E07: Network device error.: option 43 lists no server of type 32768 and forbids asking everybody", p.all},
		{"a menu without prompt takes its first item, and local boot is a boot that was cancelled", p.lease,
			&testnet.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil,
			"PXE-E21: Remote boot cancelled.: the boot menu's item is local boot", p.all},
		{"discovery control without menu and file", p.lease, &testnet.Packet{Class: "PXEClient", Options: pxe(6, 1, 3)}, nil,
			"PXE-E21: Remote boot cancelled.: option 43 has no menu (9), and does not say that there is none (6, bit 3) beside a file", p.all},
		{"a URI is a file name", p.lease, &testnet.Packet{SIAddr: p.server, File: "tftp://192.168.9.2/pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil,
			`PXE-E23: Client received TFTP error from server.: 192.168.9.2 answered ERROR 1 "file tftp://192.168.9.2/pxelinux.0 not found" to tftp://192.168.9.2/pxelinux.0`, p.all},
	})
}

// The seconds that EDK2 says it has waited, and when it really asks: captures B and D have the DISCOVERs,
// PxeBcDhcp4Discover what goes to port 4011.
func TestHowOftenEDK2Asks(t *testing.T) {
	p := newParts()
	for _, tc := range []struct {
		name         string
		lease, offer *testnet.Packet
		to           uint16
		secs         []int
		at           []time.Duration
	}{
		{"DISCOVER", nil, nil, 67, []int{0, 4, 12, 28}, []time.Duration{0, 3700, 11700, 27700}},
		{"the proxy on port 4011", p.lease, p.bare, 4011, []int{0, 1, 2, 3}, []time.Duration{3700, 4700, 6700, 9700}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(nbp)
			answers(n, tc.lease, tc.offer, nil)
			var secs []int
			var at []time.Duration
			xids, discover := map[uint32]bool{}, uint32(0)
			n.Seen = func(now time.Time, toGuest bool, d machine.Datagram) {
				if discover == 0 {
					discover = binary.BigEndian.Uint32(d.Payload[4:])
				}
				if !toGuest && d.Dst.Port() == tc.to && len(at) < len(tc.at) {
					secs = append(secs, int(binary.BigEndian.Uint16(d.Payload[8:])))
					at = append(at, now.Sub(testnet.Start())/time.Millisecond)
					xids[binary.BigEndian.Uint32(d.Payload[4:])] = true
				}
			}
			boot(t, "ovmf-x64", n)
			if diff := cmp.Diff(tc.secs, secs); diff != "" {
				t.Errorf("secs (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.at, at); diff != "" {
				t.Errorf("milliseconds (-want +got):\n%s", diff)
			}
			if len(xids) != 1 || xids[discover] != (tc.to == 67) {
				t.Errorf("transaction ids %v, want one for all of them, on port 4011 another than %d", xids, discover)
			}
		})
	}
}

func TestADHCPNAKEndsEDK2sBoot(t *testing.T) {
	n := testnet.New(nbp)
	p := newParts()
	answers(n, p.lease, p.direct, nil)
	inner := n.DHCP
	n.DHCP = func(request []byte, to netip.AddrPort) []machine.Datagram {
		replies := inner(request, to)
		if typ, _ := testnet.Type(request); typ == 3 {
			replies[0].Payload[242] = 6 // option 53 comes first
		}
		return replies
	}
	got := boot(t, "ovmf-x64", n)
	const want = "PXE-E07: Network device error.: 192.168.9.1 refused the address"
	if text(got.outcome) != want {
		t.Errorf("%s, want %s", text(got.outcome), want)
	}
}

func TestEDK2AsksNoSizeThatItWasTold(t *testing.T) {
	n := testnet.New(nbp)
	p := newParts()
	told := *p.direct
	told.Options = append(append([]byte{}, told.Options...), 13, 2, 0, 1)
	answers(n, p.lease, &told, nil)
	boot(t, "ovmf-x64", n)
	if diff := cmp.Diff([]string{"pxelinux.0"}, n.Log); diff != "" {
		t.Errorf("read requests (-want +got):\n%s", diff)
	}
}

// Esc is Enter to EDK2 where the packet with the menu names a file too.
func TestEscInEDK2sMenuTakesThePacketsFile(t *testing.T) {
	n := testnet.New(nbp)
	p := newParts()
	menu := &testnet.Packet{Class: "PXEClient", SIAddr: p.server, File: "pxelinux.0"}
	menu.Options = pxe(6, 1, 3, 9, 5, 0x80, 0, 2, 'o', 'k', 8, 7, 0x80, 0, 1, 192, 168, 9, 2, 10, 3, 255, 'F', '8')
	answers(n, p.lease, menu, nil)
	got := boot(t, "ovmf-x64", n, "a", "esc")
	if text(got.outcome) != "boots from 192.168.9.2" || strings.Contains(strings.Join(got.sent, " "), "boot item") {
		t.Errorf("%s after %q", text(got.outcome), got.sent)
	}
}

func TestEDK2KeepsSixteenOffers(t *testing.T) {
	n := testnet.New(nbp)
	p := newParts()
	n.DHCP = func(request []byte, to netip.AddrPort) (out []machine.Datagram) {
		typ, _ := testnet.Type(request)
		if typ != 1 {
			return nil
		}
		for range 16 {
			out = append(out, n.Reply(67, request, testnet.Packet{Type: 2, From: n.House, YIAddr: n.Addr}))
		}
		return append(out, n.Reply(67, request, testnet.Packet{Type: 2, From: n.Server, SIAddr: p.server, File: "pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}))
	}
	got := boot(t, "ovmf-x64", n)
	if diff := cmp.Diff(p.all[:1], got.sent); diff != "" {
		t.Errorf("%s: the seventeenth offer was kept: packets (-want +got):\n%s", text(got.outcome), diff)
	}
}
