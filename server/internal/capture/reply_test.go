package capture

import (
	"bytes"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"
)

func TestFaultsOfReplies(t *testing.T) {
	asked := &dhcpv4.DHCPv4{
		OpCode: 1, HWType: 1, ClientHWAddr: net.HardwareAddr{2, 0, 0, 0, 0, 1}, TransactionID: [4]byte{1, 2, 3, 4},
		Options: dhcpv4.Options{53: {1}, 57: {2, 0x40}},
	}
	good := *asked
	good.OpCode, good.Options = dhcpv4.OpcodeBootReply, dhcpv4.Options{53: {2}, 54: {192, 168, 9, 2}}
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		want   []string
	}{
		"none":                       {func(b []byte) []byte { return b }, nil},
		"too short":                  {func(b []byte) []byte { return b[:299] }, []string{"299 bytes are too short"}},
		"no cookie":                  {func(b []byte) []byte { b[236] = 0; return b }, []string{"there is no cookie"}},
		"a question":                 {func(b []byte) []byte { b[0] = 1; return b }, []string{"it is no reply to the question"}},
		"another question's":         {func(b []byte) []byte { b[4] = 9; return b }, []string{"it is no reply to the question"}},
		"another client's":           {func(b []byte) []byte { b[28] = 9; return b }, []string{"it is for another client"}},
		"an option cut short":        {func(b []byte) []byte { b[241] = 255; return b }, []string{"the options: option 53 is cut short"}},
		"no end":                     {func(b []byte) []byte { return bytes.Replace(b, []byte{255}, []byte{0}, 1) }, []string{"the options: there is no end"}},
		"options behind the end":     {func(b []byte) []byte { b[299] = 1; return b }, []string{"the options: 01 behind the end"}},
		"a file's name too long":     {func(b []byte) []byte { copy(b[108:236], bytes.Repeat([]byte("x"), 128)); return b }, []string{"a name has no end"}},
		"a field of no options":      {func(b []byte) []byte { copy(b[240:], []byte{52, 1, 1, 255, 0, 0, 0, 0, 0, 0}); return b }, []string{"the options in the file's field: there is no end"}},
		"more than the client takes": {func(b []byte) []byte { return append(b, make([]byte, 249)...) }, []string{"549 bytes, it takes 548"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, untakable(asked, c.change(good.ToBytes()))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
