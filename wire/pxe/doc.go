// Package pxe has the numbers and the bytes of the Preboot Execution Environment, version 2.1: DHCP
// option numbers, the sub-options of option 43, client architectures, vendor classes.
//
// It decides nothing. Both sides of the wire use it, so it holds only what the specification or a
// capture says, never what our server or our emulator prefers.
package pxe

// DHCP option numbers that netbooting uses (RFC 2132, RFC 4578, syslinux for 209 to 211).
const (
	OptVendorSpecific   = 43
	OptOverload         = 52
	OptRequestedAddress = 50
	OptMessageType      = 53
	OptServerID         = 54
	OptParameterList    = 55
	OptMaxMessageSize   = 57
	OptVendorClass      = 60
	OptClientID         = 61
	OptTFTPServerName   = 66
	OptBootFile         = 67
	OptUserClass        = 77
	OptRelayAgent       = 82
	OptClientArch       = 93
	OptClientInterface  = 94
	OptMachineID        = 97
	OptSubnetSelection  = 118
	OptIPXE             = 175
	OptPXELinuxConfig   = 209
	OptPXELinuxPrefix   = 210
	OptPXELinuxReboot   = 211
	OptEnd              = 255
)

// UDP ports.
const (
	PortDHCPServer = 67
	PortDHCPClient = 68
	PortTFTP       = 69
	PortBootServer = 4011 // proxyDHCP and boot servers (PXE 2.1, section 2.2.1)
)

// Fields of the BOOTP header.
const (
	BroadcastFlag = 0x8000 // of flags
	FileField     = 128    // bytes of file, the NUL that ends it included
	MinPacket     = 300    // a packet is never shorter (RFC 951); old relays drop what is
)

const (
	defaultPacket = 576 // what a client takes that sends no option 57, IP header included (RFC 2131, section 2)
	headers       = 28  // IP and UDP
	frame         = 1500
)

// MaxReply is how many bytes of DHCP a client takes whose option 57 is size, 0 when it sent none.
// EDK2 sends the number byte-swapped in its DHCPREQUEST (capture B, frame 7: 65280), so
// more than a frame holds is not believed.
func MaxReply(size uint16) int {
	return min(max(int(size), defaultPacket), frame) - headers
}
