package loader

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

// An ipxeEFI is as much of an iPXE for UEFI as is looked at.
func ipxeEFI(version string) string { return peX64 + "\x00" + version + "\x00iPXE/%s\x00" }

// peX64 is the header of a UEFI program.
const peX64 = "MZ__________________________________________________________\x40\x00\x00\x00PE\x00\x00\x64\x86"

const (
	lwip    = "..PXELINUX 6.04 lwIP 20200816 \x00.."
	theShim = peX64 + "UEFI SHIM\n$Version: 16.1 $\n"
)

// proxied is a house's lease and a proxy's OFFER of a file.
func proxied(n *testnet.Net, request []byte, file string) []machine.Datagram {
	if typ, _ := testnet.Type(request); typ == 3 {
		return []machine.Datagram{n.Lease(5, request)}
	}
	offer := testnet.Packet{Type: 2, From: n.Server, SIAddr: n.Server, File: file, Class: "PXEClient"}
	return []machine.Datagram{n.Reply(67, request, offer), n.Lease(2, request)}
}

// boots runs a program and those that it leaves for.
func boots(t *testing.T, n *testnet.Net, cfg Config) (last Outcome) {
	t.Helper()
	now := testnet.Start()
	for range 5 {
		p, failure := Start(now, cfg)
		if failure != nil {
			t.Fatal(failure)
		}
		defer p.Close()
		now = n.Run(p, now, now.Add(time.Hour), func() bool { _, ok := p.Outcome(); return ok })
		if last, _ = p.Outcome(); last.Chain == nil {
			return last
		}
		cfg.Handover, cfg.Profile, cfg.Seed = last.Chain, p.Profile(), cfg.Seed+1
	}
	t.Fatal("it goes on for ever")
	return last
}

// asked are the requests of a capture, with the header and all.
func asked(t *testing.T, name string) (requests []string) {
	for _, p := range testnet.Capture(t, name) {
		if port := p.Dst.Port(); port == 69 || port == 80 {
			requests = append(requests, string(p.Payload))
		}
	}
	return requests
}

// TestProgramsAskForWhatTheCaptureShows gives a program the files that it had when the capture was taken, and wants its
// requests byte for byte.
func TestProgramsAskForWhatTheCaptureShows(t *testing.T) {
	const (
		auto = "#!ipxe\nchain more.ipxe ||\ndhcp\nchain more.ipxe ||\nchain ../efi/bootrig.efi || chain tftp://192.168.9.2/efi/bootrig.efi\n"
		end  = "#!ipxe\nchain efi/bootrig.efi\n"
		own  = peX64 + "bootrig boot program"
	)
	uuid := [16]byte{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
	for _, tc := range []struct {
		file, firmware string
		program, name  string // what runs, and what it was fetched as
		uuid           [16]byte
		files          tree
	}{
		{"autoexec-2.0.pcap", "ovmf-x64", ipxeEFI("2.0.0+dfsg-5"), "sub/snponly.efi", [16]byte{},
			tree{"sub/autoexec.ipxe": auto, "sub/more.ipxe": "#!ipxe\n", "efi/bootrig.efi": own}},
		{"autoexec-2.0-none.pcap", "ovmf-x64", ipxeEFI("2.0.0+dfsg-5"), "sub/snponly.efi", [16]byte{}, tree{"boot.ipxe": end, "efi/bootrig.efi": own}},
		{"autoexec-1.21.pcap", "ovmf-x64", ipxeEFI("1.21.1+git20250501.dad20602+dfsg-1"), "sub/snponly.efi", [16]byte{},
			tree{"sub/autoexec.ipxe": auto, "boot.ipxe": end, "efi/bootrig.efi": own}},
		{"autoexec-2.0-http.pcap", "ovmf-x64-http", ipxeEFI("2.0.0+dfsg-5"), "http://192.168.9.2/sub/ipxe.efi", [16]byte{},
			tree{"sub/autoexec.ipxe": "#!ipxe\nchain more.ipxe ||\n", "sub/more.ipxe": "#!ipxe\n"}},
		{"lpxelinux.pcap", "ipxe-bios", lwip, "lpxelinux.0", uuid, tree{
			"ldlinux.c32": elfModule(), "more.cfg": "onerror leave\nlabel leave\nlocalboot 0\n",
			"pxelinux.cfg/default": "default gone\ninclude http://192.168.9.2/more.cfg\nlabel gone\nlinux http://192.168.9.2/gone\n"}},
		{"lpxelinux-http.pcap", "ipxe-bios", lwip, "http://192.168.9.2/lpxelinux.0", [16]byte{}, tree{
			"ldlinux.c32": elfModule(), "linux": bzImage(8192), "initrd.gz": "initrd",
			"pxelinux.cfg/C0A809": "default install\nlabel install\nlinux linux\ninitrd initrd.gz\n"}},
		{"shim-http.pcap", "ovmf-x64-http", theShim, "http://192.168.9.2/debian-installer/amd64/bootnetx64.efi", [16]byte{},
			tree{"debian-installer/amd64//grubx64.efi": own}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			profile, err := rom.Lookup(tc.firmware)
			if err != nil {
				t.Fatal(err)
			}
			n := testnet.New(func(name string) ([]byte, bool) { c, ok := tc.files[name]; return []byte(c), ok })
			n.Web = true
			n.DHCP = func(request []byte, to netip.AddrPort) []machine.Datagram { return proxied(n, request, "boot.ipxe") }
			h := handed(t, n, tc.program, tc.name)
			h.UUID, h.URL = rom.RawUUID(tc.uuid), tc.name
			if h.HTTPBoot = profile.HTTP.Boot; !strings.Contains(tc.name, "://") {
				h.URL = "tftp://192.168.9.2/" + tc.name
			}
			boots(t, n, Config{Handover: h, Profile: profile})
			if diff := cmp.Diff(asked(t, tc.file), n.Asked); diff != "" {
				t.Errorf("requests (-captured +sent):\n%s", diff)
			}
		})
	}
}
