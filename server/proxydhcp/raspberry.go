package proxydhcp

import (
	"slices"

	"github.com/bootrig/bootrig/wire/pxe"
)

// raspberryPi tells a Raspberry Pi, which calls itself an x86 BIOS machine, by its maker's addresses
// (protocol of tinkerbell/smee, dhcp.go).
func (c client) raspberryPi() bool {
	arch, typed := c.arch()
	mac := c.Packet.ClientHWAddr
	makers := [][3]byte{{0xb8, 0x27, 0xeb}, {0xdc, 0xa6, 0x32}, {0xe4, 0x5f, 0x01}, {0x28, 0xcd, 0xc1}, {0xd8, 0x3a, 0xdd}}
	return typed && arch == pxe.ArchX86BIOS && len(mac) == 6 && slices.Contains(makers, [3]byte(mac))
}

// forRaspberryPi adds the menu by which a Raspberry Pi knows that an answer is for it. It never shows
// the menu, but wants its text.
func forRaspberryPi(subs pxe.SubOptions) pxe.SubOptions {
	if _, menu := subs.Get(pxe.SubBootMenu); menu {
		return subs
	}
	item := pxe.AppendMenuItem(nil, pxe.MenuItem{Type: pxe.TypeLocalBoot, Text: "Raspberry Pi Boot"})
	return append(subs, pxe.SubOption{Code: pxe.SubBootMenu, Value: item})
}
