package loader

import (
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

// ipxeProgram is iPXE from its start: it knows what the PXE API says of the lease before, asks for a lease anew, and boots
// what it is told to.
func ipxeProgram(e *env) {
	cached := e.cached()
	e.Profile = ipxeProfile(e.Handover.Program)
	e.say("iPXE %s -- Open Source Network Boot Firmware -- http://ipxe.org", release(&e.Profile))
	e.autoexec()
	r := rom.New(rom.Config{
		Profile: e.Profile, MAC: e.Handover.MAC, UUID: rom.RawUUID(e.Handover.UUID), Memory: e.Memory, Seed: e.Seed, Events: e.Events, Cached: cached,
	})
	r.Receive(e.now, machine.Reset{})
	e.wait(&wait{on: r, done: func() bool { _, ended := r.Outcome(); return ended }})
	switch o, _ := r.Outcome(); {
	case o.Failure != nil:
		e.say("%s", o.Failure.Text)
		e.end(Outcome{Failure: o.Failure})
	case o.Local:
		e.end(Outcome{Handoff: &Handoff{Kind: "local"}})
	default:
		e.end(Outcome{Chain: o.Handover})
	}
}

// cached are the packets that an iPXE finds when it starts. For BIOS it asks the PXE API for the lease's, in which another
// iPXE puts all its settings; for UEFI it takes all three since 2021 (src/interface/efi/efi_cachedhcp.c).
func (e *env) cached() []*rom.Reply {
	uefi, h := e.Profile.Machine != 0, e.Handover
	switch {
	case !h.PXE() || uefi && ipxeVersion(h.Program) == "1.0.0" || h.ACK == nil:
		return nil
	case uefi || e.Profile.Scripts:
		return h.Replies
	}
	return []*rom.Reply{h.ACK}
}

// release is the whole version of an iPXE, as it tells it to HTTP servers.
func release(p *rom.Profile) string {
	_, after, _ := strings.Cut(p.HTTP.Request, "iPXE/")
	version, _, _ := strings.Cut(after, "\r")
	return version
}
