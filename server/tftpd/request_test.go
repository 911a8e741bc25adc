package tftpd

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequestsReadBackAsWritten(t *testing.T) {
	for _, c := range []struct {
		rule, packet string
		want         Request
	}{
		{"iPXE", "\x00\x01pxelinux.0\x00octet\x00blksize\x001432\x00tsize\x000\x00",
			Request{"pxelinux.0", "octet", []Option{{"blksize", "1432"}, {"tsize", "0"}}}},
		{"EDK2 looks for the size", "\x00\x01shimx64.efi\x00octet\x00tsize\x000\x00blksize\x001468\x00windowsize\x004\x00",
			Request{"shimx64.efi", "octet", []Option{{"tsize", "0"}, {"blksize", "1468"}, {"windowsize", "4"}}}},
		{"pxelinux", "\x00\x01pxelinux.cfg/C0A80964\x00octet\x00tsize\x000\x00blksize\x001408\x00",
			Request{"pxelinux.cfg/C0A80964", "octet", []Option{{"tsize", "0"}, {"blksize", "1408"}}}},
		{"an option without a value", "\x00\x01f\x00octet\x00multicast\x00\x00tsize\x000\x00",
			Request{"f", "octet", []Option{{"multicast", ""}, {"tsize", "0"}}}},
		{"no options, odd bytes in the name", "\x00\x01a b\xff\x00NetASCII\x00", Request{"a b\xff", "NetASCII", nil}},
	} {
		got, err := ParseRequest([]byte(c.packet))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", c.rule, err, diff)
		}
		if diff := cmp.Diff(c.packet, string(c.want.Append(nil))); diff != "" {
			t.Errorf("%s is written otherwise (-want +got):\n%s", c.rule, diff)
		}
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	for rule, packet := range map[string]string{
		"nothing":                     "",
		"an opcode alone":             "\x00\x01",
		"a write request":             "\x00\x02f\x00octet\x00",
		"a name without an end":       "\x00\x01f",
		"a mode without an end":       "\x00\x01f\x00octet",
		"an option without an end":    "\x00\x01f\x00octet\x00blksize\x00512",
		"no name":                     "\x00\x01\x00octet\x00",
		"no mode":                     "\x00\x01f\x00",
		"the mode of RFC 783, no use": "\x00\x01f\x00mail\x00",
	} {
		if r, err := ParseRequest([]byte(packet)); err == nil {
			t.Errorf("%s: %q was read as %+v", rule, packet, r)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte("\x00\x01f\x00octet\x00blksize\x001432\x00tsize\x000\x00"))
	f.Add([]byte("\x00\x01f\x00octet\x00multicast\x00\x00tsize\x000\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x02f\x00octet\x00"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := ParseRequest(packet)
		if err != nil {
			return
		}
		again, err := ParseRequest(r.Append(nil))
		if err != nil {
			t.Fatalf("%+v cannot be read back: %v", r, err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Fatalf("(-first +again):\n%s", diff)
		}
	})
}
