package header

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
)

// BzImage tells a kernel of x86, or what is made like one: boot protocol, "HdrS" at 0x202 (Linux,
// Documentation/arch/x86/boot.rst). It may be a PE file as well.
func BzImage(p []byte) bool { return len(p) > 0x205 && string(p[0x202:0x206]) == "HdrS" }

// linux tells kernels.
func linux(p []byte) Program {
	if BzImage(p) {
		return bzImage(p)
	}
	found := Program{Kind: Linux}
	switch {
	case bytes.HasPrefix(p, []byte("\x1f\x8b")):
		return zipped(p)
	case len(p) < 0x40:
		return Program{}
	case string(p[0x38:0x3c]) == "ARM\x64": // Documentation/arch/arm64/booting.rst
		found.CPU = "aarch64"
	case string(p[0x38:0x3c]) == "RSC\x05": // Documentation/arch/riscv/boot-image-header.rst
		found.CPU = "riscv64"
	case bytes.HasPrefix(p, []byte("MZ")) && string(p[4:8]) == "zimg": // an EFI zboot image, linux/pe.h
		machine, _ := Machine(p)
		found.CPU = cpus()[machine]
	case bytes.HasPrefix(p, []byte("MZ")) && binary.LittleEndian.Uint32(p[0x38:]) == 0x818223cd: // LINUX_PE_MAGIC
		machine, _ := Machine(p)
		found.CPU = cpus()[machine]
	default:
		return Program{}
	}
	_, found.UEFI = Machine(p)
	return found
}

// bzImage tells Linux itself from the programs that loaders start as if they were: iPXE, wimboot, memtest86+.
func bzImage(p []byte) Program {
	const protocol, versionAt, flags, kernel64 = 0x206, 0x20e, 0x236, 1
	found := Program{Kind: Linux, CPU: "i386", BIOS: true}
	if len(p) <= flags {
		return Program{}
	}
	if binary.LittleEndian.Uint16(p[protocol:]) >= 0x20c && p[flags]&kernel64 != 0 {
		found.CPU = "x86_64"
	}
	machine, pe := Machine(p)
	if found.UEFI = pe; pe && machine == MachineX64 {
		found.CPU = "x86_64"
	}
	for word, kind := range map[string]Kind{"Memtest86+": Memtest, "wimboot v": Wimboot} {
		if bytes.Contains(p, []byte(word)) {
			found.Kind, found.Version = kind, version(kind, p)
		}
	}
	at := int(binary.LittleEndian.Uint16(p[versionAt:])) + 0x200
	if found.Kind == Linux && at > 0x200 && at < len(p) {
		text, _, _ := bytes.Cut(p[at:min(len(p), at+128)], []byte{0})
		release, _, _ := bytes.Cut(text, []byte(" "))
		found.Version = string(release)
	}
	return found
}

// zipped looks below gzip's cover: arm64 kernels come as Image.gz, and Xen as xen.gz.
func zipped(p []byte) Program {
	inside := unzipped(p)
	if inside == nil || bytes.HasPrefix(inside, []byte("\x1f\x8b")) {
		return Program{}
	}
	return linux(inside)
}

// unzipped is the beginning of what gzip holds, nil for what is no gzip.
func unzipped(p []byte) []byte {
	if !bytes.HasPrefix(p, []byte("\x1f\x8b")) {
		return nil
	}
	z, err := gzip.NewReader(bytes.NewReader(p))
	if err != nil {
		return nil
	}
	inside := make([]byte, multibootWithin)
	n, _ := io.ReadFull(z, inside)
	return inside[:n]
}

// multibootWithin is where the header of multiboot2 must begin (its specification, 3.1.1).
const multibootWithin = 32 << 10

// multiboot tells kernels that mboot.c32 and GRUB's multiboot2 start.
func multiboot(p []byte) Program {
	if inside := unzipped(p); inside != nil {
		p = inside
	}
	p = p[:min(len(p), multibootWithin)]
	for _, magic := range []struct {
		value, step uint32
	}{{0x1badb002, 4}, {0xe85250d6, 8}} {
		for at := 0; at+12 <= len(p); at += int(magic.step) {
			if binary.LittleEndian.Uint32(p[at:]) == magic.value && sums(p[at:], magic.step == 8) {
				return Program{Kind: Multiboot, CPU: "x86_64", BIOS: true, UEFI: true}
			}
		}
	}
	return Program{}
}

// sums tells whether the fields of a multiboot header add up to zero, as they must.
func sums(p []byte, second bool) bool {
	sum := binary.LittleEndian.Uint32(p) + binary.LittleEndian.Uint32(p[4:]) + binary.LittleEndian.Uint32(p[8:])
	if second {
		if len(p) < 16 {
			return false
		}
		sum += binary.LittleEndian.Uint32(p[12:])
	}
	return sum == 0
}
