package link

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// slow is RFC 1071's definition, word by word.
func slow(b []byte) uint16 {
	var acc uint32
	for i := 0; i < len(b); i += 2 {
		word := uint32(b[i]) << 8
		if i+1 < len(b) {
			word |= uint32(b[i+1])
		}
		acc += word
		acc = acc>>16 + acc&0xffff
	}
	return ^uint16(acc)
}

func TestChecksumIsThatOfRFC1071(t *testing.T) {
	example := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7} // RFC 1071, 3
	if got := checksum(example); got != ^uint16(0xddf2) {
		t.Errorf("checksum of the RFC's example is %#04x, want %#04x", got, ^uint16(0xddf2))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		b := make([]byte, rng.IntN(70))
		for i := range b {
			b[i] = byte(rng.Uint32()) | byte(rng.IntN(2)*0xff) // many ones, for the carries
		}
		if got, want := checksum(b), slow(b); got != want {
			t.Fatalf("checksum(%x) = %#04x, want %#04x", b, got, want)
		}
	}
}

func TestAUDPSumOfZeroIsSentAsOnes(t *testing.T) {
	packet := appendUDP(nil, portA, portB, []byte{0, 0})
	binary.BigEndian.PutUint16(packet[8:], binary.BigEndian.Uint16(packet[6:])) // makes the sum come out as zero
	putUDPSum(portA.Addr(), portB.Addr(), packet)
	if got := binary.BigEndian.Uint16(packet[6:]); got != 0xffff {
		t.Fatalf("sum is %#04x, want 0xffff", got)
	}
	if u, ok := ParseUDP(portA.Addr(), portB.Addr(), packet); !ok || u.Sum != SumRight {
		t.Fatalf("the packet is not accepted: %v %v", u.Sum, ok)
	}
}
