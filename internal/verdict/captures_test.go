package verdict

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/observe"
)

// TestCapturesOfRealMachines explains captures of real firmware beside a real dnsmasq, each of which somebody has explained
// by hand. They hold the first and the last blocks of transfers alone.
func TestCapturesOfRealMachines(t *testing.T) {
	for name, want := range map[string]string{
		"A-control":  "at-menu", // Debian's menu of pxelinux
		"B-control":  "grub-asks-elsewhere",
		"C-control":  "under-way", // Xen, up to its last module
		"D-control":  "no-offer, no-offer",
		"F1-control": "grub-asks-elsewhere",
		"F3-control": "(no-offer), under-way", // PXE, and then HTTP boot

		"paths/1a-house-siaddr0":         "grub-asks-elsewhere",
		"paths/1c-tftp-uri":              "url-for-name",
		"paths/1d-own-prefix":            Booted,
		"paths/1e2-http-grub":            "grub-by-http",
		"paths/1e3-http-own":             Booted,
		"paths/1e4-http-shim-grub-typed": "grub-by-http", // which asked for an address, as somebody told it
		"paths/2-ipxe-http":              Booted,
		"paths/2-ipxe-shim":              "shim-from-ipxe",
		"paths/2-snponly-tftp":           Booted,
		"paths/3-http-iso":               Booted,
		"paths/3-http-kernel":            "bare-kernel",
		"paths/3-http-noproxyhint-order": "(no-boot-file), booted", // PXE, and then HTTP boot
		"paths/3-http-uki":               Booted,
		"paths/4-sb-http-ipxe-refusal":   "program-silent", // Secure Boot
		"paths/4-sb-ipxe-refusal":        "under-way",      // and this ends before
		"paths/4-sb-shim-owngrub":        "program-silent",
		"paths/5-uboot32-auto":           Booted,
		"paths/5-uboot32-dhcp":           "at-menu",
		"paths/5-uboot32-vci":            "asks-elsewhere",
		"paths/6-bios-rom-pxevirtio":     "", // the ROM sends nothing
		"paths/6-bios-undionly":          Booted,
		"paths/6-bios-undionly-loop":     "boot-loop",
		"paths/7-vga-midboot":            "no-offer",
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range explained(t, name+".pcap") {
				id := c.Story.ID
				if c.Story.Then != "" {
					id = fmt.Sprintf("(%s)", id)
				}
				got = append(got, id)
			}
			if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// explained are the boots in a capture of one machine.
func explained(t *testing.T, name string) []Case {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "captures", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	facts, end, err := observe.Machines(file)
	if err != nil || len(facts) > 1 {
		t.Fatalf("%d machines, %v", len(facts), err)
	}
	for _, all := range facts {
		return Boots(all, netip.Addr{}, end)
	}
	return nil
}
