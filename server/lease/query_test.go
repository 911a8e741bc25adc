package lease_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// What dnsmasq 2.93 said to the same questions, an hour's lease of 192.168.9.50 being 1 s to 70 min old.
func TestARelayIsToldAboutLeases(t *testing.T) {
	const relay = "192.168.9.250"
	every := []byte{pxe.OptClientID, 51, 58, 59, pxe.OptVendorClass, pxe.OptRelayAgent, 91}
	for _, c := range []struct {
		rule   string
		from   string
		about  string // ciaddr
		mac    byte
		id     string
		list   []byte
		age    time.Duration
		want   string
		nobody bool // may ask
	}{
		{rule: "an address that somebody has", about: "192.168.9.50", list: every, age: time.Second,
			want: `lease-active 192.168.9.50 52:54:00:00:00:01 51=3599 58=1799 59=3149 60="PXEClient" 61="\x00anne" 82="\x01\x01p" 91=1`},
		{rule: "times that are over are not told", about: "192.168.9.50", list: every, age: 31 * time.Minute,
			want: `lease-active 192.168.9.50 52:54:00:00:00:01 51=1740 59=1290 60="PXEClient" 61="\x00anne" 82="\x01\x01p" 91=1860`},
		{rule: "nor are those that have not begun", about: "192.168.9.50", list: []byte{51, 91},
			want: `lease-active 192.168.9.50 52:54:00:00:00:01 51=3600`},
		{rule: "a lease that is over", about: "192.168.9.50", age: 70 * time.Minute, want: "lease-unassigned 192.168.9.50 00:00:00:00:00:00"},
		{rule: "only what is asked for", about: "192.168.9.50", list: []byte{pxe.OptRelayAgent},
			want: `lease-active 192.168.9.50 52:54:00:00:00:01 82="\x01\x01p"`},
		{rule: "a client", mac: 1, list: []byte{51}, want: "lease-active 192.168.9.50 52:54:00:00:00:01 51=3600"},
		{rule: "an identifier", id: "\x00anne", list: []byte{51}, want: "lease-active 192.168.9.50 52:54:00:00:00:01 51=3600"},
		{rule: "an address counts more than a client", about: "192.168.9.51", mac: 1, want: "lease-unassigned 192.168.9.51 52:54:00:00:00:01"},
		{rule: "an identifier that is another's", mac: 1, id: "\x00two", want: "lease-unknown 0.0.0.0 52:54:00:00:00:01"},
		{rule: "a client that has nothing", mac: 2, want: "lease-unknown 0.0.0.0 52:54:00:00:00:02"},
		{rule: "an address that is nobody's", about: "192.168.9.51", want: "lease-unassigned 192.168.9.51 00:00:00:00:00:00"},
		{rule: "an address that is not ours to give", about: "192.168.9.60", want: "lease-unknown 0.0.0.0 00:00:00:00:00:00"},
		{rule: "who does not say who asks", from: "0.0.0.0", about: "192.168.9.50", want: "silence: a DHCPLEASEQUERY names who asks (giaddr), and this one does not"},
		{rule: "who may not ask", from: "10.0.0.1", about: "192.168.9.50", want: "silence: no leasequery says that 10.0.0.1 may ask about leases"},
		{rule: "nobody may ask", about: "192.168.9.50", nobody: true, want: "silence: no leasequery says that 192.168.9.250 may ask about leases"},
	} {
		cfg := pool("192.168.9.50", "192.168.9.51")
		if !c.nobody {
			cfg.Queries = []netip.Prefix{netip.MustParsePrefix("192.168.9.248/29")}
		}
		s := lease.New(cfg, &proxydhcp.Config{}, nil)
		agent := map[uint8][]byte{50: four("192.168.9.50"), 54: four("192.168.9.2"), 60: []byte("PXEClient"), 61: []byte("\x00anne"), 82: {1, 1, 'p'}}
		if d := s.Decide(start, said{kind: 3, mac: 1, more: agent}.request()); d.Reply == nil {
			t.Fatal(d.Reason)
		}
		asked := said{kind: dhcp.LeaseQuery, more: map[uint8][]byte{55: c.list}}.request()
		p := asked.Packet
		p.GatewayIPAddr, p.ClientHWAddr = net.ParseIP(relay), make(net.HardwareAddr, 6)
		if c.from != "" {
			p.GatewayIPAddr = net.ParseIP(c.from)
		}
		if c.about != "" {
			p.ClientIPAddr = net.ParseIP(c.about)
		}
		if c.mac != 0 {
			p.ClientHWAddr = net.HardwareAddr{0x52, 0x54, 0, 0, 0, c.mac}
		}
		if c.id != "" {
			p.Options[pxe.OptClientID] = []byte(c.id)
		}
		if got := toldOf(s.Decide(start.Add(c.age), asked)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule, got, c.want)
		}
	}
}

// toldOf is what an answer says that is about a lease.
func toldOf(d dhcp.Decision) string {
	if d.Reply == nil {
		return "silence: " + d.Reason
	}
	p := d.Reply.Packet
	text := fmt.Sprintf("%s %s %s", d.Reply.Kind, p.ClientIPAddr, p.ClientHWAddr)
	for code := range uint8(255) {
		switch value := p.Options[code]; {
		case code == pxe.OptMessageType || value == nil:
		case len(value) == 4:
			text += fmt.Sprintf(" %d=%d", code, int(value[2])<<8|int(value[3]))
		default:
			text += fmt.Sprintf(" %d=%q", code, value)
		}
	}
	return text
}
