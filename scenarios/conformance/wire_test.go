package conformance

import (
	"net"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

var (
	serverMAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}
	ourMAC    = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 9} // of all clients' frames
	allMAC    = net.HardwareAddr{255, 255, 255, 255, 255, 255}
)

func serialize(all ...gopacket.SerializableLayer) []byte {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// datagram is the frame of a UDP datagram.
func datagram(srcMAC, dstMAC net.HardwareAddr, src, dst netip.AddrPort, payload []byte) []byte {
	if dst.Addr() == everybody {
		dstMAC = allMAC
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: src.Addr().AsSlice(), DstIP: dst.Addr().AsSlice()}
	udp := &layers.UDP{SrcPort: layers.UDPPort(src.Port()), DstPort: layers.UDPPort(dst.Port())}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		panic(err)
	}
	return serialize(&layers.Ethernet{SrcMAC: srcMAC, DstMAC: dstMAC, EthernetType: layers.EthernetTypeIPv4}, ip, udp, gopacket.Payload(payload))
}

// A packet is what a frame of the server holds, if it is a datagram.
type packet struct {
	src, dst netip.AddrPort
	payload  []byte
}

func read(frame []byte) packet {
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
	ip, _ := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
	udp, _ := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
	if ip == nil || udp == nil {
		return packet{}
	}
	return packet{src: addrPort(ip.SrcIP, udp.SrcPort), dst: addrPort(ip.DstIP, udp.DstPort), payload: udp.Payload}
}

func addrPort(ip []byte, port layers.UDPPort) netip.AddrPort {
	addr, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(addr.Unmap(), uint16(port))
}
