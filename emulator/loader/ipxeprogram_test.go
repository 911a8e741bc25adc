package loader

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestWhichIPXEAProgramIs(t *testing.T) {
	const prefix = "\xea\x05\x00\xc0\x07 PXE->EB: UNDI device is "
	large := strings.Repeat("x", 200_000)
	for _, tc := range []struct{ name, program, profile, chip string }{
		{"undionly.kpxe before 1.20", prefix + "PCI ", "undionly-1.0", "undionly"},
		{"undionly.kpxe of a build that nobody knows", prefix + "probably unknown", "undionly-2.0", "undionly"},
		{"ipxe.pxe before 1.20", prefix + large, "ipxe-pxe-1.0", "82540em"},
		{"snponly.efi", ipxeEFI("1.0.0+git-20190125.36a4c85-5.1"), "snponly-1.0", "SNP"},
		{"snponly.efi of Debian 13", ipxeEFI("1.21.1+git20250501.dad20602+dfsg-1"), "snponly-1.21", "SNP"},
		{"ipxe.efi, newer than any", ipxeEFI("2.3.0") + "82540em", "ipxe-efi-program-2.0", ""},
	} {
		if got := Identify([]byte(tc.program)); got != "iPXE" {
			t.Errorf("%s is %q", tc.name, got)
		}
		if p := ipxeProfile([]byte(tc.program)); p.Name != tc.profile || p.Chip != tc.chip {
			t.Errorf("%s is %s with chip %q, want %s with %q", tc.name, p.Name, p.Chip, tc.profile, tc.chip)
		}
	}
}

// TestAnIPXEProgramTakesThePlaceOfTheFirmware starts one from a ROM that is none: scripts run then, by its own protocols.
func TestAnIPXEProgramTakesThePlaceOfTheFirmware(t *testing.T) {
	files := tree{"boot.ipxe": "#!ipxe\niseq ${net0/chip} undionly && chain http://192.168.9.2/next\n", "next": "bootrig boot program"}
	for _, tc := range []struct{ name, file, want string }{
		{"a script, and what that names", "boot.ipxe", "program: "},
		{"no file", "gone", "tftp://192.168.9.2/gone... No such file or directory (http://ipxe.org/2d12613b): 192.168.9.2 answered ERROR 1 \"file gone not found\" to gone"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := testnet.New(func(name string) ([]byte, bool) { c, ok := files[name]; return []byte(c), ok })
			n.Web = true
			n.DHCP = func(request []byte, _ netip.AddrPort) []machine.Datagram { return proxied(n, request, tc.file) }
			intel, err := rom.Lookup("intel-undi")
			if err != nil {
				t.Fatal(err)
			}
			o := boots(t, n, Config{Handover: handed(t, n, "PXE->EB:", "undionly.kpxe"), Profile: intel})
			if got := ending(o); got != tc.want {
				t.Errorf("it ends with %q, want %q", got, tc.want)
			}
		})
	}
}
