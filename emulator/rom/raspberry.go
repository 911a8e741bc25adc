package rom

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
)

// A Fixed is how firmware boots that asks for files by names of its own, whatever an answer names: a Raspberry Pi.
type Fixed struct {
	Text      string   // in option 43 of the answer that counts, unless option 66 names a server
	MachineID string   // option 97: this text and the serial; "": the serial four times
	First     []string // names that its ROM reads without options, and boots what the first is
	Probes    []string // one of these below the serial says that all are there; else they are at the top
	Reads     []string // in order, each there or not; those with * it cannot do without
	Kernels   []string // the first there is
}

// raspberry is what all share. It calls itself a PC. The bytes of a DISCOVER are those that shared logs show; when it asks
// again is what its configuration says (rpi-eeprom, DHCP_REQ_TIMEOUT and DHCP_TIMEOUT).
func raspberry(name string, evidence Evidence, citation string) Profile {
	return Profile{
		Name: name, Evidence: evidence, Citation: citation,

		Class:   "PXEClient:Arch:00000:UNDI:002001",
		UNDI:    [3]byte{1, 2, 1},
		Params:  []byte{1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135},
		Options: []byte{53, 54, 50, 55, 93, 94, 97, 60},
		Pad:     300,

		Discover:   retry.Every(time.Second, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5),
		Request:    retry.Every(time.Second, 4, 4, 4),
		Proxy:      retry.Every(time.Second, 4), // it never asks there
		BootServer: retry.Every(time.Second, 4),
		Collect:    Collect{After: 4 * time.Second},
		IDIsServer: true,

		TFTP:  TFTP{Options: "tsize 0 blksize 1024", NoWrap: true, Patience: retry.Every(time.Second, 1, 2, 4, 8, 15)},
		Texts: map[Reason]string{NoOffer: "DHCP timeout", OnlyProxy: "DHCP timeout", NoAck: "DHCP timeout", NoFile: "No TFTP server"},
	}
}

const piText = "Raspberry Pi Boot"

// raspberry3 has its boot ROM in the chip, which reads bootcode.bin in blocks of 512 bytes and leaves the rest to it.
func raspberry3() Profile {
	p := raspberry("raspberry-pi-3", Source, "raspberrypi/documentation, boot-net.adoc; raspberrypi/firmware#1041, #1362, #1605: tcpdump and dnsmasq's logs")
	p.TFTP.Options = "tsize 0"
	p.Fixed = &Fixed{
		Text:   piText,
		First:  []string{"bootcode.bin", "bootsig.bin"},
		Probes: []string{"start.elf"},
		Reads: []string{"autoboot.txt", "config.txt", "recovery.elf", "start.elf*", "fixup.dat", "recovery.elf", "config.txt", "dt-blob.bin",
			"recovery.elf", "config.txt", "bootcfg.txt", "bcm2710-rpi-3-b.dtb", "overlays/overlay_map.dtb", "cmdline.txt"},
		Kernels: []string{"kernel8.img", "kernel8-32.img", "kernel7.img", "kernel.img"},
	}
	return p
}

// raspberry4 has it in an EEPROM, and reads no bootcode.bin.
func raspberry4() Profile {
	p := raspberry("raspberry-pi-4", Source, "raspberrypi/rpi-eeprom#74: tcpdump; waveform80/nobodd, docs/explain-pi-netboot.rst; rpi-eeprom, bootloader configuration")
	p.Fixed = &Fixed{
		Text: piText, MachineID: "RPi4",
		Probes: []string{"start4.elf", "start.elf"},
		Reads: []string{"config.txt", "recover4.elf", "recovery.elf", "start4.elf*", "fixup4.dat", "config.txt", "dt-blob.bin", "config.txt",
			"bootcfg.txt", "bcm2711-rpi-4-b.dtb", "overlays/overlay_map.dtb", "cmdline.txt"},
		Kernels: []string{"kernel8.img", "kernel7l.img", "kernel7.img", "kernel.img"},
	}
	return p
}

// raspberry5 has all of its firmware there, and reads what an operating system needs.
func raspberry5() Profile {
	p := raspberry("raspberry-pi-5", Spec, "waveform80/nobodd, docs/explain-pi-netboot.rst; raspberrypi/documentation, config.txt; nobody here has seen its packets")
	p.Fixed = &Fixed{
		Text: piText, MachineID: "RPi5",
		Probes:  []string{"config.txt"},
		Reads:   []string{"config.txt*", "bcm2712-rpi-5-b.dtb", "overlays/overlay_map.dtb", "cmdline.txt"},
		Kernels: []string{"kernel_2712.img", "kernel8.img"},
	}
	return p
}

// Serial is the number that a board has on the wire: its last four bytes are those of its address, where nobody says
// another. A real one's first byte is its own.
func Serial(mac [6]byte) string { return hex.EncodeToString(mac[2:]) }

// machineID is option 97 of a board: the serial as the processor has it, or what it is and the whole serial.
func (f *Fixed) machineID(mac [6]byte) []byte {
	serial := mac[2:]
	if f.MachineID == "" {
		backwards := slices.Clone(serial)
		slices.Reverse(backwards)
		return append([]byte{0}, bytes.Repeat(backwards, 4)...)
	}
	const revision = "\x11\x31\xb0\x00"
	return slices.Concat([]byte{0}, []byte(f.MachineID), []byte(revision), []byte{0x10, 0, 0, 0}, serial)
}

// fixed hands over to the board's own files, of the server whose answer holds the text (option 54), or of option 66.
func (r *ROM) fixed() {
	f := r.cfg.Profile.Fixed
	for _, reply := range []*Reply{r.proxy, r.lease} {
		if reply != nil && (bytes.Contains(reply.Option(43), []byte(f.Text)) || reply.Option(66) != nil) {
			r.pxe = reply
			break
		}
	}
	if r.pxe == nil {
		r.fail(NoFile, fmt.Sprintf("no answer has %q in option 43, and none names a server in option 66", f.Text))
		return
	}
	h := r.handover()
	h.Boot, h.Server = r.pxe, r.server(r.pxe)
	r.end(Outcome{Handover: h})
}
