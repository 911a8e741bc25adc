package loader

import (
	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
)

// autoexec runs the script that an iPXE for UEFI looks for when it starts, by the protocol that it came by itself and with
// the lease of before: beside itself, but that 1.21 takes it from the root of a TFTP server, and 2.0 from the root
// too where there is none beside it (captures autoexec-1.21, autoexec-2.0 and -http).
func (e *env) autoexec() {
	version := ipxeVersion(e.Handover.Program)
	if e.Profile.Machine == 0 || version == "1.0.0" || e.Handover.Stopped {
		return
	}
	names := []string{"autoexec.ipxe"}
	base := ipxe.ParseURI(e.Handover.URL)
	if version == "2.0.0" {
		names = append(names, "/autoexec.ipxe")
	} else if base.Scheme == "tftp" {
		base.Path = "/"
	}
	if e.Handover.HTTPBoot {
		e.addressOnly()
	}
	p := newShell(e)
	p.running = &running{uri: base}
	for _, name := range names {
		if img, t := p.download(name, 0); t == nil {
			p.running = nil
			p.alone(img)
		}
	}
}

// addressOnly is all that UEFI HTTP boot leaves for an iPXE: its packets are not those of PXE.
func (e *env) addressOnly() {
	h := *e.Handover
	h.ACK, h.Boot, h.Replies = &rom.Reply{YIAddr: h.Addr}, nil, nil
	e.Handover = &h
}
