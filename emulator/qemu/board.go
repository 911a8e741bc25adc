package qemu

import (
	"fmt"
	"strings"
)

// hardware is the firmware that the Spec names, in the machine that it names.
func (s Spec) hardware() (firmware, error) {
	f, err := lookupFirmware(s.Firmware, s.Sets)
	if err != nil {
		return f, err
	}
	f.nic = or(s.NIC, f.nic)
	f.card = f.properties(f.nic)
	return f.on(s.Machine)
}

// hasScreen tells whether the machine has a VGA card, whose text can be read.
func (s Spec) hasScreen() bool {
	f, err := s.hardware()
	return err == nil && len(f.platform.screen) > 0
}

// on is the firmware on another board than its own. What keeps its keys in SMM has that on q35 alone.
func (f firmware) on(board string) (firmware, error) {
	own := f.platform.board
	switch {
	case board == "" || board == own:
		return f, nil
	case own == "pc" && board == "q35":
		f.platform = pc()
		f.platform.board, f.platform.machine = board, []string{"-machine", "q35,graphics=off"}
		return f, nil
	}
	return f, fmt.Errorf("machine %q: firmware %s is for %s", board, f.name, own)
}

// properties are those of the card beside its MAC. QEMU gives its eepro100 cards the ROM for a BIOS alone; a card that
// is on no PCI bus has none at all.
func (f firmware) properties(nic string) string {
	const uefi = ",bootindex=1" // with the card's own ROM
	switch {
	case f.card == uefi && strings.HasPrefix(nic, "i82"):
		return uefi + ",romfile=efi-eepro100.rom"
	case nic == "virtio-net-device":
		return strings.Replace(f.card, ",romfile=", "", 1)
	}
	return f.card
}
