package runner

import (
	"fmt"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/script"
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
		b.breakAnswers(p, fault)
		if fault.Drop != 0 {
			b.lan.Filter(p, link.DropUDP(fault.Drop))
		}
		if fault.SIAddr.IsValid() {
			next := fault.SIAddr.As4()
			b.lan.Filter(p, link.RewriteDHCP(func(bootp []byte) { copy(bootp[siaddr:], next[:]) }))
		}
		if fault.Error != "" {
			b.lan.Filter(p, link.FailTFTP(fault.Error, fault.ErrorAt, "I/O error"))
		}
		if fault.Option != "" {
			b.lan.Filter(p, link.GrantTFTP(fault.Option, fault.Value))
		}
	}
	if holds := b.holds(); holds != nil {
		b.lan.Hold(p, func(now time.Time, frame []byte) []time.Duration {
			late := atOnce
			for i := 0; i < len(holds) && slices.Equal(late, atOnce); i++ {
				late = holds[i](now, frame)
			}
			return late
		})
	}
}

// breakAnswers has what is on the way change what the server sends.
func (b *lab) breakAnswers(p link.Port, fault script.Fault) {
	if fault.Strip != 0 {
		b.lan.Filter(p, link.StripDHCP(fault.Strip))
	}
	if fault.Port != 0 || fault.From.IsValid() {
		b.lan.Filter(p, link.Answer4011(fault.Port, fault.From))
	}
	var status string
	var fields []string
	if fault.Status != 0 {
		status = fmt.Sprint(fault.Status, " as told")
	}
	if fault.URL != "" {
		fields = append(fields, "Location: "+fault.URL)
	}
	if fault.Type != "" {
		fields = append(fields, "Content-Type: "+fault.Type)
	}
	if status != "" || len(fields) > 0 {
		b.lan.Filter(p, link.AnswerHTTP(status, fields...))
	}
}

// holds say when what the server sends leaves its card, each about frames of its own.
func (b *lab) holds() (list []link.Hold) {
	for _, fault := range b.Faults {
		if fault.Offers != nil {
			list = append(list, func(_ time.Time, frame []byte) []time.Duration {
				if isOffer(frame) {
					return fault.Offers
				}
				return atOnce
			})
		}
		if fault.Read > 0 {
			list = append(list, link.SlowDisk(fault.Read))
		}
	}
	return list
}

var atOnce = []time.Duration{0}

// isOffer tells whether a frame is an OFFER, of a relay's client too.
func isOffer(frame []byte) bool {
	p, ok := link.ParseIPv4(frame)
	if !ok || p.Protocol != link.ProtocolUDP || p.Fragment() {
		return false
	}
	u, ok := link.ParseUDP(p.Src, p.Dst, p.Payload)
	if !ok || u.SrcPort != 67 {
		return false
	}
	m, err := dhcpv4.FromBytes(u.Payload)
	return err == nil && m.MessageType() == dhcpv4.MessageTypeOffer
}
