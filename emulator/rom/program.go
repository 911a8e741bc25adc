package rom

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// peX64 is IMAGE_FILE_MACHINE_AMD64.
const peX64 = 0x8664

// Refuses says why the firmware does not run a program, "" if it does. UEFI wants a PE image for its own processor
// (UEFI 2.10 section 2.1.1). A BIOS program has no header at all: iPXE knows what is none by its first two bytes
// (src/arch/x86/image/pxe_image.c, pxe_probe_no_mz).
func (p *Profile) Refuses(program []byte) string {
	bios := p.Machine == 0
	switch is := peMachine(program); {
	case bios && bytes.HasPrefix(program, []byte("MZ")):
		return "it is a UEFI program and this is a BIOS machine"
	case bios || is == p.Machine:
		return ""
	case is == 0:
		return "it is no UEFI program"
	default:
		return fmt.Sprintf("it is a UEFI program for processor %#x, and this one is %#x", is, p.Machine)
	}
}

// peMachine is the processor that a PE image is for, 0 if it is none (PE format, sections 3.1 to 3.3).
func peMachine(program []byte) uint16 {
	const offset = 0x3c // of the PE header
	if len(program) < offset+4 || !bytes.HasPrefix(program, []byte("MZ")) {
		return 0
	}
	at := uint64(binary.LittleEndian.Uint32(program[offset:]))
	if at+6 > uint64(len(program)) || !bytes.HasPrefix(program[at:], []byte("PE\x00\x00")) {
		return 0
	}
	return binary.LittleEndian.Uint16(program[at+4:])
}
