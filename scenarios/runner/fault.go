package runner

import (
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// breakWire puts the scenario's faults on the wire.
func (b *lab) breakWire() {
	var all link.Faults
	for _, fault := range b.Faults {
		all = all.And(fault.Wire)
	}
	b.lan.SetFaults(all)
}

// cut parts hosts, for times that count from now. Real guests are plugged in later.
func (b *lab) cut(now time.Time) {
	for _, fault := range b.Faults {
		c := fault.Cut
		if c.A == "" {
			continue
		}
		is := func(name string, p link.Port) bool { return slices.Contains(b.ports[name], p) }
		cut := link.Cut{From: now.Add(c.After), Parts: func(p, q link.Port) bool {
			return is(c.A, p) && (c.B == "" || is(c.B, q)) || is(c.A, q) && (c.B == "" || is(c.B, p))
		}}
		if c.For > 0 {
			cut.Until = cut.From.Add(c.For)
		}
		b.lan.Cut(cut)
	}
}

// breakServer puts the scenario's faults on the server's ports.
func (b *lab) breakServer(ports []link.Port) {
	b.ports["server"] = ports
	for _, p := range ports {
		b.breakPort(p)
	}
}

func (b *lab) breakPort(p link.Port) {
	const siaddr = 20 // RFC 951
	for _, fault := range b.Faults {
		if fault.Drop != 0 {
			b.lan.Filter(p, link.DropUDP(fault.Drop))
		}
		if fault.SIAddr.IsValid() {
			next := fault.SIAddr.As4()
			b.lan.Filter(p, link.RewriteDHCP(func(bootp []byte) { copy(bootp[siaddr:], next[:]) }))
		}
	}
}
