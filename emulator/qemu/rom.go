package qemu

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
)

// filePrefix begins a firmware that is a file of one's own.
const filePrefix = "file:"

// FirmwareFile is the file that a firmware names, as file:ROM.
func FirmwareFile(name string) (path string, ok bool) { return strings.CutPrefix(name, filePrefix) }

// biggestROM is more than any flash chip of a PC holds.
const biggestROM = 64 << 20

// readFirmware finds out what a file is.
func readFirmware(path string) (firmware, error) {
	f, err := os.Open(path)
	if err != nil {
		return firmware{}, fmt.Errorf("firmware: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, biggestROM))
	if err != nil {
		return firmware{}, fmt.Errorf("firmware: %w", err)
	}
	return ofFile(path, data)
}

// ofFile is a machine with a firmware that somebody has: a network card's ROM, which goes into that card, of a machine
// with this host's SeaBIOS, or OVMF if it is for UEFI alone; or what boots the machine itself, a BIOS or a UEFI.
func ofFile(path string, data []byte) (firmware, error) {
	host := firmwares(places{})
	bios, uefi := host[0], host[1]
	size := len(data)
	switch {
	case bytes.HasPrefix(data, []byte{0x55, 0xaa}):
		return ofCard(path, data, bios, uefi)
	case size >= 48 && bytes.Equal(data[40:44], []byte("_FVH")):
		return ofUEFI(path, data, uefi)
	// A processor starts 16 bytes below the end of a BIOS, which is a jump.
	case size >= 64<<10 && size&(size-1) == 0 && data[size-16] == 0xea:
		bios.args = []string{"-bios", path}
		return bios, nil
	}
	return firmware{}, fmt.Errorf("firmware %s is no ROM of a network card (which begins with 55 AA), no BIOS and no UEFI for x86", path)
}

// variables is what the part of a UEFI for x86 begins with that can be written (EFI_SYSTEM_NV_DATA_FV_GUID).
var variables = []byte{0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50}

func ofUEFI(path string, data []byte, uefi firmware) (firmware, error) {
	if !bytes.Equal(data[16:32], variables) {
		return firmware{}, fmt.Errorf("firmware %s is the code of a UEFI alone: take the file that has its variables too, such as OVMF.fd", path)
	}
	uefi.args = []string{"-drive", "if=pflash,unit=0,format=raw,snapshot=on,file=" + option(path), "-device", "virtio-rng-pci"}
	uefi.files = nil
	return uefi, nil
}

func ofCard(path string, data []byte, bios, uefi firmware) (firmware, error) {
	card, forBIOS, err := readROM(data)
	if err != nil {
		return firmware{}, fmt.Errorf("firmware %s: %w", path, err)
	}
	f := bios
	if !forBIOS {
		f, f.card = uefi, ",bootindex=1"
	}
	f.card += ",romfile=" + option(path)
	f.nic = cards[card] // the firmware passes over a ROM that is another card's
	return f, nil
}

// A pciID is vendor and device of a card.
type pciID struct{ vendor, device uint16 }

// cards are QEMU's, by the ID that their ROMs have. A virtio card is the one of that ID only if it is not also what
// it was before virtio 1.0.
var cards = map[pciID]string{
	{0x8086, 0x100e}: "e1000",
	{0x8086, 0x10d3}: "e1000e",
	{0x8086, 0x1229}: "i82557c",
	{0x8086, 0x1209}: "i82559er",
	{0x1022, 0x2000}: "pcnet",
	{0x10ec, 0x8139}: "rtl8139",
	{0x10ec, 0x8029}: "ne2k_pci",
	{0x15ad, 0x07b0}: "vmxnet3",
	{0x1af4, 0x1000}: "virtio-net-pci",
	{0x1af4, 0x1041}: "virtio-net-pci,disable-legacy=on",
}

// readROM says which card a ROM is for, and whether a BIOS can run it, by the images that it consists of (PCI Firmware
// Specification 3.3, 5.1: at 18h where an image's data structure is, in that the card's ID, at 10h the length in units
// of 512 bytes, at 14h what can run it, and at 15h whether it is the last).
func readROM(data []byte) (card pciID, forBIOS bool, err error) {
	for at := 0; ; {
		image := data[at:]
		if len(image) < 0x1a || image[0] != 0x55 || image[1] != 0xaa {
			return card, false, fmt.Errorf("at %#x there is no ROM image (which begins with 55 AA)", at)
		}
		pcir := int(binary.LittleEndian.Uint16(image[0x18:]))
		if len(image) < pcir+0x16 || string(image[pcir:pcir+4]) != "PCIR" {
			return card, false, fmt.Errorf("the ROM image at %#x has no PCI data structure: it is no PCI card's", at)
		}
		p := image[pcir:]
		card = pciID{binary.LittleEndian.Uint16(p[4:]), binary.LittleEndian.Uint16(p[6:])}
		length := 512 * int(binary.LittleEndian.Uint16(p[0x10:]))
		if p[0x14] == 0 {
			return card, true, nil
		}
		if at += length; p[0x15]&0x80 != 0 || length == 0 || at > len(data) {
			return card, false, nil
		}
	}
}
