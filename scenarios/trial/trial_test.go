package trial

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pin/tftp/v3"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
)

var mac = net.HardwareAddr{2, 0x62, 0x72, 0, 0, 1}

// A network is who is on it: at 192.168.9.1 the DHCP server, from 192.168.9.2 on the proxies, which send machines to
// 192.168.9.9 for their files.
type network struct {
	house   *house.Config // nil: there is none
	proxies []house.Config
	tree    map[string][]byte // what is there; nil: no TFTP server, and proxies send to themselves
}

// direct is a proxy that says all in its OFFER.
func direct(file string) house.Config {
	return house.Config{File: file, Options: map[uint8][]byte{60: []byte("PXEClient"), 43: {6, 1, 8, 255}}}
}

func addr(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, 9, byte(n)}), 24)
}

// build puts all up; messages are the DHCP messages of the machine by their numbers, in the end.
func (n network) build(t *testing.T) (lab *emulator.Lab, messages *[]byte) {
	t.Helper()
	cfg := emulator.LabConfig{NoHouse: n.house == nil}
	if n.house != nil {
		cfg.House = *n.house
	}
	lab, err := emulator.NewLab(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lab.Close() })
	messages = new([]byte)
	lab.Do(func(_ time.Time, lan *link.LAN) {
		for i, p := range n.proxies {
			p.Proxy, p.Addr, p.MAC = true, addr(i+2), net.HardwareAddr{0x52, 0x54, 0, 0, 0, byte(i + 2)}
			p.Delay = time.Duration(i+1) * 100 * time.Millisecond
			if n.tree != nil {
				p.SIAddr = addr(9).Addr()
			}
			lan.Plug("proxy", house.New(p))
		}
		lan.WatchAll(func(_ time.Time, _ link.Port, frame []byte) {
			if m := message(frame); m != 0 {
				*messages = append(*messages, m)
			}
		})
	})
	if n.tree != nil {
		n.serve(t, lab)
	}
	return lab, messages
}

// serve is the TFTP server.
func (n network) serve(t *testing.T, lab *emulator.Lab) {
	t.Helper()
	host, err := lab.Host(emulator.HostConfig{Name: "tftp", Addr: addr(9)})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := host.ListenPacket(69)
	if err != nil {
		t.Fatal(err)
	}
	server := tftp.NewServer(func(name string, to io.ReaderFrom) error {
		b, ok := n.tree[name]
		if !ok {
			return errors.New("no such file")
		}
		_, err := to.ReadFrom(bytes.NewReader(b))
		return err
	}, nil)
	server.EnableSinglePort()
	server.SetTimeout(time.Second)
	go func() { _ = server.Serve(conn) }()
	t.Cleanup(server.Shutdown)
}

// pe is a UEFI program for a processor.
func pe(cpu uint16) []byte {
	b := make([]byte, 1000)
	copy(b, "MZ")
	b[0x3c] = 0x80
	copy(b[0x80:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(b[0x84:], cpu)
	return b
}

// told is a trial as people read it.
func told(t *testing.T, n network, profile string, offersOnly bool) (text string, boots bool, messages []byte) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, err := rom.Lookup(profile)
		if err != nil {
			t.Fatal(err)
		}
		lab, sent := n.build(t)
		var b strings.Builder
		r, err := Run(t.Context(), Config{Lab: lab, Profile: p, MAC: mac, OffersOnly: offersOnly, Listen: 3 * time.Second, Heard: func(a Answer) { a.Tell(&b) }})
		if err != nil {
			t.Fatal(err)
		}
		r.Tell(&b)
		text, boots = b.String(), r.Boots
		lab.Do(func(time.Time, *link.LAN) { messages = *sent })
	})
	return text, boots, messages
}

