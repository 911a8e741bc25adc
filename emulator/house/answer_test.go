package house

import (
	"fmt"
	"net"
	"net/netip"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

func ipv4(s string) net.IP { return net.ParseIP(s).To4() }

// say makes a request of a message type with what mods add.
func say(t *testing.T, kind dhcpv4.MessageType, mods ...dhcpv4.Modifier) *dhcpv4.DHCPv4 {
	return discover(t, append(mods, dhcpv4.WithMessageType(kind))...)
}

func from(mac net.HardwareAddr) dhcpv4.Modifier { return dhcpv4.WithHwAddr(mac) }
func wants(ip string) dhcpv4.Modifier {
	return dhcpv4.WithOption(dhcpv4.OptRequestedIPAddress(ipv4(ip)))
}
func names(ip string) dhcpv4.Modifier {
	return dhcpv4.WithOption(dhcpv4.OptServerIdentifier(ipv4(ip)))
}
func has(ip string) dhcpv4.Modifier { return dhcpv4.WithClientIP(ipv4(ip)) }

func TestWhatARequestDeserves(t *testing.T) {
	const discover, request, inform = dhcpv4.MessageTypeDiscover, dhcpv4.MessageTypeRequest, dhcpv4.MessageTypeInform
	for name, c := range map[string]struct {
		before []*dhcpv4.DHCPv4
		ask    *dhcpv4.DHCPv4
		want   string
	}{
		"a reserved address is offered":                     {nil, say(t, discover), "OFFER 192.168.9.111"},
		"the first of the pool is offered":                  {nil, say(t, discover, from(otherMAC)), "OFFER 192.168.9.100"},
		"the same is offered again":                         {[]*dhcpv4.DHCPv4{say(t, discover, from(otherMAC))}, say(t, discover, from(otherMAC)), "OFFER 192.168.9.100"},
		"the offered address is acknowledged":               {nil, say(t, request, wants("192.168.9.111"), names("192.168.9.1")), "ACK 192.168.9.111"},
		"another address is refused":                        {nil, say(t, request, wants("192.168.9.112"), names("192.168.9.1")), "NAK 0.0.0.0"},
		"a choice of another server is not ours":            {nil, say(t, request, wants("192.168.9.111"), names("192.168.9.2")), "the client chose another server: 192.168.9.2"},
		"a renewal is acknowledged":                         {nil, say(t, request, has("192.168.9.111")), "ACK 192.168.9.111"},
		"a remembered address is acknowledged":              {nil, say(t, request, wants("192.168.9.111")), "ACK 192.168.9.111"},
		"an unknown client's address is not ours":           {nil, say(t, request, from(otherMAC), wants("192.168.9.150")), "a client that is not ours"},
		"an unknown client that chose the house is refused": {nil, say(t, request, from(otherMAC), wants("192.168.9.150"), names("192.168.9.1")), "NAK 0.0.0.0"},
		"an address of another network is refused":          {nil, say(t, request, from(otherMAC), wants("10.0.0.1")), "NAK 0.0.0.0"},
		"a request without an address is refused":           {nil, say(t, request), "NAK 0.0.0.0"},
		"an inform gets no address":                         {nil, say(t, inform, has("192.168.9.111")), "ACK 0.0.0.0"},
		"an inform from nowhere gets nothing":               {nil, say(t, inform), "DHCPINFORM without an address"},
		"a server's message is not for a server":            {nil, say(t, dhcpv4.MessageTypeOffer), "not a client's message: OFFER"},
		"a released address goes to the next who asks":      {[]*dhcpv4.DHCPv4{say(t, discover, from(otherMAC)), say(t, dhcpv4.MessageTypeRelease, from(otherMAC))}, say(t, discover, from(net.HardwareAddr{2, 0, 0, 0, 0, 1})), "OFFER 192.168.9.100"},
		"a declined address is not given again":             {[]*dhcpv4.DHCPv4{say(t, discover, from(otherMAC)), say(t, dhcpv4.MessageTypeDecline, from(otherMAC))}, say(t, discover, from(otherMAC)), "OFFER 192.168.9.101"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &dhcp{cfg: config, leases: newLeases(config)}
			d.cfg.SIAddr = d.cfg.Addr.Addr()
			for _, p := range c.before {
				d.answer(p)
			}
			p, got := d.answer(c.ask)
			if p != nil {
				got = fmt.Sprint(p.MessageType(), " ", p.YourIPAddr)
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestThePoolEndsBeforeTheBroadcastAddress(t *testing.T) {
	l := newLeases(Config{
		Addr:    netip.MustParsePrefix("10.0.0.1/29"),
		Reserve: map[[6]byte]netip.Addr{{9}: netip.MustParseAddr("10.0.0.4")},
	})
	var got []string
	for i := byte(0); ; i++ {
		ip, ok := l.give([6]byte{i})
		if !ok {
			break
		}
		got = append(got, ip.String())
	}
	if want := "[10.0.0.2 10.0.0.3 10.0.0.5 10.0.0.6]"; fmt.Sprint(got) != want {
		t.Fatalf("pool %v, want %v", got, want)
	}
}

func TestAHouseSaysWhatItIsTold(t *testing.T) {
	const discover, request = dhcpv4.MessageTypeDiscover, dhcpv4.MessageTypeRequest
	pxe := dhcpv4.WithOption(dhcpv4.OptClassIdentifier("PXEClient:Arch:00000"))
	left := map[uint8][]byte{60: []byte("PXEClient"), 67: []byte("old.0"), 3: {192, 168, 9, 9}}
	for name, c := range map[string]struct {
		house Config
		ask   *dhcpv4.DHCPv4
		want  string
	}{
		"a file and options":                {Config{File: "a.0", Options: left}, say(t, discover), `OFFER 192.168.9.111 file "a.0" class "PXEClient" name "old.0" router [192.168.9.9]`},
		"nothing":                           {Config{}, say(t, discover), `OFFER 192.168.9.111 file "" class "" name "" router [192.168.9.1]`},
		"in the ACK too":                    {Config{File: "a.0"}, say(t, request, wants("192.168.9.111")), `ACK 192.168.9.111 file "a.0" class "" name "" router [192.168.9.1]`},
		"a silent one":                      {Config{Silent: true}, say(t, discover), "it is silent"},
		"a proxy":                           {Config{Proxy: true, File: "a.0"}, say(t, discover, pxe), `OFFER 0.0.0.0 file "a.0" class "PXEClient" name "" router []`},
		"a proxy to who does not netboot":   {Config{Proxy: true}, say(t, discover), "a proxy answers DISCOVERs of PXE clients"},
		"a proxy that is asked for a lease": {Config{Proxy: true}, say(t, request, pxe, wants("192.168.9.111")), "a proxy answers DISCOVERs of PXE clients"},
	} {
		t.Run(name, func(t *testing.T) {
			c.house.Addr, c.house.Reserve = config.Addr, config.Reserve
			c.house.SIAddr, c.house.Router = config.Addr.Addr(), config.Addr.Addr()
			d := &dhcp{cfg: c.house, leases: newLeases(c.house)}
			p, got := d.answer(c.ask)
			if p != nil {
				got = fmt.Sprintf("%s %s file %q class %q name %q router %v", p.MessageType(), p.YourIPAddr, p.BootFileName,
					p.ClassIdentifier(), p.Options.Get(dhcpv4.OptionBootfileName), p.Router())
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
