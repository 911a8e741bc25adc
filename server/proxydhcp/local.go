package proxydhcp

import (
	"net/netip"

	"github.com/bootrig/bootrig/wire/pxe"
)

// Local boot is said in the way that firmware takes quickest. QEMU's, until it goes on with its next boot device:
//
//	                    told    left alone
//	iPXE on SeaBIOS      1 s     3 s
//	EDK2 by PXE          4 s    60 s
//	iPXE on EDK2         2 s
//	EDK2 by HTTP boot    4 s    98 s
//
// What is left of EDK2's 4 s is its wait for more offers.

// localBoot is a menu whose one line is the machine's own disk (type 0 of PXE 2.1, table 2-1), and a prompt that does
// not wait. Every kind of PXE client looks for it in the OFFER, though firmware that shows menus badly takes them from
// port 4011 otherwise.
func localBoot(self netip.Addr) pxe.SubOptions {
	return menuOf([]Service{{Type: pxe.TypeLocalBoot, Text: "Local boot"}}, self)
}

// Nowhere is where clients of UEFI HTTP boot are told to fetch from, which have no word for their own disk: they give up
// at the first answer, a 404 or nobody at the port, and go on. What they asked for says why.
const Nowhere = "http://" + OurAddress + pxe.HTTPLocalBoot

// local has a machine boot its own disk.
func (a *answer) local(boot Boot) {
	a.because(boot.Rule, "local boot", boot.Tags)
	self := a.to.Link.Prefix.Addr()
	if a.to.vendor == pxe.HTTPClient {
		a.file(ToOurselves(Nowhere, self), netip.Addr{})
		return
	}
	a.vendor(localBoot(self))
}