func TestWhatAFirmwareWouldBootIsTold(t *testing.T) {
	plain := &house.Config{}
	bios := append([]byte{0xea}, make([]byte, 999)...)
	for _, tc := range []struct {
		name       string
		network    network
		profile    string
		offersOnly bool
		boots      bool
		messages   string // of DHCP: 1 DISCOVER, 3 REQUEST, 7 RELEASE
		want       []string
	}{
		{
			"a house and a proxy", network{plain, []house.Config{direct("boot.0")}, map[string][]byte{"boot.0": bios}}, "ipxe-bios", false, true, "\x01\x03\x07",
			[]string{
				"    0.0 s  OFFER of 192.168.9.1 (52:54:00:00:00:01), DHCP server; address 192.168.9.100; siaddr 192.168.9.1\n",
				"    0.1 s  OFFER of 192.168.9.2 (52:54:00:00:00:02), proxy; siaddr 192.168.9.9; file boot.0; option 43 control 8; option 60 PXEClient\n",
				"  takes the address 192.168.9.100 of 192.168.9.1, and boot.0 that 192.168.9.2 names, from 192.168.9.9: the last OFFER with an address",
				"  downloaded boot.0: 1000 bytes, a program of no kind that is known, SHA-256 020fc922",
				"\n  would boot\n",
			},
		},
		{
			"two proxies, of which the last counts", network{plain, []house.Config{direct("boot.0"), direct("boot.efi")}, map[string][]byte{"boot.0": bios, "boot.efi": pe(0x8664)}},
			"intel-undi", false, false, "\x01\x03\x07",
			[]string{
				"0.1 s  OFFER of 192.168.9.2", "0.2 s  OFFER of 192.168.9.3", "and boot.efi that 192.168.9.3 names",
				"downloaded boot.efi: 1000 bytes, efi x86_64 for UEFI",
				"would not boot: wrong-program (certain): boot.efi came whole, and is a UEFI program (x64): this machine is a BIOS",
				"what to do: name a program for this client architecture",
			},
		},
		{
			"two proxies, of which the first counts", network{plain, []house.Config{direct("boot.efi"), direct("boot.0")}, map[string][]byte{"boot.0": bios, "boot.efi": pe(0x8664)}},
			"ovmf-x64", false, true, "\x01\x03\x07", []string{"and boot.efi that 192.168.9.2 names", "of the proxies the first one counts", "would boot"},
		},
		{
			"a proxy that is too late", network{plain, []house.Config{direct("boot.0"), {Delay: time.Second, File: "late.0"}}, map[string][]byte{"boot.0": bios}},
			"ipxe-bios", false, true, "\x01\x03\x07", []string{"0.1 s  ACK of 192.168.9.1", "0.2 s  OFFER of 192.168.9.3 (52:54:00:00:00:03), proxy; siaddr 192.168.9.9; file late.0", "boot.0 that 192.168.9.2 names"},
		},
		{
			"no DHCP server", network{nil, []house.Config{direct("boot.0")}, nil}, "intel-undi", false, false, "\x01\x01\x01\x01",
			[]string{"takes no address: an OFFER without an address is of no use", "its screen says: PXE-E52: proxyDHCP offers were received. No DHCP offers", "would not boot: no-lease (certain)"},
		},
		{
			"nobody", network{}, "ipxe-bios", false, false, "\x01\x01\x01\x01",
			[]string{"takes no address\n", "would not boot: unheard (certain): nobody answers 4 DISCOVERs, no DHCP server either"},
		},
		{
			"a DHCP server alone", network{house: plain}, "ovmf-x64", false, false, "\x01\x01\x01\x01",
			[]string{"its screen says: PXE-E16: No valid offer received.", "would not boot: no-offer (certain): no boot server answers 4 DISCOVERs"},
		},
		{
			"a file that is not there", network{plain, []house.Config{direct("boot.efi")}, map[string][]byte{}}, "ovmf-x64", false, false, "\x01\x03\x07",
			[]string{"its screen says: PXE-E23: Client received TFTP error from server.", "would not boot: file-missing (certain)"},
		},
		{
			"a program of another architecture", network{plain, []house.Config{direct("boot.efi")}, map[string][]byte{"boot.efi": pe(0xaa64)}}, "ovmf-x64", false, false, "\x01\x03\x07",
			[]string{"1000 bytes, efi aarch64 for UEFI", "wrong-program (certain): boot.efi came whole, and is a UEFI program for arm64: this machine is x64"},
		},
		{
			"a program of no kind that UEFI runs", network{plain, []house.Config{direct("boot.efi")}, map[string][]byte{"boot.efi": bios}}, "ipxe-efi", false, false, "\x01\x03\x07",
			[]string{"\n  would not boot: boot.efi: it is no UEFI program\n"},
		},
		{
			"a page", network{plain, []house.Config{direct("boot.0")}, map[string][]byte{"boot.0": []byte("<html>")}}, "ipxe-bios", false, false, "\x01\x03\x07",
			[]string{"6 bytes, an HTML page", "would not boot: wrong-program (certain): boot.0 came whole, and is no program: html"},
		},
		{
			"offers only", network{plain, []house.Config{direct("boot.efi")}, nil}, "ovmf-x64", true, true, "\x01",
			[]string{"takes the address 192.168.9.100 of 192.168.9.1, and boot.efi that 192.168.9.2 names", "would go on"},
		},
		{
			"offers only, of a DHCP server alone", network{house: plain}, "ipxe-bios", true, false, "\x01\x01",
			[]string{"and no boot file", "would not boot\n"},
		},
		{
			"an escape sequence", network{plain, []house.Config{direct("\x1b[2J")}, nil}, "ipxe-bios", true, true, "\x01", []string{`file \x1b[2J;`},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text, boots, messages := told(t, tc.network, tc.profile, tc.offersOnly)
			for _, want := range tc.want {
				if !strings.Contains(text, want) {
					t.Errorf("there is no %q", want)
				}
			}
			if boots != tc.boots || string(messages) != tc.messages {
				t.Errorf("it boots: %t; the machine sends %q, not %q", boots, messages, tc.messages)
			}
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}

// Who interrupts it gets the address given back too.
func TestAnInterruptedTrialGivesTheAddressBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		profile, err := rom.Lookup("ipxe-bios")
		if err != nil {
			t.Fatal(err)
		}
		lab, sent := network{house: &house.Config{File: "never", SIAddr: addr(77).Addr()}}.build(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := Run(ctx, Config{Lab: lab, Profile: profile, MAC: mac}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ends with %v", err)
		}
		lab.Do(func(time.Time, *link.LAN) {
			if got := string(*sent); got != "\x01\x01\x03\x07" {
				t.Errorf("the machine sends %q", got)
			}
		})
	})
}
