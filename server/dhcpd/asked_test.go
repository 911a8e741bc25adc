package dhcpd_test

import (
	"net"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

const guest = "52:54:00:12:34:56" // of the captures

func asked(t *testing.T, kind dhcpv4.MessageType, xid byte, ciaddr string, item bool) *dhcpv4.DHCPv4 {
	t.Helper()
	mac, err := net.ParseMAC(guest)
	must(t, err)
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: mac, TransactionID: dhcpv4.TransactionID{xid},
		ClientIPAddr: net.ParseIP(ciaddr), Options: dhcpv4.Options{
			pxe.OptMessageType: {byte(kind)}, pxe.OptVendorClass: []byte("PXEClient:Arch:00000:UNDI:002001"), pxe.OptClientArch: {0, 0},
		},
	}
	if ciaddr == "0.0.0.0" {
		p.SetBroadcast()
	}
	if item {
		p.Options[pxe.OptVendorSpecific] = []byte{pxe.SubBootItem, 4, 0x80, 0, 0, 0, pxe.OptEnd}
	}
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
