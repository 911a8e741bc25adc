package observe

import (
	"encoding/hex"
	"fmt"
	"net/netip"

	"github.com/bootrig/bootrig/wire/event"
)

// Message types (RFC 2132, 9.6).
const (
	dhcpDiscover = 1
	dhcpOffer    = 2
	dhcpRequest  = 3
	dhcpDecline  = 4
	dhcpAck      = 5
	dhcpNak      = 6
	dhcpInform   = 8
)

// asking is a question to port 4011: from which port, and to whom.
type asking struct {
	port uint16
	of   netip.Addr
}

// conversations remembers what was said since the guest's last new DISCOVER.
type conversations struct {
	xid  uint32
	said map[string]bool
	item map[uint32]string // boot item that an xid asks for
	from map[uint32]asking // whom an xid asks on port 4011
}

func (c *conversations) reset(xid uint32) {
	*c = conversations{xid: xid, said: map[string]bool{}, item: map[uint32]string{}, from: map[uint32]asking{}}
}

func (o *Observer) bootp(fromGuest bool, src, dst netip.AddrPort, p *bootp) {
	if fromGuest {
		o.asks(src, dst, p)
	} else {
		o.answers(src, dst, p)
	}
}

// asks notes what the guest asks for. The same question with the same xid is a retransmission, whatever
// its secs field says.
func (o *Observer) asks(src, dst netip.AddrPort, p *bootp) {
	item := p.bootItem()
	kind := questionKind(p.messageType(), dst.Port(), item)
	if kind == "" {
		return
	}
	if kind == event.Discover && p.xid != o.dhcp.xid {
		o.dhcp.reset(p.xid)
		o.owners, o.twice = nil, nil // each boot asks anew
	}
	if kind == event.BootRequest {
		o.dhcp.item[p.xid] = item
	} else {
		delete(o.dhcp.item, p.xid)
	}
	if dst.Port() == pxePort && !dst.Addr().IsMulticast() && dst.Addr() != netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		o.dhcp.from[p.xid] = asking{src.Port(), dst.Addr()}
	}
	e := event.Event{Kind: kind, Peer: dst, Attrs: p.attrs()}
	o.once(o.dhcp.first(fmt.Sprint(kind, dst, p.xid, item)), e)
}

// questionKind is the conversation a message belongs to (PXE 2.1, 2.2): a request with a boot item is for
// a boot server on either port, one to 4011 without is for a proxy. EDK2 and others may use DHCPINFORM.
func questionKind(message byte, port uint16, item string) event.Kind {
	switch {
	case message == dhcpDiscover && port == serverPort:
		return event.Discover
	case message == dhcpDecline:
		return event.Decline
	case message != dhcpRequest && message != dhcpInform:
		return ""
	case item != "":
		return event.BootRequest
	case port == pxePort:
		return event.ProxyRequest
	}
	return event.Request
}

// answers notes what a server says. Repeated word for word it is a retransmission.
func (o *Observer) answers(src, dst netip.AddrPort, p *bootp) {
	kind := o.answerKind(p, src.Port())
	if kind == "" {
		return
	}
	e := event.Event{Kind: kind, Peer: src, Path: p.bootFile(), Attrs: p.attrs().And(o.astray(src, dst, p.xid))}
	o.once(o.dhcp.first(fmt.Sprint(kind, src, e.Path, e.Attrs)), e)
}

// astray tells where an answer to a question to port 4011 goes that is not where the question came from: the port, or
// the address that was asked and did not answer.
func (o *Observer) astray(src, dst netip.AddrPort, xid uint32) event.Attributes {
	asked, known := o.dhcp.from[xid]
	if !known || src.Port() != pxePort {
		return ""
	}
	var port, of string
	if dst.Port() != asked.port {
		port = fmt.Sprint(dst.Port())
	}
	if src.Addr() != asked.of {
		of = asked.of.String()
	}
	return event.Attrs("toport", port, "asked", of)
}

func (o *Observer) answerKind(p *bootp, port uint16) event.Kind {
	switch p.messageType() {
	case dhcpOffer:
		return event.Offer
	case dhcpNak:
		return event.Nak
	case dhcpAck:
		switch {
		case p.bootItem() != "" || o.dhcp.item[p.xid] != "":
			return event.BootAck
		case port == pxePort:
			return event.ProxyAck
		}
		return event.Ack
	}
	return ""
}

func (c *conversations) first(what string) bool {
	was := c.said[what]
	c.said[what] = true
	return !was
}

// attrs are the fields and options of a packet that decide a boot. siaddr is told in every reply, since
// zero there is a classic fault; other addresses where they are set.
func (p *bootp) attrs() event.Attributes {
	siaddr := p.siaddr.String()
	if p.op == bootRequest {
		siaddr = set(p.siaddr)
	}
	bootFile := text(p.options[optBootFile])
	if bootFile == p.bootFile() {
		bootFile = ""
	}
	pairs := []string{
		"xid", fmt.Sprintf("%08x", p.xid),
		"ciaddr", set(p.ciaddr), "yiaddr", set(p.yiaddr), "siaddr", siaddr,
		"server", p.option4(optServer), "requested", p.option4(optRequestedIP), "router", p.option4(optRouter),
		"class", string(p.options[optClass]), "userclass", string(p.options[optUserClass]),
		"arch", p.arch(), "item", p.bootItem(),
	}
	pairs = append(pairs, p.menu()...)
	pairs = append(pairs,
		"vendor", hex.EncodeToString(p.options[optVendor]),
		"uuid", hex.EncodeToString(p.options[optUUID]),
		"sname", p.sname, "bootfile", bootFile,
	)
	if p.messageType() == dhcpInform {
		pairs = append(pairs, "type", "inform")
	}
	if p.op == bootRequest {
		pairs = append(pairs, "relay", set(p.giaddr))
	}
	return event.Attrs(pairs...)
}

// set is an address as text, "" for 0.0.0.0.
func set(ip netip.Addr) string {
	if ip.IsUnspecified() {
		return ""
	}
	return ip.String()
}
