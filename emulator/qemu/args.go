package qemu

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// A Spec is what a machine is. The zero value of a field is its default.
type Spec struct {
	Name     string           // shown in ps, and the Client of its facts
	Firmware string           // "ipxe-bios" (default): SeaBIOS, and the iPXE in the card's option ROM; or see Firmware, Versions, FirmwareFile
	Sets     string           // where firmware of other versions than this host's lies, for NAME@VERSION
	Binary   string           // the QEMU for the firmware's processor
	NIC      string           // what the firmware has a driver for: e1000, or for OVMF virtio-net-pci
	Machine  string           // the board: pc or q35, if the firmware is for both; else the one it is for
	MAC      net.HardwareAddr // 52:54:00:12:34:56, QEMU's own default
	UUID     string           // what option 97 carries; none: QEMU's zero UUID
	Memory   string           // 512M; a bare number is MiB
	Serial   string           // of the machine, as SMBIOS has it; none: QEMU's, which is empty
	Disk     string           // an empty disk of that size, which the firmware finds behind the network: 1G; none: no disk
	Idle     []string         // cards without a cable, before the one that has one
	Default  bool             // the firmware's own boot order, in which nobody has put the network first
	CPUs     int              // 1
	Accel    string           // tcg; see Probe. A foreign processor is emulated in any case
	Extra    []string         // more arguments, at the end

	// What the machine is connected to: inherited descriptors, or, where they are 0, what a person at
	// a terminal has: a TAP (or Netdev) and the terminal itself.
	NetFD, MonitorFD, SerialFD int
	Netdev                     string // backend in place of the TAP: "user,tftp=DIR,bootfile=NAME"
}

// Args is the command line of a machine, without the program's name.
//
// The display is off, but the VGA card is there: vesamenu.c32 asks for VESA modes. Without a reboot
// (-no-reboot) a guest that resets itself ends, which is a fact worth knowing, instead of booting
// again for ever.
func Args(s Spec) []string {
	f, _ := s.hardware() // Spec.check has looked
	args := []string{
		"-name", or(s.Name, "guest"),
		"-no-user-config", "-nodefaults", "-no-reboot",
	}
	args = append(args, f.platform.machine...)
	args = append(args,
		"-accel", f.platform.accel(s.Accel),
		"-m", or(s.Memory, "512M"),
		"-smp", strconv.Itoa(max(s.CPUs, 1)))
	args = append(append(args, f.platform.screen...), "-display", "none")
	if s.UUID != "" {
		args = append(args, "-uuid", s.UUID)
	}
	if s.Serial != "" {
		args = append(args, "-smbios", "type=1,serial="+option(s.Serial))
	}
	args = append(args, f.args...)
	args = append(args, s.cards(f)...)
	if s.Disk != "" { // what it reads is zeros, and what is written to it is lost: no file is needed
		args = append(args, "-blockdev", fmt.Sprintf("driver=null-co,node-name=d0,read-zeroes=on,size=%s", s.Disk), "-device", "virtio-blk-pci,drive=d0")
	}
	if !s.Default {
		args = append(args, f.boot...)
	}
	switch {
	case s.SerialFD != 0: // append=on: QEMU would truncate it, which a pipe refuses
		args = append(args, "-add-fd", fmt.Sprintf("fd=%d,set=1", s.SerialFD),
			"-chardev", "file,id=com1,path=/dev/fdset/1,append=on", "-serial", "chardev:com1")
	default:
		args = append(args, "-serial", "mon:stdio")
	}
	if s.MonitorFD != 0 {
		args = append(args, "-chardev", fmt.Sprintf("socket,id=qmp,fd=%d", s.MonitorFD), "-mon", "chardev=qmp,mode=control")
	}
	return append(args, s.Extra...)
}

// cards are those without a cable, and the one with it.
func (s Spec) cards(f firmware) (args []string) {
	for n, nic := range s.Idle {
		args = append(args, "-netdev", fmt.Sprintf("hubport,id=idle%d,hubid=%d", n, n+1), "-device", fmt.Sprintf("%s,netdev=idle%d,mac=52:54:00:ff:00:%02x", nic, n, n))
	}
	mac := "52:54:00:12:34:56"
	if len(s.MAC) > 0 {
		mac = s.MAC.String()
	}
	card := f.card
	if s.Default {
		card = strings.ReplaceAll(card, ",bootindex=1", "")
	}
	return append(args, "-netdev", netdev(s), "-device", fmt.Sprintf("%s,netdev=n0,mac=%s%s", f.nic, mac, card))
}

func netdev(s Spec) string {
	switch {
	case s.NetFD != 0:
		return fmt.Sprintf("socket,id=n0,fd=%d", s.NetFD)
	case s.Netdev != "":
		kind, rest, more := strings.Cut(s.Netdev, ",")
		if more {
			rest = "," + rest
		}
		return kind + ",id=n0" + rest
	}
	return "tap,id=n0,ifname=tap0,script=no,downscript=no"
}

// Command is a line to paste that starts the same machine on a TAP named tap0, with its serial line
// on the terminal.
func Command(s Spec) string {
	s.NetFD, s.MonitorFD, s.SerialFD = 0, 0, 0
	words := append([]string{s.binary()}, Args(s)...)
	for i, w := range words {
		if strings.ContainsAny(w, " \t\n'\"\\$`*?[]{}()<>|&;#~!") || w == "" {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// check says what is wrong with a Spec in one line.
func (s Spec) check() error {
	f, err := s.hardware()
	if err == nil {
		err = f.installed() // the program is missed when it is started
	}
	if err != nil {
		return err
	}
	if f.nic == "" {
		return fmt.Errorf("firmware %s is the ROM of a card that has no name here: say which of QEMU's it is, such as nic=i82801", s.Firmware)
	}
	for _, text := range append([]string{s.Name, s.NIC, s.UUID, s.Memory, s.Accel, s.Serial, s.Disk}, s.Idle...) {
		if strings.HasPrefix(text, "-") || strings.ContainsAny(text, "\n\x00") {
			return fmt.Errorf("%q cannot be a QEMU argument", text)
		}
	}
	for _, word := range append([]string{s.Name, s.NIC, s.Disk}, s.Idle...) {
		if strings.Contains(word, ",") {
			return fmt.Errorf("%q: a comma begins a QEMU option", word)
		}
	}
	return nil
}

func (s Spec) binary() string {
	f, _ := s.hardware() // Spec.check has looked
	return or(s.Binary, f.platform.binary)
}

// accel is what can run its processor on this host.
func (p platform) accel(wanted string) string {
	if p.foreign {
		return "tcg"
	}
	return or(wanted, "tcg")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
