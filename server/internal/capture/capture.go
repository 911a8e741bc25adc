// Package capture reads the DHCP packets of testdata/captures, for tests.
package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/insomniacslk/dhcp/dhcpv4"
)

// A Frame is one DHCP packet of a capture.
type Frame struct {
	Number   int // as tshark shows it
	Src, Dst netip.AddrPort
	Payload  []byte
}

// ReadDHCP reads the DHCP packets of a capture file.
func ReadDHCP(t testing.TB, path string) []Frame {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var frames []Frame
	for number := 1; ; number++ {
		data, _, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		packet := gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.Default)
		ip, _ := packet.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
		udp, _ := packet.Layer(layers.LayerTypeUDP).(*layers.UDP)
		if ip == nil || udp == nil {
			continue
		}
		if payload := udp.Payload; len(payload) > 240 && binary.BigEndian.Uint32(payload[236:]) == 0x63825363 {
			frames = append(frames, Frame{number, addrPort(ip.SrcIP, udp.SrcPort), addrPort(ip.DstIP, udp.DstPort), payload})
		}
	}
}

func addrPort(ip []byte, port layers.UDPPort) netip.AddrPort {
	addr, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(addr.Unmap(), uint16(port))
}

// Fields are all that a DHCP packet says, by name.
func Fields(t testing.TB, payload []byte) map[string]string {
	t.Helper()
	p, err := dhcpv4.FromBytes(payload)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{
		"op": p.OpCode.String(), "htype": p.HWType.String(), "hops": fmt.Sprint(p.HopCount), "xid": p.TransactionID.String(),
		"secs": fmt.Sprint(p.NumSeconds), "flags": fmt.Sprintf("%#04x", p.Flags),
		"ciaddr": p.ClientIPAddr.String(), "yiaddr": p.YourIPAddr.String(), "siaddr": p.ServerIPAddr.String(),
		"giaddr": p.GatewayIPAddr.String(), "chaddr": p.ClientHWAddr.String(), "sname": p.ServerHostName, "file": p.BootFileName,
		"size": fmt.Sprint(len(payload)),
	}
	for code, value := range p.Options {
		said[fmt.Sprintf("option %d", code)] = fmt.Sprintf("%x", value)
	}
	return said
}
