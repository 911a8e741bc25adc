package link

import (
	"encoding/hex"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// solicitation is the router solicitation of iPXE's e1000 ROM (Debian 12's ipxe-qemu), as captured.
const solicitation = "333300000002" + "525400123456" + "86dd" +
	"6000000000103aff" + "fe80000000000000505400fffe123456" + "ff020000000000000000000000000002" +
	"850071b500000000" + "0101525400123456"

func captured(t *testing.T) []byte {
	t.Helper()
	frame, err := hex.DecodeString(solicitation)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestNDPIsReadAndMadeAsIPXEMakesIt(t *testing.T) {
	frame := captured(t)
	src, dst, message, ok := ParseNDP(frame)
	if !ok || src != netip.MustParseAddr("fe80::5054:ff:fe12:3456") || dst != netip.MustParseAddr("ff02::2") || message[0] != 133 {
		t.Fatalf("ParseNDP: %v -> %v %x %v", src, dst, message, ok)
	}
	made := NDP([6]byte(frame), [6]byte(frame[6:]), src, dst, append([]byte{133, 0, 9, 9}, message[4:]...))
	if diff := cmp.Diff(frame, made); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestNDPIsRefused(t *testing.T) {
	for name, edit := range map[string]func(b []byte) []byte{
		"after a router":              func(b []byte) []byte { b[21] = 254; return b },
		"with another next header":    func(b []byte) []byte { b[20] = 17; return b },
		"in another ethertype":        func(b []byte) []byte { b[12] = 8; return b },
		"with version 4":              func(b []byte) []byte { b[14] = 0x40; return b },
		"with a wrong sum":            func(b []byte) []byte { b[69] ^= 1; return b },
		"with a length beyond it":     func(b []byte) []byte { b[19]++; return b },
		"with less than a header":     func(b []byte) []byte { b[19] = 4; return b },
		"with a message cut short":    func(b []byte) []byte { return b[:61] },
		"for another than it was for": func(b []byte) []byte { b[53] = 3; return b },
	} {
		if _, _, _, ok := ParseNDP(edit(captured(t))); ok {
			t.Errorf("accepted %s", name)
		}
	}
}
