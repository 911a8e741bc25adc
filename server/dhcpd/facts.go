package dhcpd

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

func garbage(now time.Time, d machine.Datagram, err error) event.Event {
	return event.Event{
		Time: now, Kind: event.Ignore, Source: "server", Rule: event.BuiltIn,
		Text:  err.Error(),
		Attrs: event.Attrs("from", d.Src.String(), "port", fmt.Sprint(d.Dst.Port())),
	}
}

// record tells what was asked and what it deserved. A silence is one fact, an answer two.
func (m *Machine) record(d decided) {
	fact := d.fact()
	if d.Reply == nil {
		fact.Kind, fact.Text = event.Ignore, d.Reason
		if d.Asked == event.Decline || d.Asked == event.Release {
			fact.Kind = d.Asked // which nobody answers (RFC 2131 section 4.3)
		}
		usual := ""
		if d.Usual {
			usual = "yes"
		}
		fact.Attrs = event.Attrs("of", string(d.Asked), "usual", usual, "link", d.req.Link.Name, "from", d.req.Src.String(), "ciaddr", has(d.req.Packet))
		m.cfg.Events.Record(fact)
		return
	}
	asked := fact
	asked.Kind, asked.Rule, asked.Attrs = d.Asked, "", asking(d.req)
	m.cfg.Events.Record(asked)
	fact.Kind, fact.Path, fact.Text = d.Reply.Kind, d.Reply.Packet.BootFileName, d.Reason
	fact.Attrs = answering(d.Decision)
	m.cfg.Events.Record(fact)
}

// fact is what all facts about a decision say.
func (d decided) fact() event.Event {
	return event.Event{
		Time: d.at, Source: "server", Client: d.req.Packet.ClientHWAddr.String(), Rule: d.Rule,
		Peer: netip.AddrPortFrom(d.req.Link.Prefix.Addr(), d.req.Port),
	}
}

func asking(req dhcp.Request) event.Attributes {
	p := req.Packet
	arch, named := "", ""
	if archs := pxe.ParseArchs(p.Options[pxe.OptClientArch]); len(archs) > 0 {
		arch = archs[0].String()
	}
	if want, ok := dhcp.BootItem(p); ok {
		named = want.String()
	}
	return event.Attrs("link", req.Link.Name, "from", req.Src.String(), "ciaddr", has(p), "xid", p.TransactionID.String(),
		"class", string(p.Options[pxe.OptVendorClass]), "arch", arch, "item", named)
}

// has is the address that a client has.
func has(p *dhcpv4.DHCPv4) string {
	if addr := dhcp.ClientAddr(p); !addr.IsUnspecified() {
		return addr.String()
	}
	return ""
}

func answering(d dhcp.Decision) event.Attributes {
	p, given := d.Reply.Packet, ""
	if d.Lease {
		given = p.YourIPAddr.String()
	}
	return event.Attrs("to", d.Reply.Dst.String(), "yiaddr", given, "siaddr", p.ServerIPAddr.String(), "xid", p.TransactionID.String(),
		"vendor", fmt.Sprintf("%x", p.Options[pxe.OptVendorSpecific]))
}
