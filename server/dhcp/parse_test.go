package dhcp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/wire/pxe"
)

func TestParseTakesWhatROMsSend(t *testing.T) {
	const cookie = "\x63\x82\x53\x63"
	for name, c := range map[string]struct {
		sname, file, options string
		want                 dhcpv4.Options
	}{
		"options and their end":       {options: cookie + "\x35\x01\x01\x00\x00\x0c\x02vm\xff", want: dhcpv4.Options{53: {1}, 12: []byte("vm")}},
		"no end":                      {options: cookie + "\x35\x01\x01", want: dhcpv4.Options{53: {1}}},
		"an option cut short":         {options: cookie + "\x35\x01\x01\x0c\x09vm", want: dhcpv4.Options{53: {1}}},
		"an option without length":    {options: cookie + "\x35\x01\x01\x0c", want: dhcpv4.Options{53: {1}}},
		"an option of no bytes":       {options: cookie + "\x50\x00\xff", want: dhcpv4.Options{80: {}}},
		"an option in parts":          {options: cookie + "\x0c\x01v\x35\x01\x01\x0c\x01m\xff", want: dhcpv4.Options{53: {1}, 12: []byte("vm")}},
		"what stands behind the end":  {options: cookie + "\x35\x01\x01\xff\x0c\x02vm", want: dhcpv4.Options{53: {1}}},
		"options in the file's field": {file: "\x0c\x02vm\xff", options: cookie + "\x34\x01\x01\xff", want: dhcpv4.Options{52: {1}, 12: []byte("vm")}},
		"options in the name's field": {sname: "\x0c\x02vm", options: cookie + "\x34\x01\x02\xff", want: dhcpv4.Options{52: {2}, 12: []byte("vm")}},
		"options everywhere, in order": {sname: "\x0c\x01c", file: "\x0c\x01b", options: cookie + "\x34\x01\x03\x0c\x01a\xff",
			want: dhcpv4.Options{52: {3}, 12: []byte("abc")}},
		"a file's name is no option": {file: "\x0c\x02vm\xff", options: cookie + "\x35\x01\x01\xff", want: dhcpv4.Options{53: {1}}},
		"BOOTP from before RFC 1048": {options: "\x00\x00\x00\x00\x0c\x02vm", want: dhcpv4.Options{}},
		"BOOTP that says nothing":    {options: cookie, want: dhcpv4.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			b := make([]byte, 236, 512)
			b[0], b[1], b[2] = 1, 1, 6
			copy(b[44:], c.sname)
			copy(b[108:], c.file)
			got, err := dhcp.Parse(append(b, c.options...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Options); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			if overloaded := got.Options[52] != nil; overloaded && got.BootFileName+got.ServerHostName != "" {
				t.Errorf("options are taken for the names %q and %q", got.BootFileName, got.ServerHostName)
			}
		})
	}
}

func TestAPacketKeepsNothingOfItsPayload(t *testing.T) {
	payload := append(make([]byte, 236), "\x63\x82\x53\x63\x35\x01\x01\x0c\x02vm\xff"...)
	payload[0], payload[1], payload[2] = 1, 1, 6
	got, err := dhcp.Parse(payload)
	if err != nil {
		t.Fatal(err)
	}
	clear(payload)
	if diff := cmp.Diff(dhcpv4.Options{53: {1}, 12: []byte("vm")}, got.Options); diff != "" {
		t.Errorf("with its payload written over it has the options (-want +got):\n%s", diff)
	}
}

// addCaptured begins with what real machines and servers say.
func addCaptured(f *testing.F) {
	for _, name := range []string{"captures/A-control.pcap", "captures/B-control.pcap", "questions.pcap"} {
		for _, frame := range capture.ReadDHCP(f, "../../testdata/"+name) {
			f.Add(frame.Payload)
		}
	}
}

// The options that Parse takes of a packet are read the same again when they are written.
func FuzzParse(f *testing.F) {
	addCaptured(f)
	f.Fuzz(func(t *testing.T, payload []byte) {
		first, err := dhcp.Parse(payload)
		if err != nil {
			return
		}
		delete(first.Options, pxe.OptOverload) // written, the fields hold names again
		second, err := dhcp.Parse(first.ToBytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Options, second.Options, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}
