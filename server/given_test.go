package server

import (
	"net/netip"
	"testing"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/lease"
)

func TestASocketThatNobodyWantsIsTold(t *testing.T) {
	proxy := config.Config{HTTP: config.HTTP{Port: 80}}
	byAddress, dhcpServer, other := proxy, proxy, proxy
	byAddress.Interfaces.ByAddress = true
	dhcpServer.Leases.Ranges = []lease.Range{{First: netip.MustParseAddr("192.168.9.10"), Last: netip.MustParseAddr("192.168.9.20")}}
	other.HTTP.Addr = netip.MustParseAddr("192.168.9.2")
	const ports, device = "nothing is served on this port", "DHCP wants a socket for each interface: say BindToDevice="
	for _, c := range []struct {
		says, network, addr string
		settings            config.Config
		silent              bool
		want                string
	}{
		{"TFTP", "udp", "0.0.0.0:69", proxy, false, ""},
		{"TFTP at another address", "udp", "192.168.9.2:69", proxy, false, "TFTP is asked at other addresses"},
		{"TFTP by address", "udp", "192.168.9.2:69", byAddress, false, ""},
		{"TFTP by address, at all", "udp", "0.0.0.0:69", byAddress, false, "TFTP is asked at other addresses"},
		{"TFTP by IPv6", "udp", "[::]:69", proxy, false, "machines boot by IPv4: say ListenDatagram=0.0.0.0:69"},
		{"HTTP", "tcp", "0.0.0.0:80", proxy, false, ""},
		{"HTTP, as ListenStream=80 opens it", "tcp", "[::]:80", proxy, false, ""},
		{"HTTP on another port", "tcp", "0.0.0.0:8080", proxy, false, "HTTP is not on this port"},
		{"HTTP at its address", "tcp", "192.168.9.2:80", other, false, ""},
		{"HTTP at another address", "tcp", "192.168.9.3:80", other, false, "HTTP is asked at other addresses"},
		{"DHCP of a proxy", "udp", "0.0.0.0:67", proxy, false, "a proxy hears this port beside whoever has it"},
		{"DHCP of no interface", "udp", "0.0.0.0:67", dhcpServer, false, device},
		{"a boot server of no interface", "udp", "0.0.0.0:4011", proxy, false, device},
		{"DNS", "udp", "0.0.0.0:53", proxy, false, ports},
		{"a pipe", "", "", proxy, false, "it is neither of TCP nor of UDP"},
		{"a dry run", "udp", "0.0.0.0:69", proxy, true, "nothing is sent"},
	} {
		addr, _ := netip.ParseAddrPort(c.addr)
		p := plan{settings: c.settings, silent: c.silent, tree: nothing{}, pages: nothing{}}
		if got := p.unfit(given{network: c.network, addr: addr}); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
}
