package house

import (
	"net"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

const (
	serverPort = 67
	clientPort = 68
)

// dhcp is the house's DHCP server as a machine.
type dhcp struct {
	cfg    Config
	leases *leases
	learn  func(ip netip.Addr, mac net.HardwareAddr)
	queue  []delayed
	due    []machine.Datagram
}

type delayed struct {
	at    time.Time
	reply *dhcpv4.DHCPv4
	dst   netip.AddrPort
}

// Receive reads a request.
func (d *dhcp) Receive(now time.Time, in machine.Input) {
	packet, ok := in.(machine.Datagram)
	if !ok || packet.Dst.Port() != serverPort {
		return
	}
	req, err := dhcpv4.FromBytes(packet.Payload)
	if err != nil || req.OpCode != dhcpv4.OpcodeBootRequest || len(req.ClientHWAddr) != 6 {
		return
	}
	reply, reason := d.answer(req)
	if reply == nil {
		d.record(now, event.Ignore, req, netip.Addr{}, reason)
		return
	}
	d.queue = append(d.queue, delayed{now.Add(d.cfg.Delay), reply, d.destination(req, reply)})
	d.Expire(now)
}

// destination is where a reply goes (RFC 2131, 4.1). A client that can take a unicast before it has the
// address gets one, as from a real server: iPXE asks with the broadcast flag clear.
func (d *dhcp) destination(req, reply *dhcpv4.DHCPv4) netip.AddrPort {
	broadcast := netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), clientPort)
	switch {
	case !unspecified(req.GatewayIPAddr):
		return netip.AddrPortFrom(addr(req.GatewayIPAddr), serverPort)
	case reply.MessageType() == dhcpv4.MessageTypeNak:
		return broadcast
	case !unspecified(req.ClientIPAddr):
		return netip.AddrPortFrom(addr(req.ClientIPAddr), clientPort)
	case req.IsBroadcast(), unspecified(reply.YourIPAddr):
		return broadcast
	}
	return netip.AddrPortFrom(addr(reply.YourIPAddr), clientPort)
}

// Expire sends the replies whose delay is over.
func (d *dhcp) Expire(now time.Time) {
	for len(d.queue) > 0 && !d.queue[0].at.After(now) {
		q := d.queue[0]
		d.queue = d.queue[1:]
		yiaddr := addr(q.reply.YourIPAddr)
		if q.dst.Addr() == yiaddr {
			d.learn(yiaddr, q.reply.ClientHWAddr)
		}
		d.due = append(d.due, machine.Datagram{
			Src: netip.AddrPortFrom(d.cfg.Addr.Addr(), serverPort), Dst: q.dst, Payload: q.reply.ToBytes(),
		})
		d.record(now, kinds[q.reply.MessageType()], q.reply, yiaddr, "")
	}
}

// Next yields a reply.
func (d *dhcp) Next() (machine.Datagram, bool) {
	if len(d.due) == 0 {
		return machine.Datagram{}, false
	}
	reply := d.due[0]
	d.due = d.due[1:]
	return reply, true
}

// Deadline is when the next reply is sent.
func (d *dhcp) Deadline() (time.Time, bool) {
	if len(d.queue) == 0 {
		return time.Time{}, false
	}
	return d.queue[0].at, true
}

var kinds = map[dhcpv4.MessageType]event.Kind{
	dhcpv4.MessageTypeOffer: event.Offer,
	dhcpv4.MessageTypeAck:   event.Ack,
	dhcpv4.MessageTypeNak:   event.Nak,
}

func (d *dhcp) record(now time.Time, kind event.Kind, p *dhcpv4.DHCPv4, yiaddr netip.Addr, text string) {
	e := event.Event{Time: now, Kind: kind, Source: "house", Client: p.ClientHWAddr.String(), Text: text}
	if yiaddr.IsValid() {
		e.Attrs = event.Attrs("yiaddr", yiaddr.String())
	}
	d.cfg.Events.Record(e)
}

func unspecified(ip net.IP) bool { return len(ip) == 0 || ip.IsUnspecified() }

func addr(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}
