package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// FuzzStack gives a host two frames. It must not panic, and what it answers must be sound in the eyes of
// another decoder.
func FuzzStack(f *testing.F) {
	f.Add(udpFrame("hello"), udpFrame(""))
	f.Add(appendARP(appendEther(nil, broadcastMAC, [6]byte(macA), typeARP), arpRequest, [6]byte(macA), addrA.Addr(), [6]byte{}, addrB.Addr()), []byte{})
	ping := []byte{icmpEcho, 0, 0, 0, 1, 2, 3, 4, 5}
	f.Add(ping, append(appendIPv4(nil, portB.Addr(), portA.Addr(), ProtocolUDP, 0, 0, 8), 7, 208, 156, 64, 0, 8, 0, 0))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var m mailbox
		s := NewStack(StackConfig{MAC: macB, Addr: addrB, Listens: func(port uint16) bool { return port%2 == 0 }}, &m)
		s.Learn(addrA.Addr(), macA)
		for _, b := range [][]byte{first, second} {
			s.Frame(epoch, b)
			// The same bytes as the payload of sound headers, so that the deeper parsers see them too.
			for _, protocol := range []uint8{ProtocolUDP, ProtocolICMP, ProtocolTCP} {
				for _, flags := range []uint16{0, moreFragments, 1} {
					s.Frame(epoch, ipFrame(protocol, flags, b))
				}
			}
			s.Expire(epoch.Add(time.Hour))
		}
		for frame, ok := s.Next(); ok; frame, ok = s.Next() {
			p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
			if ip, ok := p.NetworkLayer().(*layers.IPv4); ok && ip.SrcIP.String() != addrB.Addr().String() {
				t.Fatalf("it sent from another's address: %v", p)
			}
			if _, wrong := p.VerifyChecksums(); len(wrong) > 0 {
				t.Fatalf("wrong checksums %v in %v", wrong, p)
			}
		}
	})
}

// ipFrame is a frame from a to b with a sound header, and with a sound checksum where ICMP has it.
func ipFrame(protocol uint8, flags uint16, payload []byte) []byte {
	payload = payload[:min(len(payload), MTU-ipLen)]
	b := appendEther(nil, [6]byte(macB), [6]byte(macA), typeIPv4)
	b = appendIPv4(b, addrA.Addr(), addrB.Addr(), protocol, 9, flags, len(payload))
	own := append(b, payload...)[len(b):]
	switch {
	case protocol == ProtocolICMP && len(own) >= icmpLen:
		own[2], own[3] = 0, 0
		s := checksum(own)
		own[2], own[3] = byte(s>>8), byte(s)
	case protocol == ProtocolUDP && len(own) >= udpLen:
		putUDPSum(addrA.Addr(), addrB.Addr(), own)
	}
	return append(b, own...)
}

func FuzzNDP(f *testing.F) {
	src, dst := netip.MustParseAddr("fe80::1"), netip.MustParseAddr("ff02::2")
	f.Add(NDP(broadcastMAC, [6]byte(macA), src, dst, []byte{133, 0, 0, 0, 0, 0, 0, 0}))
	f.Fuzz(func(t *testing.T, frame []byte) {
		src, dst, message, ok := ParseNDP(frame)
		if !ok {
			return
		}
		again := NDP([6]byte(frame), [6]byte(frame[6:]), src, dst, message)
		s, d, m, ok := ParseNDP(again)
		if !ok || s != src || d != dst || string(m[4:]) != string(message[4:]) {
			t.Fatalf("%x came back as %x", frame, again)
		}
	})
}
