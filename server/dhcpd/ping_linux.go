package dhcpd

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/netip"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
)

// A pinger looks for addresses by ICMP echo (RFC 792).
type pinger struct {
	conn *icmp.PacketConn
	id   uint16
	buf  []byte
}

func newPinger() (*pinger, error) {
	conn, err := icmp.ListenPacket("ip4:icmp", "0.0.0.0")
	if err != nil {
		return nil, err
	}
	var replies ipv4.ICMPFilter
	replies.SetAll(true)
	replies.Accept(ipv4.ICMPTypeEchoReply)
	if err := conn.IPv4PacketConn().SetICMPFilter(&replies); err != nil {
		conn.Close()
		return nil, err
	}
	return &pinger{conn, uint16(rand.Uint32()), make([]byte, 1500)}, nil
}

// Ask sends an echo request by an interface.
func (p *pinger) Ask(index int, addr netip.Addr) error {
	echo := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: int(p.id), Seq: 1, Data: []byte("bootrig")}}
	b, err := echo.Marshal(nil)
	if err != nil {
		return err
	}
	_, err = p.conn.IPv4PacketConn().WriteTo(b, &ipv4.ControlMessage{IfIndex: index}, &net.IPAddr{IP: addr.AsSlice()})
	return err
}

// Receive waits for an answer, and says whose it is.
func (p *pinger) Receive() (netip.Addr, error) {
	for {
		n, from, err := p.conn.ReadFrom(p.buf)
		if err != nil {
			return netip.Addr{}, err
		}
		if n < 8 || binary.BigEndian.Uint16(p.buf[4:]) != p.id {
			continue
		}
		if ip, ok := from.(*net.IPAddr); ok {
			if addr, ok := netip.AddrFromSlice(ip.IP.To4()); ok {
				return addr, nil
			}
		}
	}
}

// Close ends Receive.
func (p *pinger) Close() error { return p.conn.Close() }
