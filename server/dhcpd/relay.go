package dhcpd

import (
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// relay passes a packet on, if it is a relay's. Relays are asked first, and what they take gets an answer of ours too
// where a range is for its network, as since dnsmasq 2.91 (dhcp.c, dhcp_packet). On port 4011 that is so for requests where dnsmasq would listen there
// (option.c, enable_pxe); what a server answers, it answers to port 67.
func (m *Machine) relay(now time.Time, d machine.Datagram) bool {
	if d.Dst.Port() == pxe.PortBootServer && (!m.cfg.PXE.Menus() || relay.Answer(d.Payload)) {
		return false
	}
	agent := relay.Agent{Relays: m.cfg.Relays, Links: m.cfg.Links, Uplinks: m.cfg.Uplinks, Ports: m.cfg.PXE.Ports}
	passed, ours := agent.Takes(d)
	for _, p := range passed {
		m.cfg.Events.Record(passing(now, agent, d, p))
		if p.Payload != nil {
			m.out = append(m.out, outgoing{p.Datagram, p.MAC, p.Routed()})
		}
	}
	return ours
}

// passing is the fact of a packet that a relay took.
func passing(now time.Time, agent relay.Agent, d machine.Datagram, p relay.Passed) event.Event {
	e := event.Event{
		Time: now, Kind: event.Relay, Source: "server", Rule: p.Rule, Text: p.Reason,
		Attrs: event.Attrs("link", agent.Link(d.Link).Name, "from", d.Src.String(), "to", p.Dst.String()),
	}
	if p.Payload == nil {
		e.Kind, e.Attrs = event.Ignore, event.Attrs("link", agent.Link(d.Link).Name, "from", d.Src.String())
	}
	if packet, err := dhcp.Parse(d.Payload); err == nil {
		e.Client = packet.ClientHWAddr.String()
		given := ""
		if packet.MessageType() == dhcpv4.MessageTypeAck && !packet.YourIPAddr.IsUnspecified() {
			given = packet.YourIPAddr.String()
		}
		e.Attrs = event.Attrs("of", named(packet), "ciaddr", has(packet), "yiaddr", given).And(e.Attrs)
	}
	return e
}

// named is what a packet is called: "discover", "offer".
func named(packet *dhcpv4.DHCPv4) string {
	if packet.MessageType() == dhcpv4.MessageTypeNone {
		return string(event.BOOTP)
	}
	return strings.ToLower(packet.MessageType().String())
}
