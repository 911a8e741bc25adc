package qemu

import (
	"regexp"
	"strconv"
)

// A symptom is a text that firmware, loaders and kernels print when they give up, and what it means:
// a template whose $1 is the first group of the text. A hint, looked up by the group named code, is
// put behind.
type symptom struct {
	text  *regexp.Regexp
	means string
	hint  func(code string) string
}

// cause is what the line means in one line, "" if it is not this symptom.
func (s symptom) cause(line string) string {
	m := s.text.FindStringSubmatchIndex(line)
	if m == nil {
		return ""
	}
	cause := string(s.text.ExpandString(nil, s.means, line, m))
	if s.hint == nil {
		return cause
	}
	i := s.text.SubexpIndex("code")
	if hint := s.hint(line[m[2*i]:m[2*i+1]]); hint != "" {
		cause += ": " + hint
	}
	return cause
}

// symptoms are the known texts. Those of SeaBIOS, iPXE, pxelinux, Linux and Xen were seen on the
// consoles in testdata; the PXE-E texts are what the PXE 2.1 ROMs of cards print.
func symptoms() []symptom {
	var list []symptom
	add := func(text, means string, hint func(string) string) {
		list = append(list, symptom{regexp.MustCompile(text), means, hint})
	}
	add(`^ *(PXE-(?P<code>[ET][0-9A-F]{2}): .*)$`, "$1", pxeHint)
	// Not the statistics of a card, "[RXE: 2 x "..." (http://ipxe.org/...)]", which are no failure.
	add(`^([^[ ][^[]*) \(http://ipxe\.org/(?P<code>[0-9a-f]{8})\)`, "iPXE: $1 (ipxe.org/$code)", ipxeHint)
	add(`^\s*\[Link status: .* \(http://ipxe\.org/(?P<code>38086[0-9a-f]{3})\)`, "iPXE: no link (ipxe.org/$code)", ipxeHint)
	add(`^BdsDxe: failed to start (Boot[0-9A-F]{4}) .*: (.*)$`, "BdsDxe: failed to start $1: $2: the boot program gave up", nil)
	add(`^No bootable device\.`, "the BIOS has no device left to boot from", nil)
	add(`^Failed to load (ldlinux\.(?:c32|e32|e64))`, "pxelinux: failed to load $1: it must be reachable beside pxelinux.0 and of the same version", nil)
	add(`^Failed to load COM32 file (\S+)`, "pxelinux: failed to load $1: missing, a library it needs is missing, or of another syslinux generation", nil)
	add(`^Failed to load (\S+\.c32)`, "pxelinux: failed to load $1: the library is neither beside the module nor below PATH", nil)
	add(`^(\S+): not a COM32R image`, "pxelinux: $1 is of another syslinux generation", nil)
	add(`^Undef symbol FAIL: (.*)`, "pxelinux: a module is of another syslinux version: it lacks $1", nil)
	add(`^Unable to locate configuration file`, "pxelinux: no configuration found: neither pxelinux.cfg/default nor one for this machine", nil)
	add(`^No DEFAULT or UI configuration directive found`, "pxelinux: its configuration names no DEFAULT and no UI", nil)
	add(`^Loading (\S+?)\.\.\. ?failed: (.*)`, "pxelinux: $1: $2", nil)
	add(`^Loading (\S+?)\.\.\. ?failed!`, "mboot.c32: cannot load $1", nil)
	add(`^Could not find (?:kernel|ramdisk) image: (.*)`, "pxelinux: $1: no such file", nil)
	add(`^Invalid or corrupt kernel image`, "pxelinux: what KERNEL names is no kernel", nil)
	add(`^Booting kernel failed: (.*)`, "pxelinux: the kernel cannot be booted: $1", nil)
	add(`^mboot\.c32: (.* failed.*|.*not found.*)`, "mboot.c32: $1", nil)
	add(`^(?:\[ *[\d.]+\] )?Initramfs unpacking failed: (.*)`, "Linux: the initrd cannot be unpacked ($1): truncated or not an initrd", nil)
	add(`^(?:\[ *[\d.]+\] )?Failed to execute (/init .*)`, "Linux: its first program cannot be run: $1", nil)
	add(`^(?:\[ *[\d.]+\] )?Kernel panic - not syncing: (VFS: Unable to mount root fs.*)`, "Linux panic: $1: no usable initrd came with the kernel", nil)
	add(`^(?:\[ *[\d.]+\] )?Kernel panic - not syncing: (.*)`, "Linux panic: $1", nil)
	add(`^ ?-- System halted`, "Linux: its image is damaged: it could not unpack itself", nil)
	return list
}

