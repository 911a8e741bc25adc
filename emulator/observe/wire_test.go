package observe

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

var (
	epoch     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	guestMAC  = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	serverMAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}
	guestIP   = netip.MustParseAddr("192.168.9.100")
	serverIP  = netip.MustParseAddr("192.168.9.2")
)

// A wire shows an Observer what a guest and its server say.
type wire struct {
	later time.Duration // since epoch
	t     testing.TB
	o     *Observer
	facts facts
}

func newWire(t testing.TB) *wire {
	w := &wire{t: t}
	w.o = New(Config{Guest: "pc", MAC: guestMAC, Events: &w.facts})
	return w
}

// frame builds a frame with gopacket, from the guest or to it.
func (w *wire) frame(fromGuest bool, proto layers.IPProtocol, transport ...gopacket.SerializableLayer) []byte {
	eth := &layers.Ethernet{SrcMAC: guestMAC, DstMAC: serverMAC, EthernetType: layers.EthernetTypeIPv4}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: proto, SrcIP: guestIP.AsSlice(), DstIP: serverIP.AsSlice()}
	if !fromGuest {
		eth.SrcMAC, eth.DstMAC = serverMAC, guestMAC
		ip.SrcIP, ip.DstIP = ip.DstIP, ip.SrcIP
	}
	for _, l := range transport {
		if u, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := u.SetNetworkLayerForChecksum(ip); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, append([]gopacket.SerializableLayer{eth, ip}, transport...)...); err != nil {
		w.t.Fatal(err)
	}
	return buf.Bytes()
}

func (w *wire) udp(fromGuest bool, src, dst uint16, payload []byte) {
	u := &layers.UDP{SrcPort: layers.UDPPort(src), DstPort: layers.UDPPort(dst)}
	w.o.Frame(epoch.Add(w.later), fromGuest, w.frame(fromGuest, layers.IPProtocolUDP, u, gopacket.Payload(payload)))
}

// A tftpPeer is one port of the guest and one of the server.
type tftpPeer struct {
	*wire
	port, tid uint16
}

func packet(op, n uint16, rest string) []byte {
	b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, op), n)
	return append(b, rest...)
}

func (p tftpPeer) rrq(rest string) { p.udp(true, p.port, tftpPort, append([]byte{0, opRRQ}, rest...)) }
func (p tftpPeer) oack(rest string) {
	p.udp(false, p.tid, p.port, append([]byte{0, opOACK}, rest...))
}
func (p tftpPeer) data(n int, bytes int) {
	p.udp(false, p.tid, p.port, packet(opDATA, uint16(n), string(make([]byte, bytes))))
}
func (p tftpPeer) ack(n int) { p.udp(true, p.port, p.tid, packet(opACK, uint16(n), "")) }
func (p tftpPeer) refuse(code uint16, why string) {
	p.udp(false, p.tid, p.port, packet(opERROR, code, why+"\x00"))
}
func (p tftpPeer) abort(code uint16, why string) {
	p.udp(true, p.port, p.tid, packet(opERROR, code, why+"\x00"))
}

func hostPort(ip netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(ip, port) }
