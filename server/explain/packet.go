package explain

import (
	"encoding/binary"
	"net/netip"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

// packet is one of the client's, of a type and with a ciaddr.
func (c Client) packet(kind dhcpv4.MessageType, ciaddr netip.Addr) *dhcpv4.DHCPv4 {
	zero := netip.IPv4Unspecified().AsSlice()
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, TransactionID: dhcpv4.TransactionID{'r', 'i', 'g', '1'},
		ClientHWAddr: c.MAC, ClientIPAddr: zero, YourIPAddr: zero, ServerIPAddr: zero, GatewayIPAddr: zero,
		Options: dhcpv4.Options{
			pxe.OptMessageType:    {byte(kind)},
			pxe.OptParameterList:  wanted(),
			pxe.OptMaxMessageSize: {0x05, 0xc0}, // 1472, as iPXE and EDK2 say (captures A and B)
		},
	}
	if ciaddr.IsValid() {
		p.ClientIPAddr = ciaddr.AsSlice()
	}
	c.says(p.Options)
	for code, value := range c.Options {
		p.Options[code] = value
	}
	return p
}

// wanted is what every netboot client asks for, and pxelinux behind it (option 55).
func wanted() []byte {
	return []byte{1, 3, 6, 12, 15, 17, 28, 43, 51, 54, 60, 66, 67, 97, 150, 175, 209, 210}
}

// says puts what the client tells of itself in.
func (c Client) says(options dhcpv4.Options) {
	set := func(code uint8, value []byte) {
		if len(value) > 0 {
			options[code] = value
		}
	}
	const hostName = 12
	set(hostName, []byte(c.Name))
	set(pxe.OptVendorClass, []byte(c.Vendor))
	set(pxe.OptUserClass, []byte(c.UserClass))
	set(pxe.OptClientID, c.ClientID)
	if c.Vendor != "" {
		set(pxe.OptClientArch, binary.BigEndian.AppendUint16(nil, uint16(c.Arch)))
		set(pxe.OptClientInterface, []byte{1, 2, 1})
	}
	if c.UUID != nil {
		set(pxe.OptMachineID, append([]byte{0}, c.UUID...))
	}
	if c.IPXE {
		set(pxe.OptIPXE, features(c.Arch))
	}
}

// features are what a usual build of iPXE says it can do (capture A, frame 1; ipxe, include/ipxe/features.h).
func features(arch pxe.Arch) []byte {
	can := []pxe.Feature{pxe.FeatureHTTP, pxe.FeatureHTTPS, pxe.FeatureTFTP, pxe.FeatureDNS, pxe.FeatureMenu}
	if arch.UEFI() {
		can = append(can, pxe.FeatureEFI)
	} else {
		can = append(can, pxe.FeatureBzImage, pxe.FeatureMultiboot, pxe.FeaturePXE, pxe.FeatureELF)
	}
	var b []byte
	for _, feature := range can {
		b = append(b, byte(feature), 1, 1)
	}
	return b
}

// relayed makes a packet one that came by the client's relay (RFC 3046).
func (c Client) relayed(p *dhcpv4.DHCPv4) {
	if !c.Relay.IsValid() {
		return
	}
	p.GatewayIPAddr = c.Relay.AsSlice()
	p.HopCount = 1
	var agent []byte
	for i, id := range []string{c.Circuit, c.Remote} {
		if id != "" {
			agent = append(append(agent, byte(i+1), byte(len(id))), id...)
		}
	}
	if len(agent) > 0 {
		p.Options[pxe.OptRelayAgent] = agent
	}
}
