package dhcpd

import (
	"net"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// A port is heard on an interface that may have several addresses: the one that was meant decides who answers.
func TestADatagramSaysWhereItWasSent(t *testing.T) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(conn.LocalAddr().(*net.UDPAddr).Port)
	s, err := hear(conn, dhcp.Link{Name: "lo"}, port)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, addr := range []string{"127.0.0.2", "127.0.0.3"} {
		dst := netip.AddrPortFrom(netip.MustParseAddr(addr), port)
		if _, err := client.WriteToUDPAddrPort([]byte(addr), dst); err != nil {
			t.Fatal(err)
		}
		got, err := s.Receive()
		if err != nil {
			t.Fatal(err)
		}
		want := []machine.Datagram{{Src: client.LocalAddr().(*net.UDPAddr).AddrPort(), Dst: dst, Payload: []byte(addr)}}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
	}
}
