package link

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// udpFrame is a frame from a to b.
func udpFrame(payload string) []byte {
	udp := appendUDP(nil, portA, portB, []byte(payload))
	b := appendEther(nil, [6]byte(macB), [6]byte(macA), typeIPv4)
	b = appendIPv4(b, portA.Addr(), portB.Addr(), ProtocolUDP, 7, dontFragment, len(udp))
	return append(b, udp...)
}

// decode reads a frame with gopacket, which checks what we build with another's eyes.
func decode(t *testing.T, frame []byte) gopacket.Packet {
	t.Helper()
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatalf("gopacket: %v in %x", e.Error(), frame)
	}
	if udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok {
		if err := udp.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
			t.Fatal(err)
		}
	}
	if err, wrong := p.VerifyChecksums(); err != nil || len(wrong) > 0 {
		t.Fatalf("gopacket: checksums %v %v in %x", err, wrong, frame)
	}
	return p
}

func TestWhatWeBuildIsWhatGopacketReads(t *testing.T) {
	for _, payload := range []string{"", "x", "odd", "even", "\xff\xff\xff"} {
		p := decode(t, udpFrame(payload))
		ip := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
		udp := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
		got := []any{ip.SrcIP.String(), ip.DstIP.String(), ip.Id, int(udp.SrcPort), int(udp.DstPort), string(udp.Payload)}
		want := []any{"192.168.9.10", "192.168.9.11", uint16(7), 40000, 2000, payload}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestParseReadsWhatGopacketBuilds(t *testing.T) {
	eth := &layers.Ethernet{SrcMAC: macA, DstMAC: macB, EthernetType: layers.EthernetTypeIPv4}
	ip := &layers.IPv4{
		Version: 4, TTL: 3, Protocol: layers.IPProtocolUDP, SrcIP: addrA.Addr().AsSlice(), DstIP: addrB.Addr().AsSlice(),
		Options: []layers.IPv4Option{{OptionType: 7, OptionLength: 7, OptionData: []byte{4, 0, 0, 0, 0}}},
	}
	udp := &layers.UDP{SrcPort: 40000, DstPort: 2000}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, eth, ip, udp, gopacket.Payload("hello")); err != nil {
		t.Fatal(err)
	}
	p, ok := ParseIPv4(append(buf.Bytes(), 0, 0, 0)) // padded, as short frames are
	if !ok || len(p.Header) != 28 || p.SrcMAC != [6]byte(macA) || p.Fragment() {
		t.Fatalf("ParseIPv4: %v %+v", ok, p)
	}
	u, ok := ParseUDP(p.Src, p.Dst, p.Payload)
	if !ok || u.Sum != SumRight || u.SrcPort != 40000 || u.DstPort != 2000 || string(u.Payload) != "hello" {
		t.Fatalf("ParseUDP: %v %+v", ok, u)
	}
}

func TestABadFrameIsNotRead(t *testing.T) {
	edit := func(f func(b []byte)) []byte {
		b := udpFrame("hello")
		f(b)
		return b
	}
	resum := func(b []byte) {
		b[24], b[25] = 0, 0
		binary.BigEndian.PutUint16(b[24:], checksum(b[14:34]))
	}
	for name, frame := range map[string][]byte{
		"nothing":                  nil,
		"an Ethernet header alone": udpFrame("")[:14],
		"an IPv4 header cut short": udpFrame("")[:33],
		"a packet cut short":       udpFrame("hello")[:40],
		"another ethertype":        edit(func(b []byte) { b[12] = 0x86 }),
		"a wrong header checksum":  edit(func(b []byte) { b[22]-- }),
		"version 6 in IPv4":        edit(func(b []byte) { b[14] = 0x65; resum(b) }),
		"a header of 16 bytes": edit(func(b []byte) {
			b[14] = 0x44
			b[24], b[25] = 0, 0
			binary.BigEndian.PutUint16(b[24:], checksum(b[14:30]))
		}),
		"a total length below the header's":  edit(func(b []byte) { b[17] = 19; resum(b) }),
		"a UDP length above the packet's":    edit(func(b []byte) { b[39]++ }),
		"a UDP length below its header's":    edit(func(b []byte) { b[39] = 7 }),
		"a UDP checksum over another source": edit(func(b []byte) { b[29]++; resum(b) }),
	} {
		p, ok := ParseIPv4(frame)
		if !ok {
			continue
		}
		if u, ok := ParseUDP(p.Src, p.Dst, p.Payload); ok && u.Sum == SumRight {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestAnUnfilledChecksumIsTold(t *testing.T) {
	frame := udpFrame("hello")
	p, _ := ParseIPv4(frame)
	binary.BigEndian.PutUint16(p.Payload[6:], fold(pseudo4(p.Src, p.Dst, ProtocolUDP, len(p.Payload))))
	if u, _ := ParseUDP(p.Src, p.Dst, p.Payload); u.Sum != SumUnfilled {
		t.Errorf("a pseudo header's sum is %v, want SumUnfilled", u.Sum)
	}
	p.Payload[6], p.Payload[7] = 0, 0
	if u, _ := ParseUDP(p.Src, p.Dst, p.Payload); u.Sum != SumRight {
		t.Errorf("no checksum is %v, want SumRight", u.Sum)
	}
}
