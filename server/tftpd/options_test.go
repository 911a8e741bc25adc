package tftpd

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOptionsAreAnsweredWithinOurLimits(t *testing.T) {
	for _, c := range []struct {
		rule, mode string
		asked      []Option
		want       string
	}{
		{"EDK2 gets the window it asks for", "octet", []Option{{"blksize", "1468"}, {"windowsize", "4"}}, "blksize 1468 windowsize 4"},
		{"a window larger than ours is cut", "octet", []Option{{"windowsize", "65535"}}, "windowsize 64"},
		{"no window of nothing", "octet", []Option{{"windowsize", "0"}}, ""},
		{"no window beyond RFC 7440", "octet", []Option{{"windowsize", "65536"}}, ""},
		{"a block larger than a frame is cut", "octet", []Option{{"blksize", "65464"}}, "blksize 1468"},
		{"a block that is no number is left out", "octet", []Option{{"blksize", "big"}, {"tsize", "0"}}, "tsize 777"},
		{"a negative block is left out", "octet", []Option{{"blksize", "-1"}}, ""},
		{"a size is told, whatever is asked", "octet", []Option{{"tsize", "?"}}, "tsize 777"},
		{"time-outs are those of RFC 2349", "octet", []Option{{"timeout", "255"}}, "timeout 255"},
		{"a time-out of nothing is left out", "octet", []Option{{"timeout", "0"}}, ""},
		{"a time-out too long is left out", "octet", []Option{{"timeout", "256"}}, ""},
		{"a size that is not asked for is not told", "octet", []Option{{"tsize", ""}}, ""},
		{"a block beyond all numbers is cut too", "octet", []Option{{"blksize", "99999999999999999999"}}, "blksize 1468"},
		{"of two the last counts", "octet", []Option{{"blksize", "600"}, {"BLKSIZE", "700"}}, "blksize 700"},
		{"netascii has blocks, but neither size nor window", "NetASCII", []Option{{"tsize", "0"}, {"windowsize", "4"}, {"blksize", "600"}}, "blksize 600"},
		{"multicast is unknown", "octet", []Option{{"multicast", ""}}, ""},
	} {
		cfg := Config{}.filled()
		got := cfg.negotiate(Request{Name: "f", Mode: c.mode, Options: c.asked}, 777, cfg.maxBlock(1500, server69.Addr()))
		if diff := cmp.Diff(c.want, printed(got.oack)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}

func TestBlocksFitIntoFrames(t *testing.T) {
	v4, v6 := server69.Addr(), netip.MustParseAddr("fe80::1")
	for _, c := range []struct {
		rule  string
		limit int
		mtu   int
		local netip.Addr
		want  int
	}{
		{"Ethernet and IPv4", 0, 1500, v4, 1468},
		{"Ethernet and IPv6", 0, 1500, v6, 1448},
		{"IPv4 in IPv6 clothes", 0, 1500, netip.MustParseAddr("::ffff:192.168.9.2"), 1468},
		{"a loopback", 0, 65536, v4, 65464},
		{"our own limit", 1024, 1500, v4, 1024},
		{"a link of nothing", 0, 20, v4, 1},
	} {
		cfg := Config{MaxBlock: c.limit}.filled()
		if got := cfg.maxBlock(c.mtu, c.local); got != c.want {
			t.Errorf("%s: %d, want %d", c.rule, got, c.want)
		}
	}
}
