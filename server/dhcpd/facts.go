package dhcpd

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
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
		fact.Attrs = event.Attrs("of", string(d.Asked), "usual", yes(d.Usual), "meant", yes(d.Meant)).And(d.asked.Attrs)
		m.cfg.Events.Record(fact)
		return
	}
	asked := d.asked
	asked.Kind = d.Asked
	m.cfg.Events.Record(asked)
	fact.Kind, fact.Path, fact.Text = d.Reply.Kind, bootFile(d.Reply.Packet), d.Reason
	fact.Attrs = answering(d.Decision)
	m.cfg.Events.Record(fact)
}

// bootFile is what an answer names, in its header or, for those who ask for that, in option 67.
func bootFile(p *dhcpv4.DHCPv4) string {
	option, _, _ := strings.Cut(string(p.Options[pxe.OptBootFile]), "\x00")
	return cmp.Or(p.BootFileName, option)
}

// fact is what all facts about a decision say.
func (d decided) fact() event.Event {
	fact := d.asked
	fact.Rule, fact.Attrs = d.Rule, ""
	return fact
}

// question is the fact that somebody asks.
func question(now time.Time, req dhcp.Request) event.Event {
	return event.Event{
		Time: now, Kind: dhcp.Asked(req.Packet), Source: "server", Client: req.Packet.ClientHWAddr.String(),
		Peer: netip.AddrPortFrom(req.Link.Prefix.Addr(), req.Port), Attrs: asking(req),
	}
}

// seen tells whether we would see a machine fetch what it is told to: it is fetched from us, and whoever fetches is
// known by its address. Of a proxy behind a relay nobody is.
func (m *Machine) seen(d decided) bool {
	self, file := d.req.Link.Prefix.Addr(), d.Reply.Packet.BootFileName
	_, relayed := dhcp.RelayAddr(d.req.Packet)
	from, _ := netip.AddrFromSlice(d.Reply.Packet.ServerIPAddr.To4())
	switch host, isURL := hostOf(file); {
	case m.cfg.Elsewhere, relayed && d.Reply.Packet.YourIPAddr.IsUnspecified():
		return false
	case isURL:
		return host == self.String()
	}
	return from == self || from.IsUnspecified()
}

// hostOf is the host of a URL.
func hostOf(file string) (host string, isURL bool) {
	if !strings.Contains(file, "//") { // most are names for TFTP
		return "", false
	}
	u, err := url.Parse(file)
	if err != nil || u.Host == "" {
		return "", false
	}
	return u.Hostname(), true
}

// asking tells a question. Every packet is told so: what is asked of an empty value is not even made.
func asking(req dhcp.Request) event.Attributes {
	p := req.Packet
	var room [320]byte
	var part [64]byte
	b := event.AppendAttr(room[:0], "link", req.Link.Name)
	b = event.AppendAttr(b, "from", req.Src.AppendTo(part[:0]))
	b = event.AppendAttr(b, "ciaddr", appendSet(part[:0], dhcp.ClientAddr(p)))
	b = event.AppendAttr(b, "xid", appendXID(part[:0], p))
	b = event.AppendAttr(b, "class", p.Options[pxe.OptVendorClass])
	if first, some := pxe.FirstArch(p.Options[pxe.OptClientArch]); some {
		b = event.AppendAttr(b, "arch", first.String())
	}
	if want, ok := dhcp.BootItem(p); ok {
		b = event.AppendAttr(b, "item", want.String())
	}
	b = event.AppendAttr(b, "user", p.Options[pxe.OptUserClass])
	b = event.AppendAttr(b, "ipxe", hex.AppendEncode(part[:0], p.Options[pxe.OptIPXE]))
	b = event.AppendAttr(b, "had", appendSet(part[:0], had(p)))
	relay, _ := dhcp.RelayAddr(p)
	b = event.AppendAttr(b, "relay", appendSet(part[:0], relay))
	b = event.AppendAttr(b, "server", address(p.Options[pxe.OptServerID]))
	return event.Attributes(b)
}

// appendSet appends an address, nothing for 0.0.0.0.
func appendSet(b []byte, addr netip.Addr) []byte {
	if addr.IsUnspecified() {
		return b
	}
	return addr.AppendTo(b) // nothing for none
}

func appendXID(b []byte, p *dhcpv4.DHCPv4) []byte {
	return hex.AppendEncode(append(b, "0x"...), p.TransactionID[:])
}

// had is the address that a client has though it asks for one.
func had(p *dhcpv4.DHCPv4) netip.Addr {
	if dhcp.MessageType(p) != dhcpv4.MessageTypeDiscover {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(p.ClientIPAddr.To4())
	return addr
}

// yes is how an attribute says that something is so.
func yes(so bool) string {
	if so {
		return "yes"
	}
	return ""
}

// address is an option that holds one.
func address(option []byte) string {
	if len(option) == 0 { // as in most packets, for which no error is made
		return ""
	}
	addr, err := pxe.ParseAddr(option)
	if err != nil {
		return ""
	}
	return addr.String()
}

// set is an address as text, "" for 0.0.0.0.
func set(addr net.IP) string {
	if addr == nil || addr.IsUnspecified() {
		return ""
	}
	return addr.String()
}

// has is the address that a client has.
func has(p *dhcpv4.DHCPv4) string {
	if addr := dhcp.ClientAddr(p); !addr.IsUnspecified() {
		return addr.String()
	}
	return ""
}

func answering(d dhcp.Decision) event.Attributes {
	p := d.Reply.Packet
	var room [320]byte
	var part [64]byte
	b := event.AppendAttr(room[:0], "to", d.Reply.Dst.AppendTo(part[:0]))
	if d.Lease {
		b = event.AppendAttr(b, "yiaddr", p.YourIPAddr.String())
	}
	siaddr, _ := netip.AddrFromSlice(p.ServerIPAddr.To4())
	b = event.AppendAttr(b, "siaddr", siaddr.AppendTo(part[:0]))
	b = event.AppendAttr(b, "xid", appendXID(part[:0], p))
	b = event.AppendAttr(b, "vendor", hex.AppendEncode(part[:0], p.Options[pxe.OptVendorSpecific]))
	return event.Attributes(b)
}
