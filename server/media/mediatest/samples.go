package mediatest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"

	"github.com/bootrig/bootrig/server/media/header"
)

// Samples are files by name: programs with the header of real ones, and what lies beside them.
func Samples() map[string][]byte {
	all := map[string][]byte{
		"kernel-x86_64":  Kernel("6.1.0-50-amd64 (x@y) #1", true),
		"kernel-i386":    Kernel("6.1.0-50-686 (x@y) #1", false),
		"kernel-aarch64": image(header.MachineARM64, "ARM\x64"),
		"kernel-riscv64": image(header.MachineRISCV64, "RSC\x05"),
		"xen.gz":         gzipped(multiboot()),
		"initrd.gz":      gzipped([]byte("070701")),
		"initrd.xz":      append([]byte("\xfd7zXZ\x00"), make([]byte, 100)...),
		"initrd.zst":     append([]byte("\x28\xb5\x2f\xfd"), make([]byte, 100)...),
		"pxelinux-4":     []byte("\xfa\xfcPXELINUX 4.05 2011-12-09" + string(make([]byte, 100))),
		"pxelinux-6":     []byte("\xfa\xfcPXELINUX 6.04 PXE 20200816" + string(make([]byte, 100))),
		"com32r":         append([]byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}, make([]byte, 100)...),
		"com32r-mboot":   append([]byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}, "No multiboot header"...),
		"c32-6":          append([]byte("\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00"), "libcom32.c32\x00"...),
		"wimboot":        append(Kernel("", false), "wimboot v2.9.0"...),
		"memtest.bin":    append(Kernel("", false), "Memtest86+ v5.31b"...),
	}
	all["wimboot-x86_64"] = PE(header.MachineX64, ".text", "wimboot v2.9.0") // as it is released it is both
	for cpu, machine := range map[string]uint16{
		"x86_64": header.MachineX64, "aarch64": header.MachineARM64, "i386": header.MachineI386,
	} {
		all["efi-"+cpu] = PE(machine, "")
		all["shim-"+cpu] = PE(machine, ".vendor_cert")
		all["grub-"+cpu] = PE(machine, ".sbat", "\ngrub,5,x,grub,2.12,y\n")
		all["ipxe-"+cpu] = PE(machine, ".sbat", "\nipxe,1,iPXE\n")
		all["memtest-"+cpu] = PE(machine, ".sbat", "\nmemtest86+,1,Memtest86+,7.20\nMemtest86+ v7.20")
	}
	return all
}

// PE is a program of UEFI, with one section.
func PE(machine uint16, section string, text ...string) []byte {
	const coff, table, body = 0x44, 0x58, 0x400
	data := bytes.Join(bytesOf(text), nil)
	p := make([]byte, body)
	copy(p, "MZ")
	p[0x3c] = coff - 4
	copy(p[coff-4:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(p[coff:], machine)
	binary.LittleEndian.PutUint16(p[coff+2:], 1)
	copy(p[table:table+8], section)
	if len(section) > 8 { // it stands in the string table then, behind its size
		copy(p[table:table+8], "/4\x00\x00\x00\x00\x00\x00")
		binary.LittleEndian.PutUint32(p[coff+8:], uint32(len(p)+len(data)))
		data = append(data, "\x00\x00\x00\x00"+section+"\x00"...)
	}
	binary.LittleEndian.PutUint32(p[table+16:], uint32(len(data)))
	binary.LittleEndian.PutUint32(p[table+20:], body)
	return append(p, data...)
}

func bytesOf(texts []string) (all [][]byte) {
	for _, t := range texts {
		all = append(all, []byte(t))
	}
	return all
}

// Kernel is the beginning of a kernel for x86.
func Kernel(release string, wide bool) []byte {
	p := make([]byte, 0x600)
	copy(p[0x202:], "HdrS\x0f\x02")
	if wide {
		p[0x236] = 1
	}
	p[0x20f] = 1 // the release stands at 0x300
	copy(p[0x300:], release)
	return p
}

// image is a kernel of another CPU.
func image(machine uint16, magic string) []byte {
	p := PE(machine, "")
	copy(p[0x38:], magic)
	return p
}

// multiboot is the header of a multiboot kernel, and of a multiboot2 one.
func multiboot() []byte {
	p := make([]byte, 64)
	for at, fields := range map[int][]uint32{8: {0x1badb002, 3}, 32: {0xe85250d6, 0, 16}} {
		sum := uint32(0)
		for _, v := range fields {
			binary.LittleEndian.PutUint32(p[at:], v)
			sum, at = sum+v, at+4
		}
		binary.LittleEndian.PutUint32(p[at:], -sum)
	}
	return p
}

func gzipped(p []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(p)
	z.Close()
	return b.Bytes()
}
