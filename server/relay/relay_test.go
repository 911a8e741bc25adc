package relay

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

var links = []dhcp.Link{
	{Name: "lab", Index: 2, Prefix: netip.MustParsePrefix("192.168.20.1/24")},
	{Name: "lab", Index: 2, Prefix: netip.MustParsePrefix("192.168.21.1/24")},
	{Name: "office", Index: 3, Prefix: netip.MustParsePrefix("192.168.9.2/24")},
}

var uplinks = []dhcp.Link{{Name: "wan", Index: 4, Prefix: netip.MustParsePrefix("172.16.2.3/16")}, {Name: "bare", Index: 5}}

// a packet is made of its fields: op, hops, flags, ciaddr, yiaddr, giaddr, hlen.
type packet struct {
	op, hops, hlen         byte
	flags                  uint16
	ciaddr, yiaddr, giaddr string
}

func (p packet) bytes() []byte {
	b := make([]byte, 300)
	b[0], b[1], b[2], b[3] = p.op, 1, 6, p.hops
	if p.hlen > 0 {
		b[2] = p.hlen
	}
	binary.BigEndian.PutUint16(b[10:], p.flags)
	copy(b[28:], []byte{0x52, 0x54, 0, 0, 0, 7})
	for at, s := range map[int]string{12: p.ciaddr, 16: p.yiaddr, 24: p.giaddr} {
		if s != "" {
			copy(b[at:], netip.MustParseAddr(s).AsSlice())
		}
	}
	copy(b[240:], []byte{82, 4, 1, 2, 3, 4, 255})
	return b
}