// pxeHint says what to look at for a PXE-Enn of a card's ROM, or of EDK2, whose numbers are others but for E53
// (NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c, PxeBcLoadBootFile).
func pxeHint(code string) string {
	return map[string]string{
		"E05": "the boot file does not fit in memory",
		"E07": "the address was refused, or the boot menu's server is not in its list",
		"E11": "nobody answers ARP for the TFTP server",
		"E12": "no cable",
		"E16": "no offer names a boot file, or a proxy does not answer on port 4011",
		"E18": "no DHCP server answered, or nobody answers TFTP at the server the offer named",
		"E21": "the boot menu was left, or its item is local boot",
		"E23": "the TFTP server refuses the file: most often it has none of that name",
		"E32": "nobody answers TFTP at the server the offer named",
		"E35": "TFTP data does not arrive",
		"E36": "the TFTP server refuses the file",
		"E3B": "the TFTP server has no such file",
		"T01": "the TFTP server has no such file",
		"T02": "the TFTP server refuses access",
		"E51": "no DHCP server answered",
		"E52": "a proxy answered, but no DHCP server",
		"E53": "no offer named a boot file for this machine",
		"E55": "the proxy does not answer on port 4011",
		"E61": "no cable",
		"E74": "the PXE menu cannot be read",
		"E77": "the list of boot servers cannot be read",
		"E78": "no boot server answered",
		"E79": "the boot file is too large for a BIOS machine",
		"E99": "nobody listens at the server's TFTP port, or the packet that counts names no file",
	}[code]
}

// ipxeHint says what an iPXE error number means. A number is errno<<24 | file<<13 | place<<8 |
// platform; place and platform differ between builds and are left out (iPXE, include/ipxe/errfile.h).
func ipxeHint(code string) string {
	n, err := strconv.ParseUint(code, 16, 32)
	if err != nil {
		return ""
	}
	return map[uint64]string{
		0x4c106035 >> 13: "no DHCP server answered",
		0x040ee119 >> 13: "the card got no configuration",
		0x2d03e13b >> 13: "no offer named a boot file with a server address (siaddr)",
		0x4c126035 >> 13: "nobody answers TFTP at that server",
		0x2d12613b >> 13: "the TFTP server has no such file",
		0x0212603c >> 13: "the TFTP server refuses access",
		0x3d126001 >> 13: "the TFTP server calls it an illegal operation",
		0x3c126003 >> 13: "the TFTP server refuses",
		0x1c126002 >> 13: "a malformed TFTP packet came",
		0x1c106002 >> 13: "no boot server of that type answered",
		0x2d0c613b >> 13: "the HTTP server has no such file",
		0x020c613c >> 13: "the HTTP server wants a login",
		0x410c613c >> 13: "the HTTP server refuses access",
		0x1d0c6439 >> 13: "the HTTP server answers with an error",
		0x4c0a6035 >> 13: "nobody answers TCP at that server",
		0x0f0a6039 >> 13: "the server refuses the TCP connection",
		0x4c376035 >> 13: "nobody answers ARP for that address",
		0x28056011 >> 13: "no route to that address",
		0x3e11613b >> 13: "the name cannot be resolved",
		0x2e008001 >> 13: "the file is no program for this firmware",
		0x38086101 >> 13: "the cable is out",
		0x0b15e0a0 >> 13: "the menu was left without a choice",
	}[n>>13]
}
