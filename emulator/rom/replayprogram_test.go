package rom

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

// TestAnIPXEThatIsAProgramSendsEveryPacketOfTheCapture has what the firmware tells it, the first packet of each capture, for
// its class and its broadcast flag, but that an old one asks nothing of UEFI.
func TestAnIPXEThatIsAProgramSendsEveryPacketOfTheCapture(t *testing.T) {
	for _, tc := range []struct {
		file    string
		version string
		uefi    bool
		drivers bool
		files   int
		sends   int
	}{
		{"undionly-1.0.pcap", "1.0.0", false, false, 1, 4}, // DISCOVER, REQUEST, boot item, RRQ
		{"undionly-1.21.pcap", "1.21.1", false, false, 1, 4},
		{"undionly-2.0.pcap", "2.0.0", false, false, 1, 4},
		{"ipxe-pxe-1.0.pcap", "1.0.0", false, true, 1, 4},
		{"ipxe-pxe-1.21.pcap", "1.21.1", false, true, 1, 4},
		{"ipxe-pxe-2.0.pcap", "2.0.0", false, true, 1, 4},
		{"snponly-1.0.pcap", "1.0.0", true, false, 1, 4}, // DISCOVER, REQUEST, proxy, RRQ
		{"snponly-1.21.pcap", "1.21.1", true, false, 1, 4},
		{"snponly-2.0.pcap", "2.0.0", true, false, 1, 4},
		{"ipxe-efi-program-1.0.pcap", "1.0.0", true, true, 1, 4},
		{"ipxe-efi-program-1.21.pcap", "1.21.1", true, true, 1, 4},
		{"ipxe-efi-program-2.0.pcap", "2.0.0", true, true, 1, 4},
	} {
		t.Run(tc.file, func(t *testing.T) {
			packets := testnet.Capture(t, tc.file)
			told, err := ParseReply(packets[0].Payload)
			if err != nil {
				t.Fatal(err)
			}
			cached := []*Reply{told}
			if tc.uefi && tc.version == "1.0.0" {
				cached = nil
			}
			rom := New(Config{
				Profile: IPXEProgram(tc.version, tc.uefi, tc.drivers), MAC: [6]byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}, Seed: 1, Cached: cached,
			})
			sameAsCaptured(t, rom, packets[1:], "192.168.9.100", tc.files, tc.sends)
		})
	}
}

// TestEveryProgramHasItsCapture: what a profile says it was made from is there.
func TestEveryProgramHasItsCapture(t *testing.T) {
	for _, version := range []string{"1.0.0", "1.21.1", "2.0.0"} {
		for _, uefi := range []bool{false, true} {
			for _, drivers := range []bool{false, true} {
				p := IPXEProgram(version, uefi, drivers)
				if _, err := os.Stat(filepath.Join("..", "..", "testdata", "captures", p.Name+".pcap")); err != nil {
					t.Errorf("%s is of no capture: %v", p.Name, err)
				}
			}
		}
	}
}
