package header

import "encoding/binary"

// Whole is how many bytes a kernel of x86 must have at least, by its own header; 0 where it does not tell: setup
// sectors, and syssize in paragraphs, the last of which may be begun (Documentation/arch/x86/boot.rst). No loader
// looks, and what was cut off resets the machine.
func Whole(p []byte) int64 {
	const setupSects, sysSize, version, first = 0x1f1, 0x1f4, 0x206, 0x204 // before, syssize had 16 bits
	if !BzImage(p) || len(p) < version+2 || binary.LittleEndian.Uint16(p[version:]) < first {
		return 0
	}
	sectors := int64(p[setupSects])
	if sectors == 0 {
		sectors = 4
	}
	const sector, paragraph = 512, 16
	return (sectors+1)*sector + int64(binary.LittleEndian.Uint32(p[sysSize:]))*paragraph - paragraph + 1
}

// Bootable tells whether pxelinux would start a file as a kernel: it looks at the boot sector's end alone
// (syslinux, com32/lib/syslinux/load_linux.c).
func Bootable(p []byte) bool {
	const sectors, end = 1024, 0x1fe
	return len(p) >= sectors && p[end] == 0x55 && p[end+1] == 0xaa
}
