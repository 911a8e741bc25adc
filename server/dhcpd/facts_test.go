package dhcpd_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Each case is what one client or several say, and the facts of it: kind, what was ignored, words.
func TestEveryKindOfPacketIsAFact(t *testing.T) {
	const (
		lab    = "dhcp-range=192.168.9.100,192.168.9.100\ndhcp-authoritative\ndhcp-host=02:00:00:00:00:09,192.168.9.109\n"
		beside = network + "dhcp-boot=pxelinux.0\n"
		bootp  = dhcpv4.MessageTypeNone
	)
	taken := []machine.Datagram{from(1, dhcpv4.MessageTypeDiscover, nil), from(1, dhcpv4.MessageTypeRequest, net.IPv4(192, 168, 9, 100))}
	lease := []string{"discover", "offer: 192.168.9.100 for 1h0m0s", "request", "ack: 192.168.9.100 is its own for 1h0m0s"}
	for name, c := range map[string]struct {
		conf  string
		heard []machine.Datagram
		want  []string
	}{
		"a lease":             {lab, taken, lease},
		"a refused address":   {lab, append(taken, from(2, dhcpv4.MessageTypeRequest, net.IPv4(192, 168, 9, 100))), append(lease, "request", "nak: refused: address in use")},
		"a declined address":  {lab, append(taken, from(1, dhcpv4.MessageTypeDecline, net.IPv4(192, 168, 9, 100))), append(lease, "decline: declined: somebody has 192.168.9.100, which rests for 10m0s")},
		"an address of ours":  {lab, append(taken, having(1, dhcpv4.MessageTypeRelease)), append(lease, "release: released: 192.168.9.100 is free")},
		"options without one": {lab, []machine.Datagram{having(3, dhcpv4.MessageTypeInform)}, []string{"inform", "ack: the options, without a lease"}},
		"a client of BOOTP":   {lab, []machine.Datagram{from(9, bootp, nil)}, []string{"bootp", "bootp-reply: 192.168.9.109 is its own for ever"}},
		"a BOOTP client without a line": {lab, []machine.Datagram{from(8, bootp, nil)},
			[]string{"ignore bootp: BOOTP clients get no address from a range, which they would keep for ever; bootp-dynamic allows it"}},

		"a proxy hears who takes its lease": {beside, []machine.Datagram{netboots(from(1, dhcpv4.MessageTypeRequest, net.IPv4(192, 168, 9, 50)))},
			[]string{"ignore request, as usual: a DHCPREQUEST on port 67 is for the DHCP server that gives the address"}},
		"a proxy hears an address declined": {beside, []machine.Datagram{netboots(from(1, dhcpv4.MessageTypeDecline, net.IPv4(192, 168, 9, 50)))}, []string{"decline: DECLINE is not for a proxy"}},
		"a proxy hears one given back":      {beside, []machine.Datagram{netboots(having(1, dhcpv4.MessageTypeRelease))}, []string{"release: RELEASE is not for a proxy"}},
		"a proxy is asked for options":      {beside, []machine.Datagram{netboots(having(1, dhcpv4.MessageTypeInform))}, []string{"ignore inform: INFORM is not for a proxy"}},
		"a proxy hears BOOTP":               {beside, []machine.Datagram{from(1, bootp, nil)}, []string{"ignore bootp: no vendor class (option 60): not a netboot client"}},
		"an answer of another server":       {beside, []machine.Datagram{answered(from(1, dhcpv4.MessageTypeOffer, nil))}, []string{"ignore: an answer of another server"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(c.conf))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			m := dhcpd.NewMachine(dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: []dhcp.Link{eth0()}, Events: event.Func(func(e event.Event) {
				got = append(got, brief(e))
			})})
			for i, d := range c.heard {
				m.Receive(noon.Add(time.Duration(i)*time.Second), d)
				answers(t, m)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// A lease names its boot file in the header, or in option 67 to those who ask for it, as iPXE and EDK2 do: the fact has it.
func TestTheBootFileOfALeaseIsInItsFact(t *testing.T) {
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte("dhcp-range=192.168.9.100,192.168.9.110\ndhcp-boot=pxelinux.0\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]byte{"header": {1}, "option 67": {1, 67}} {
		var got []string
		m := dhcpd.NewMachine(dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: []dhcp.Link{eth0()}, Events: event.Func(func(e event.Event) {
			got = append(got, fmt.Sprintf("%s %s", e.Kind, e.Path))
		})})
		m.Receive(noon, changed(from(1, dhcpv4.MessageTypeDiscover, nil), func(p *dhcpv4.DHCPv4) { p.Options[pxe.OptParameterList] = list }))
		answers(t, m)
		if diff := cmp.Diff([]string{"discover ", "offer pxelinux.0"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// brief is a fact in a few words.
func brief(e event.Event) string {
	text := string(e.Kind)
	if of := e.Attr("of"); e.Kind == event.Ignore && of != "" {
		text += " " + of
	}
	if e.Attr("usual") != "" {
		text += ", as usual"
	}
	if e.Text != "" {
		text += ": " + e.Text
	}
	return text
}

// having is a packet of client n, who has an address, to us.
func having(n byte, kind dhcpv4.MessageType) machine.Datagram {
	return changed(from(n, kind, nil), func(p *dhcpv4.DHCPv4) {
		p.ClientIPAddr = net.IPv4(192, 168, 9, 100)
		p.Options[pxe.OptServerID] = []byte{192, 168, 9, 2}
	})
}

// netboots makes a packet that of a netboot client.
func netboots(d machine.Datagram) machine.Datagram {
	return changed(d, func(p *dhcpv4.DHCPv4) { p.Options[pxe.OptVendorClass] = []byte(pxe.PXEClient) })
}

// answered makes a packet that of a server.
func answered(d machine.Datagram) machine.Datagram {
	return changed(d, func(p *dhcpv4.DHCPv4) { p.OpCode = dhcpv4.OpcodeBootReply })
}

func changed(d machine.Datagram, change func(*dhcpv4.DHCPv4)) machine.Datagram {
	p, err := dhcp.Parse(d.Payload)
	if err != nil {
		panic(fmt.Sprint("a packet of our own: ", err))
	}
	change(p)
	d.Payload, d.Dst = p.ToBytes(), netip.MustParseAddrPort("192.168.9.2:67")
	return d
}
