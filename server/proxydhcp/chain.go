package proxydhcp

import (
	"slices"

	"github.com/bootrig/bootrig/wire/pxe"
)

// fileFor is what a client fetches of a Boot. An iPXE that can do what the Script needs gets that, so
// that a Boot whose File is an iPXE loads it once and not for ever (ipxe.org/howto/chainloading).
func (b Boot) fileFor(c client) string {
	ipxe, is := pxe.ParseIPXE(c.Packet.Options[pxe.OptUserClass], c.Packet.Options[pxe.OptIPXE])
	lacks := func(f pxe.Feature) bool { return !ipxe.Has(f) }
	if b.Script == "" || !is || slices.ContainsFunc(b.Features, lacks) {
		return b.File
	}
	return b.Script
}
