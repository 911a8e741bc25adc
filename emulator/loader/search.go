package loader

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
)

type handover = *rom.Handover

// option is a DHCP option as pxelinux reads it: from any of the packets it can see, the later one wins.
func option(h handover, code byte) string {
	value := ""
	for _, reply := range h.Replies {
		if o := reply.Option(code); len(o) > 0 {
			value, _, _ = strings.Cut(string(o), "\x00")
		}
	}
	return value
}

// findConfig asks for the configuration under each of its names and returns the first there is (syslinux
// core/fs/pxe/bios.c, net_parse_dhcp, and pxe.c, pxe_open_config).
func (p *pxe) findConfig() []byte {
	for _, name := range configNames(p.Handover) {
		if content, ok := p.open(name); ok {
			p.found = name
			return content
		}
	}
	p.say("Unable to locate configuration file")
	p.fail("Unable to locate configuration file", "no pxelinux.cfg file is there, not even pxelinux.cfg/default")
	return nil
}

// configNames lists the names: option 209, UUID, MAC, the address in hexadecimal cut digit by digit, default.
func configNames(h handover) []string {
	var names []string
	if o := option(h, 209); o != "" {
		names = append(names, o)
	}
	const dir = "pxelinux.cfg/"
	if id := uuid(h); id != "" {
		names = append(names, dir+id)
	}
	names = append(names, dir+bootif(h))
	a := h.Addr.As4()
	for digits := fmt.Sprintf("%02X%02X%02X%02X", a[0], a[1], a[2], a[3]); digits != ""; digits = digits[:len(digits)-1] {
		names = append(names, dir+digits)
	}
	return append(names, dir+"default")
}

// uuid is option 97 in the byte order it came in, and "" unless its version field is plausible: QEMU's default
// of zeros is skipped (captures A and C).
func uuid(h handover) string {
	if v := h.UUID[6]; v < 0x10 || v > 0xef {
		return ""
	}
	s := hex.EncodeToString(h.UUID[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// bootif is the hardware type and the MAC address, with dashes.
func bootif(h handover) string {
	return "01-" + strings.ReplaceAll(net.HardwareAddr(h.MAC[:]).String(), ":", "-")
}

// sysappend is the text of the SYSAPPEND bits that a netbooted machine's command line can show: 1 ip=,
// 2 BOOTIF=, 4 SYSUUID=. The higher bits come from CPU and DMI, which a scripted machine has not.
func (p *pxe) sysappend(mask uint32) (words []string) {
	h := p.Handover
	if mask&1 != 0 {
		words = append(words, fmt.Sprintf("ip=%s:%s:%s:%s", h.Addr, h.Server, zero(h.ACK, 3), zero(h.ACK, 1)))
	}
	if mask&2 != 0 {
		words = append(words, "BOOTIF="+bootif(h))
	}
	if id := uuid(h); mask&4 != 0 && id != "" {
		words = append(words, "SYSUUID="+id)
	}
	return words
}

// zero is an address option, 0.0.0.0 when there is none.
func zero(r *rom.Reply, code byte) netip.Addr {
	if r == nil {
		return netip.IPv4Unspecified()
	}
	return r.Addr(code)
}
