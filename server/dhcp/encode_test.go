package dhcp_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
)

func TestAPacketIsWrittenAsTheLibraryWritesIt(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 600)
	for name, p := range map[string]*dhcpv4.DHCPv4{
		"nothing but a header": {},
		"no options": {
			OpCode: dhcpv4.OpcodeBootReply, HWType: 1, HopCount: 2, TransactionID: dhcpv4.TransactionID{1, 2, 3, 4}, NumSeconds: 5, Flags: 0x8000,
			ClientIPAddr: ip(1), YourIPAddr: ip(2), ServerIPAddr: ip(3), GatewayIPAddr: ip(4), ClientHWAddr: []byte{1, 2, 3, 4, 5, 6},
			ServerHostName: "server", BootFileName: "file",
		},
		"names without end":       {ServerHostName: string(long[:64]), BootFileName: string(long[:128]), ClientHWAddr: long[:16]},
		"a relay's is last":       {Options: dhcpv4.Options{53: {2}, 82: {1, 1, 9}, 254: {1}, 97: long[:17], 60: []byte("PXEClient")}},
		"parts":                   {Options: dhcpv4.Options{43: long, 1: long[:255], 2: long[:256], 82: long[:510]}},
		"an empty one":            {Options: dhcpv4.Options{80: {}, 82: nil}},
		"padding and end are not": {Options: dhcpv4.Options{0: {1}, 255: {2}, 12: []byte("vm")}},
		"more than BOOTP's":       {Options: dhcpv4.Options{43: long[:59]}},
		"as much as BOOTP's":      {Options: dhcpv4.Options{43: long[:57]}},
	} {
		if diff := cmp.Diff(p.ToBytes(), dhcp.Encode(p)); diff != "" {
			t.Errorf("%s (-library +ours):\n%s", name, diff)
		}
	}
}

func ip(n byte) []byte { return []byte{192, 168, 9, n} }

// Whatever was read is read and written as by the library.
func FuzzEncode(f *testing.F) {
	addCaptured(f)
	f.Fuzz(func(t *testing.T, payload []byte) {
		ours, err := dhcp.Parse(payload)
		if err != nil {
			return
		}
		if diff := cmp.Diff(ours.ToBytes(), dhcp.Encode(ours)); diff != "" {
			t.Fatalf("written (-library +ours):\n%s", diff)
		}
		theirs, err := dhcpv4.FromBytes(ours.ToBytes())
		if err != nil || len(ours.Options[52]) > 0 { // what stands in the fields is options to us
			return
		}
		ours, err = dhcp.Parse(ours.ToBytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(theirs, ours, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("read (-library +ours):\n%s", diff)
		}
	})
}
