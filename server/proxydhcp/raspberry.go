package proxydhcp

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/wire/pxe"
)

// piText is what a Raspberry Pi looks for in the menu of an answer. Old boot ROMs want three blanks behind it.
const piText = "Raspberry Pi Boot"

// raspberryPi tells a Raspberry Pi, which calls itself an x86 BIOS machine: by its machine id, which says RPi4 or
// RPi5 since 2020, whatever its address (rpi-eeprom, bootloader configuration), and by its maker's addresses, as
// the IEEE gave them out (tinkerbell/smee, dhcp.go, has the older ones).
func (c *client) raspberryPi() bool {
	if arch, typed := c.arch(); !typed || arch != pxe.ArchX86BIOS {
		return false
	}
	const id = "\x00RPi"
	if bytes.HasPrefix(c.Packet.Options[pxe.OptMachineID], []byte(id)) {
		return true
	}
	mac := c.Packet.ClientHWAddr
	makers := [][3]byte{
		{0xb8, 0x27, 0xeb}, {0xdc, 0xa6, 0x32}, {0xe4, 0x5f, 0x01}, {0x28, 0xcd, 0xc1}, {0xd8, 0x3a, 0xdd}, {0x2c, 0xcf, 0x67}, {0x88, 0xa2, 0x9e},
	}
	return len(mac) == 6 && slices.Contains(makers, [3]byte(mac))
}

// passedOver says that a Raspberry Pi takes no answer with this menu, which is made for PCs: it goes on to its
// next way to boot.
func passedOver(services []Service) string {
	if slices.ContainsFunc(services, func(s Service) bool { return strings.Contains(s.Text, piText) }) {
		return ""
	}
	return `, which a Raspberry Pi passes over: it wants a line of its own, pxe-service=tag:TAG,x86PC,"` + piText + `" for a TAG of its addresses (dhcp-mac)`
}

// forRaspberryPi adds the menu by which a Raspberry Pi knows that an answer is for it. It never shows
// the menu, but wants its text.
func forRaspberryPi(subs pxe.SubOptions) pxe.SubOptions {
	if _, menu := subs.Get(pxe.SubBootMenu); menu {
		return subs
	}
	item := pxe.AppendMenuItem(nil, pxe.MenuItem{Type: pxe.TypeLocalBoot, Text: piText})
	return append(subs, pxe.SubOption{Code: pxe.SubBootMenu, Value: item})
}
