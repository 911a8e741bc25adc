package qemu

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// romImage is an image of a ROM: for a card, for a BIOS (0) or UEFI (3), perhaps the last.
func romImage(card pciID, kind, last byte) []byte {
	b := make([]byte, 1024)
	copy(b, "\x55\xaa")
	b[0x18] = 0x1c
	p := b[0x1c:]
	copy(p, "PCIR")
	binary.LittleEndian.PutUint16(p[4:], card.vendor)
	binary.LittleEndian.PutUint16(p[6:], card.device)
	p[0x10], p[0x14], p[0x15] = 2, kind, last
	return b
}

// flash is what is in a flash chip: its beginning and its last 16 bytes.
func flash(size int, first, last string) []byte {
	b := make([]byte, size)
	copy(b, first)
	copy(b[size-16:], last)
	return b
}

func TestAFileIsToldByWhatIsInIt(t *testing.T) {
	const ovmfHere = "-drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd" +
		" -drive if=pflash,unit=1,format=raw,snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.fd -device virtio-rng-pci"
	e1000, virtio := pciID{0x8086, 0x100e}, pciID{0x1af4, 0x1041}
	volume := func(guid string) string {
		return strings.Repeat("\x00", 16) + guid + strings.Repeat("\x00", 8) + "_FVH"
	}
	for name, c := range map[string]struct {
		data []byte
		want string // arguments and card, or the error
	}{
		"a ROM for BIOS goes into its card": {romImage(e1000, 0, 0x80), "e1000,romfile=/x,,y"},
		"one for both is for BIOS":          {append(romImage(e1000, 0, 0), romImage(e1000, 3, 0x80)...), "e1000,romfile=/x,,y"},
		"one for UEFI alone has OVMF":       {romImage(e1000, 3, 0x80), ovmfHere + " e1000,bootindex=1,romfile=/x,,y"},
		"UEFI first, BIOS behind":           {append(romImage(e1000, 3, 0), romImage(e1000, 0, 0x80)...), "e1000,romfile=/x,,y"},
		"a virtio ROM has a card of its ID": {romImage(virtio, 0, 0x80), "virtio-net-pci,disable-legacy=on,romfile=/x,,y"},
		"a ROM of nobody's card":            {romImage(pciID{1, 2}, 0, 0x80), ",romfile=/x,,y"},
		"a BIOS":                            {flash(128<<10, "", "\xea\x5b\xe0\x00\xf0"), "-bios /x,y e1000"},
		"a UEFI with its variables": {
			flash(4<<20, volume(string(variables)), ""),
			"-drive if=pflash,unit=0,format=raw,snapshot=on,file=/x,,y -device virtio-rng-pci virtio-net-pci,romfile=,bootindex=1",
		},
		"a UEFI's code alone":    {flash(3<<20, volume(strings.Repeat("x", 16)), ""), "firmware /x,y is the code of a UEFI alone: take the file that has its variables too, such as OVMF.fd"},
		"an ISA card's ROM":      {flash(1024, "\x55\xaa", ""), "firmware /x,y: the ROM image at 0x0 has no PCI data structure: it is no PCI card's"},
		"a second image is none": {append(romImage(e1000, 3, 0), 1, 2, 3), "firmware /x,y: at 0x400 there is no ROM image (which begins with 55 AA)"},
		"the beginning of a ROM": {[]byte{0x55, 0xaa}, "firmware /x,y: at 0x0 there is no ROM image (which begins with 55 AA)"},
		"nothing":                {nil, "firmware /x,y is no ROM of a network card (which begins with 55 AA), no BIOS and no UEFI for x86"},
		"a BIOS cut off":         {flash(128<<10, "", "\xea")[:100<<10], "firmware /x,y is no ROM of a network card (which begins with 55 AA), no BIOS and no UEFI for x86"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ofFile("/x,y", c.data)
			got := strings.Join(append(f.args, f.nic+f.card), " ")
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheCardOfAnUnknownROMIsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.rom")
	if err := os.WriteFile(path, romImage(pciID{1, 2}, 0, 0x80), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Spec{Firmware: "file:" + path}
	if err := s.check(); err == nil || !strings.HasSuffix(err.Error(), "such as nic=i82801") {
		t.Errorf("without a card: %v", err)
	}
	s.NIC = "i82801"
	if err := s.check(); err != nil {
		t.Errorf("with a card: %v", err)
	}
}

func FuzzROM(f *testing.F) {
	f.Add(romImage(pciID{1, 2}, 3, 0))
	f.Add(bytes.Repeat([]byte{0x55, 0xaa}, 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := ofFile("/x", data); err == nil && m.name == "" {
			t.Errorf("a machine without a name: %v", m)
		}
	})
}
