package dhcpd

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

var (
	from = netip.MustParseAddrPort("192.168.9.50:68")
	to   = netip.MustParseAddrPort("192.168.9.2:67")
)

// theirs is the same packet as another library makes it.
func theirs(t testing.TB, src, dst netip.AddrPort, payload []byte) []byte {
	t.Helper()
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: src.Addr().AsSlice(), DstIP: dst.Addr().AsSlice()}
	udp := &layers.UDP{SrcPort: layers.UDPPort(src.Port()), DstPort: layers.UDPPort(dst.Port())}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, ip, udp, gopacket.Payload(payload)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestPacketsAreThoseOfAnotherLibrary(t *testing.T) {
	for name, payload := range map[string][]byte{
		"nothing": {}, "an odd number of bytes": []byte("bytes"), "an even number of bytes": []byte("byte"),
		"bytes that sum up high": bytes.Repeat([]byte{0xff}, 1400),
	} {
		if diff := cmp.Diff(theirs(t, from, to, payload), encode(nil, from, to, payload)); diff != "" {
			t.Errorf("%s (-theirs +ours):\n%s", name, diff)
		}
	}
}

func TestDecodeTakesWholeDatagramsOnly(t *testing.T) {
	whole := encode(nil, from, to, []byte("discover"))
	changed := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(whole)) }
	set := func(at int, value uint16) []byte {
		return changed(func(b []byte) []byte { binary.BigEndian.PutUint16(b[at:], value); return b })
	}
	for name, c := range map[string]struct {
		packet   []byte
		unsummed bool
		want     bool
	}{
		"a datagram": {packet: whole, want: true},
		"a datagram with the card's padding behind it":    {packet: append(bytes.Clone(whole), 0, 0, 0, 0), want: true},
		"a datagram without a checksum":                   {packet: set(26, 0), want: true},
		"a datagram whose checksum the card is to fill":   {packet: set(26, 1), unsummed: true, want: true},
		"a datagram with a wrong checksum":                {packet: set(26, 1)},
		"a datagram that may not be fragmented":           {packet: set(6, 0x4000), want: true},
		"the first fragment":                              {packet: set(6, 0x2000)},
		"a later fragment":                                {packet: set(6, 1)},
		"a packet cut short":                              {packet: whole[:len(whole)-1]},
		"a header cut short":                              {packet: whole[:ipv4Header-1]},
		"nothing":                                         {},
		"IPv6":                                            {packet: changed(func(b []byte) []byte { b[0] = 0x65; return b })},
		"TCP":                                             {packet: changed(func(b []byte) []byte { b[9] = 6; return b })},
		"a header of 16 bytes":                            {packet: changed(func(b []byte) []byte { b[0] = 0x44; return b })},
		"a header longer than the packet":                 {packet: changed(func(b []byte) []byte { b[0] = 0x4f; return b })},
		"a datagram longer than its packet":               {packet: set(24, 100)},
		"a datagram shorter than its header":              {packet: set(24, 7)},
		"a packet that says it is longer than it is":      {packet: set(2, 1000)},
		"a packet too short for the header of a datagram": {packet: set(2, 27)},
	} {
		src, dst, payload, ok := decode(c.packet, c.unsummed)
		if ok != c.want || ok && (src != from || dst != to || string(payload) != "discover") {
			t.Errorf("%s: %v, %s > %s %q", name, ok, src, dst, payload)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(nil, from, to, []byte("discover")), false)
	f.Add(encode(nil, from, to, nil), true)
	f.Fuzz(func(t *testing.T, packet []byte, unsummed bool) {
		src, dst, payload, ok := decode(packet, unsummed)
		if !ok {
			return
		}
		again, there, same, ok := decode(encode(bytes.Repeat([]byte{0xff}, 40), src, dst, payload), false)
		if !ok || again != src || there != dst || !bytes.Equal(payload, same) {
			t.Fatalf("%s > %s %x became %v %s > %s %x", src, dst, payload, ok, again, there, same)
		}
	})
}
