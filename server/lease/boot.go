package lease

import (
	"fmt"
	"net"
	"strings"

	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// boot names the boot file and its server: in the header's fields, or for those who ask for options 66
// and 67 there (rfc2131.c, do_options). siaddr is never 0 where we know the network.
func (a *answer) boot(b proxydhcp.Booting, chosen map[uint8]*Option, noOverride bool) {
	p := a.packet
	if a.near != nil {
		p.ServerIPAddr = a.to.Link.Prefix.Addr().AsSlice()
	}
	asOption := func(code uint8) bool { return !noOverride && a.lists() && a.asksFor(code) }
	if !b.Bootable {
		a.bootOptions(chosen)
		return
	}
	a.because(b.Boot.What(), b.Boot.Rule)
	if b.Boot.Name != "" && asOption(pxe.OptTFTPServerName) {
		a.put(pxe.OptTFTPServerName, []byte(b.Boot.Name+"\x00"))
	} else {
		p.ServerHostName = cut(b.Boot.Name, serverField)
	}
	if b.Boot.File != "" && asOption(pxe.OptBootFile) {
		a.put(pxe.OptBootFile, []byte(b.Boot.File+"\x00"))
	} else {
		p.BootFileName = cut(b.Boot.File, pxe.FileField)
	}
	if b.Boot.Server.IsValid() {
		p.ServerIPAddr = b.Boot.Server.AsSlice()
	}
}

// bootOptions does so with the values of options 66, 67 and dnsmasq's own 255, for those who do not ask
// for them.
func (a *answer) bootOptions(chosen map[uint8]*Option) {
	unasked := func(code uint8) string {
		o := chosen[code]
		if o == nil || o.Force || a.lists() && a.asksFor(code) {
			return ""
		}
		return string(o.Value)
	}
	a.packet.BootFileName = cut(unasked(pxe.OptBootFile), pxe.FileField)
	a.packet.ServerHostName = cut(unasked(pxe.OptTFTPServerName), serverField)
	if o := chosen[optServerAddr]; o != nil && len(o.Value) >= 4 {
		a.packet.ServerIPAddr = net.IP(o.Value[:4])
	}
	if o := chosen[pxe.OptBootFile]; o != nil && len(o.Value) > 0 {
		a.because("boot file "+string(o.Value), o.Rule)
	}
}

const serverField = 64 // bytes of sname

// cut makes a text fit a field of the header, with the NUL that ends it.
func cut(s string, field int) string {
	s, _, _ = strings.Cut(s, "\x00")
	return s[:min(len(s), field-1)]
}

func (a *answer) because(what, rule string) {
	a.parts = append(a.parts, fmt.Sprintf("%s (%s)", what, rule))
}

// An extra is an option that is put in last, but whose room is kept before all others get theirs.
type extra struct {
	code  uint8
	value []byte
}

// menu is what PXE clients want: their class, their machine's identifier and option 43. For others it is
// the sub-options of their vendor, with the class that they are for.
func (a *answer) menu(b proxydhcp.Booting, chosen map[uint8]*Option) (extras []extra) {
	pxeClient := b.Vendor != "" && a.near != nil
	if pxeClient {
		delete(chosen, pxe.OptVendorClass) // ours is the one that counts
		extras = append(extras, extra{pxe.OptVendorClass, []byte(b.Vendor)})
		if b.MachineID != nil {
			extras = append(extras, extra{pxe.OptMachineID, b.MachineID})
		}
		if b.Menu != "" {
			a.because("menu", b.Menu)
		}
	}
	_, err := b.SubOptions.Bytes()
	said := chosen[pxe.OptVendorSpecific]
	switch {
	case err != nil || len(b.SubOptions) == 0, !b.Force && !a.asksFor(pxe.OptVendorSpecific):
		return extras
	case said != nil && (said.Force || a.asksFor(pxe.OptVendorSpecific)):
		return extras // the line that says all of option 43 takes the place of its parts
	}
	var subs [][]byte
	for _, sub := range b.SubOptions {
		subs = append(subs, encode(sub.Code, sub.Value))
	}
	for _, value := range nested(subs) {
		extras = append(extras, extra{pxe.OptVendorSpecific, value})
	}
	class := a.to.Packet.Options[pxe.OptVendorClass]
	says := chosen[pxe.OptVendorClass]
	sent := says != nil && (says.Force || a.asksFor(pxe.OptVendorClass))
	if !pxeClient && !sent && len(class) > 0 {
		extras = append(extras, extra{pxe.OptVendorClass, class})
	}
	return extras
}

// keep keeps room for extras.
func (b *body) keep(extras []extra) {
	for _, e := range extras {
		b.kept += len(encode(e.code, e.value))
	}
}

// last puts the extras in.
func (b *body) last(extras []extra) {
	b.kept = 0
	for _, e := range extras {
		b.put(e.code, e.value)
	}
}
