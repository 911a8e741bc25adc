package leasefile

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/lease"
)

// file is as dnsmasq's lease_update_file writes it.
const file = `1764180000 52:54:00:12:34:56 192.168.9.100 pc1 01:52:54:00:12:34:56
0 52:54:00:12:34:57 192.168.9.101 * *
1764180001 06-00:11 192.168.9.102 * ff:00
1764180002 20- 192.168.9.103 * 00:aa
`

func TestALeaseFileIsReadAndWritten(t *testing.T) {
	got, err := Read(strings.NewReader(file + "duid 00:01:00:01\n1764180000 1 fd00::1 * 00:01\n"))
	if err != nil {
		t.Fatal(err)
	}
	mac := net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	want := lease.Lease{Addr: netip.MustParseAddr("192.168.9.100"), HWType: 1, MAC: mac, Name: "pc1", ClientID: append([]byte{1}, mac...), Expires: time.Unix(1764180000, 0)}
	if diff := cmp.Diff(want, got[0], cmpopts.EquateComparable(netip.Addr{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back := ""
	for _, l := range got {
		back += Line(l) + "\n"
	}
	if diff := cmp.Diff(file, back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNoLeaseFileIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"x":                                                  "line 1: 1 words, and a lease has 5: when it ends, MAC, address, name, client identifier",
		"\nx 52:54:00:12:34:56 10.0.0.1 * *":                 `line 2: "x" is no time in seconds of 1970`,
		"-1 52:54:00:12:34:56 10.0.0.1 * *":                  `line 1: "-1" is no time in seconds of 1970`,
		"1 52:54:0 10.0.0.1 * *":                             `line 1: "52:54:0" is no bytes such as 01:52:54`,
		"1 zz-52:54 10.0.0.1 * *":                            `line 1: "zz" is no type of hardware`,
		"1 52:54:00:12:34:56 fd00::1 * *":                    `line 1: "fd00::1" is no IPv4 address`,
		"1 52:54:00:12:34:56 10.0.0.1 * a":                   `line 1: "a" is no bytes such as 01:52:54`,
		"1 " + strings.Repeat("00:", 20) + "00 10.0.0.1 * *": `line 1: "` + strings.Repeat("00:", 20) + `00" is no hardware address`,
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file)
	f.Add("duid x")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, l := range all {
			again, err := Read(strings.NewReader(Line(l)))
			if err != nil || len(again) != 1 {
				t.Fatalf("%+v is written as %q: %v", l, Line(l), err)
			}
			if diff := cmp.Diff(l, again[0], cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		}
	})
}
