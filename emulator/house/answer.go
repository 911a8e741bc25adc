package house

import (
	"net"
	"net/netip"
	"strings"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

const leaseSeconds = 3600

// answer decides what a request deserves (RFC 2131, 4.3): a reply, or silence with its reason.
func (d *dhcp) answer(req *dhcpv4.DHCPv4) (*dhcpv4.DHCPv4, string) {
	mac := [6]byte(req.ClientHWAddr)
	switch {
	case d.cfg.Silent:
		return nil, "it is silent"
	case d.cfg.Proxy:
		return d.proxy(req)
	}
	switch req.MessageType() {
	case dhcpv4.MessageTypeDiscover:
		ip, ok := d.leases.give(mac)
		if !ok {
			return nil, "no address is left in the pool"
		}
		return d.lease(req, dhcpv4.MessageTypeOffer, ip), ""
	case dhcpv4.MessageTypeRequest:
		return d.request(req, mac)
	case dhcpv4.MessageTypeInform:
		if unspecified(req.ClientIPAddr) {
			return nil, "DHCPINFORM without an address"
		}
		return d.reply(req, dhcpv4.MessageTypeAck), ""
	case dhcpv4.MessageTypeRelease:
		d.leases.release(mac)
		return nil, "DHCPRELEASE needs no answer"
	case dhcpv4.MessageTypeDecline:
		d.leases.decline(mac)
		return nil, "DHCPDECLINE needs no answer"
	}
	return nil, "not a client's message: " + req.MessageType().String()
}

// proxy answers as a boot server beside the one that gives addresses (PXE 2.1, section 2.2.2).
func (d *dhcp) proxy(req *dhcpv4.DHCPv4) (*dhcpv4.DHCPv4, string) {
	if req.MessageType() != dhcpv4.MessageTypeDiscover || !strings.HasPrefix(req.ClassIdentifier(), pxe.PXEClient) {
		return nil, "a proxy answers DISCOVERs of PXE clients"
	}
	p := d.reply(req, dhcpv4.MessageTypeOffer)
	p.Options.Del(dhcpv4.OptionSubnetMask)
	p.Options.Del(dhcpv4.OptionRouter)
	if _, set := d.cfg.Options[dhcpv4.OptionClassIdentifier.Code()]; !set {
		p.UpdateOption(dhcpv4.OptClassIdentifier(pxe.PXEClient))
	}
	return p, ""
}

// request answers a DHCPREQUEST by the client's state (RFC 2131, 4.3.2): one that names a server selects
// it; one that does not has an address (ciaddr) or remembers one (option 50).
func (d *dhcp) request(req *dhcpv4.DHCPv4, mac [6]byte) (*dhcpv4.DHCPv4, string) {
	server := req.ServerIdentifier()
	if server != nil && addr(server) != d.cfg.Addr.Addr() {
		return nil, "the client chose another server: " + server.String()
	}
	want := addr(req.RequestedIPAddress())
	if !want.IsValid() {
		want = addr(req.ClientIPAddr)
	}
	has, known := d.leases.of(mac)
	switch {
	case known && has == want:
		return d.lease(req, dhcpv4.MessageTypeAck, has), ""
	case !known && server == nil && d.cfg.Addr.Masked().Contains(want):
		return nil, "a client that is not ours" // RFC 2131: must remain silent
	}
	return d.reply(req, dhcpv4.MessageTypeNak), ""
}

// lease is a reply with an address.
func (d *dhcp) lease(req *dhcpv4.DHCPv4, kind dhcpv4.MessageType, ip netip.Addr) *dhcpv4.DHCPv4 {
	p := d.reply(req, kind)
	p.YourIPAddr = ip.AsSlice()
	p.UpdateOption(dhcpv4.OptGeneric(dhcpv4.OptionIPAddressLeaseTime, []byte{0, 0, leaseSeconds >> 8, leaseSeconds & 0xff}))
	return p
}

// reply is what every answer has: siaddr is the house's own, which is why signed GRUB asks it for its
// files; no boot file and no PXE options but what it is told.
func (d *dhcp) reply(req *dhcpv4.DHCPv4, kind dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	self, network, router := net.IP(d.cfg.Addr.Addr().AsSlice()), d.cfg.Addr, d.cfg.Router
	for _, beyond := range d.cfg.Relayed {
		if beyond.Contains(addr(req.GatewayIPAddr)) {
			network, router = beyond, beyond.Addr()
		}
	}
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootReply, HWType: req.HWType, ClientHWAddr: req.ClientHWAddr,
		TransactionID: req.TransactionID, Flags: req.Flags, GatewayIPAddr: req.GatewayIPAddr,
		ClientIPAddr: net.IPv4zero, YourIPAddr: net.IPv4zero, ServerIPAddr: d.cfg.SIAddr.AsSlice(),
		Options: dhcpv4.OptionsFromList(
			dhcpv4.OptMessageType(kind),
			dhcpv4.OptServerIdentifier(self),
		),
	}
	if kind == dhcpv4.MessageTypeNak {
		p.ServerIPAddr = net.IPv4zero // RFC 2131, table 3
		return p
	}
	if kind == dhcpv4.MessageTypeAck {
		p.ClientIPAddr = req.ClientIPAddr
	}
	p.UpdateOption(dhcpv4.OptSubnetMask(net.CIDRMask(network.Bits(), 32)))
	if !d.cfg.NoRouter {
		p.UpdateOption(dhcpv4.OptRouter(router.AsSlice()))
	}
	p.BootFileName = d.cfg.File
	for code, value := range d.cfg.Options {
		p.UpdateOption(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(code), value))
	}
	return p
}