func TestTakes(t *testing.T) {
	at := netip.MustParseAddr
	to := func(local, server, interfaceName string) Relay {
		return Relay{Local: at(local), Server: netip.MustParseAddrPort(server), Interface: interfaceName, Rule: "x:1"}
	}
	one := Relays{to("192.168.20.1", "192.168.9.1:67", "")}
	const lab, office, wan, bare = 0, 2, 3, 4
	std, other := dhcp.Ports{}, dhcp.Ports{Server: 1067, Client: 1068}
	for name, c := range map[string]struct {
		Relays
		packet
		link  int
		ports dhcp.Ports
		want  string // what is sent: link source destination hops giaddr
		ours  bool
	}{
		"a request gets our address as giaddr":                      {one, packet{op: 1}, lab, std, "2 192.168.20.1:67 192.168.9.1:67 1 192.168.20.1", true},
		"one that another relay sent keeps its giaddr":              {one, packet{op: 1, hops: 3, giaddr: "10.1.1.1"}, lab, std, "2 192.168.20.1:67 192.168.9.1:67 4 10.1.1.1", true},
		"one that we sent ourselves ends here":                      {one, packet{op: 1, hops: 1, giaddr: "192.168.20.1"}, lab, std, "it was relayed here already, and came back", true},
		"20 hops are not too many":                                  {one, packet{op: 1, hops: 20}, lab, std, "2 192.168.20.1:67 192.168.9.1:67 21 192.168.20.1", true},
		"21 hops are":                                               {one, packet{op: 1, hops: 21}, lab, std, "it has gone through 21 relays, in a circle perhaps", true},
		"the request of another network is not a relay's":           {one, packet{op: 1}, office, std, "", false},
		"the second address of an interface counts as the first":    {Relays{to("192.168.21.1", "192.168.9.1:67", "")}, packet{op: 1}, lab, std, "2 192.168.21.1:67 192.168.9.1:67 1 192.168.21.1", true},
		"two servers, the last line first":                          {Relays{one[0], to("192.168.20.1", "192.168.9.3:1067", "")}, packet{op: 1}, lab, std, "2 192.168.20.1:67 192.168.9.3:1067 1 192.168.20.1, 2 192.168.20.1:67 192.168.9.1:67 1 192.168.20.1", true},
		"a server behind a router":                                  {Relays{to("192.168.20.1", "10.9.9.9:67", "")}, packet{op: 1}, lab, std, "0 192.168.20.1:67 10.9.9.9:67 1 192.168.20.1", true},
		"a broadcast to servers on an interface":                    {Relays{{Local: at("192.168.20.1"), Server: netip.AddrPortFrom(netip.Addr{}, 67), Interface: "office"}}, packet{op: 1}, lab, std, "2 192.168.20.1:67 192.168.9.255:67 1 192.168.20.1", true},
		"a broadcast on an interface that is not there":             {Relays{{Local: at("192.168.20.1"), Server: netip.AddrPortFrom(netip.Addr{}, 67), Interface: "sea"}}, packet{op: 1}, lab, std, "there is no interface sea with an address to broadcast it on", true},
		"an answer goes to the address that it gives":               {one, packet{op: 2, yiaddr: "192.168.20.50", giaddr: "192.168.20.1"}, office, std, "0 192.168.20.1:67 192.168.20.50:68 0 192.168.20.1 to 52:54:00:00:00:07", true},
		"by broadcast if the client wants it":                       {one, packet{op: 2, flags: 0x8000, yiaddr: "192.168.20.50", giaddr: "192.168.20.1"}, office, std, "0 192.168.20.1:67 255.255.255.255:68 0 192.168.20.1", true},
		"or has no address that ARP could know":                     {one, packet{op: 2, hlen: 15, yiaddr: "192.168.20.50", giaddr: "192.168.20.1"}, office, std, "0 192.168.20.1:67 255.255.255.255:68 0 192.168.20.1", true},
		"to the address that the client has":                        {one, packet{op: 2, flags: 0x8000, ciaddr: "192.168.20.51", giaddr: "192.168.20.1"}, office, std, "0 192.168.20.1:67 192.168.20.51:68 0 192.168.20.1", true},
		"an answer to somebody else's relay is not ours":            {one, packet{op: 2, giaddr: "192.168.30.1"}, office, std, "", false},
		"an answer without giaddr is not a relay's":                 {one, packet{op: 2}, office, std, "", false},
		"an answer by the interface that was named":                 {Relays{to("192.168.20.1", "192.168.9.1:67", "off*")}, packet{op: 2, yiaddr: "192.168.20.50", giaddr: "192.168.20.1"}, office, std, "0 192.168.20.1:67 192.168.20.50:68 0 192.168.20.1 to 52:54:00:00:00:07", true},
		"an answer by another interface than the one that is named": {Relays{to("192.168.20.1", "192.168.9.1:67", "wan")}, packet{op: 2, giaddr: "192.168.20.1"}, office, std, "", false},
		"an answer to an address that we have no more":              {Relays{to("192.168.22.1", "192.168.9.1:67", "")}, packet{op: 2, giaddr: "192.168.22.1"}, office, std, "", false},
		"a request from the uplink is not ours":                     {one, packet{op: 1}, wan, std, "", false},
		"an answer by an uplink":                                    {one, packet{op: 2, ciaddr: "192.168.20.51", giaddr: "192.168.20.1"}, wan, std, "0 192.168.20.1:67 192.168.20.51:68 0 192.168.20.1", true},
		"an answer by an uplink without address":                    {one, packet{op: 2, ciaddr: "192.168.20.51", giaddr: "192.168.20.1"}, bare, std, "0 192.168.20.1:67 192.168.20.51:68 0 192.168.20.1", true},
		"a broadcast on an uplink":                                  {Relays{{Local: at("192.168.20.1"), Server: netip.AddrPortFrom(netip.Addr{}, 67), Interface: "wan"}}, packet{op: 1}, lab, std, "3 192.168.20.1:67 172.16.255.255:67 1 192.168.20.1", true},
		"a request with other ports goes to the port of the line":   {one, packet{op: 1}, lab, other, "2 192.168.20.1:1067 192.168.9.1:67 1 192.168.20.1", true},
		"an answer with other ports":                                {one, packet{op: 2, flags: 0x8000, giaddr: "192.168.20.1"}, office, other, "0 192.168.20.1:1067 255.255.255.255:1068 0 192.168.20.1", true},
		"neither request nor answer":                                {one, packet{op: 3}, lab, std, "", false},
		"no relay":                                                  {nil, packet{op: 1}, lab, std, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			in := machine.Datagram{Link: c.link, Payload: c.bytes()}
			passed, ours := Agent{c.Relays, links, uplinks, c.ports}.Takes(in)
			var sent []string
			for _, p := range passed {
				if p.Payload == nil {
					sent = append(sent, p.Reason)
					continue
				}
				to := fmt.Sprintf("%d %s %s %d %s", p.Link, p.Src, p.Dst, p.Payload[hopsField], addr(p.Payload, giaddrField))
				if p.MAC != nil {
					to += " to " + p.MAC.String()
				}
				sent = append(sent, to)
				if string(p.Payload[28:]) != string(in.Payload[28:]) {
					t.Error("more than hops and giaddr changed")
				}
			}
			if got := strings.Join(sent, ", "); got != c.want || ours != c.ours {
				t.Errorf("sent %q, ours %v; want %q, %v", got, ours, c.want, c.ours)
			}
			if string(in.Payload) != string(c.bytes()) {
				t.Error("the packet that came was changed")
			}
		})
	}
	if _, ours := (Agent{Relays: one, Links: links}).Takes(machine.Datagram{Payload: make([]byte, 100)}); ours {
		t.Error("a fragment is a relay's")
	}
}

func FuzzTakes(f *testing.F) {
	f.Add(packet{op: 1}.bytes(), byte(0))
	f.Add(packet{op: 2, giaddr: "192.168.20.1", yiaddr: "192.168.20.9"}.bytes(), byte(2))
	c := Relays{{Local: links[0].Prefix.Addr(), Server: netip.MustParseAddrPort("192.168.9.1:67")}}
	f.Fuzz(func(t *testing.T, payload []byte, link byte) {
		passed, ours := Agent{Relays: c, Links: links, Uplinks: uplinks}.Takes(machine.Datagram{Link: int(link), Payload: payload})
		for _, p := range passed {
			if p.Payload == nil && p.Reason != "" {
				continue
			}
			if !ours || len(p.Payload) != len(payload) || !p.Dst.IsValid() || p.Link < 0 || p.Link >= len(links)+len(uplinks) {
				t.Errorf("sent %+v", p)
			}
		}
	})
}
