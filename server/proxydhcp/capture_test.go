package proxydhcp_test

import (
	"net/netip"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

const captures = "../../testdata/captures/"

func readDHCP(t testing.TB, name string) []capture.Frame {
	t.Helper()
	return capture.ReadDHCP(t, captures+name)
}

func fields(t testing.TB, payload []byte) map[string]string {
	t.Helper()
	return capture.Fields(t, payload)
}

func load(t testing.TB, conf string) *proxydhcp.Config {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	return &cfg.DHCP
}

func note(t testing.TB) *proxydhcp.Config {
	t.Helper()
	conf, err := os.ReadFile("../../testdata/dnsmasq/note.conf")
	if err != nil {
		t.Fatal(err)
	}
	return load(t, string(conf))
}

func eth0() dhcp.Link {
	return dhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}
}

func request(t testing.TB, f capture.Frame) dhcp.Request {
	t.Helper()
	p, err := dhcpv4.FromBytes(f.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return dhcp.Request{Link: eth0(), Port: f.Dst.Port(), Src: f.Src, Packet: p}
}

// What the real dnsmasq answered the real ROMs, compared field by field with what we answer.
func TestAnswersAreThoseOfTheCapturedDnsmasq(t *testing.T) {
	uefi := "dhcp-range=192.168.9.0,proxy\npxe-service=x86-64_EFI,Boot,debian-installer/amd64/bootnetx64.efi\nenable-tftp\ntftp-root=/tftpboot\n"
	for name, c := range map[string]struct {
		capture       string
		conf          *proxydhcp.Config
		asked, answer int
		differs       map[string]string // field: ID of the intended difference
	}{
		"iPXE's DISCOVER gets the founding note's menu":         {"A-control.pcap", note(t), 1, 2, map[string]string{"siaddr": "siaddr"}},
		"iPXE's second DISCOVER gets it again":                  {"A-control.pcap", note(t), 5, 6, map[string]string{"siaddr": "siaddr"}},
		"iPXE's boot item gets its file":                        {"A-control.pcap", note(t), 17, 18, nil},
		"the DISCOVER of another machine, for Xen":              {"C-control.pcap", note(t), 1, 2, map[string]string{"siaddr": "siaddr"}},
		"the boot item of another machine, for Xen":             {"C-control.pcap", note(t), 17, 18, nil},
		"OVMF's DISCOVER is sent to port 4011":                  {"B-control.pcap", load(t, uefi), 1, 2, nil},
		"OVMF's request on port 4011 gets file and server name": {"B-control.pcap", load(t, uefi), 11, 12, nil},
	} {
		t.Run(name, func(t *testing.T) {
			frames := readDHCP(t, c.capture)
			at := func(number int) capture.Frame {
				i := slices.IndexFunc(frames, func(f capture.Frame) bool { return f.Number == number })
				if i < 0 {
					t.Fatalf("frame %d is no DHCP packet", number)
				}
				return frames[i]
			}
			d := proxydhcp.Decide(c.conf, request(t, at(c.asked)))
			if d.Reply == nil {
				t.Fatalf("no answer: %s", d.Reason)
			}
			if diff := cmp.Diff(at(c.answer).Dst.String(), d.Reply.Dst.String()); diff != "" {
				t.Errorf("sent to (-dnsmasq +bootrig):\n%s", diff)
			}
			if diff := cmp.Diff(at(c.answer).Src.String(), d.Reply.Src.String()); diff != "" {
				t.Errorf("sent from (-dnsmasq +bootrig):\n%s", diff)
			}
			theirs, ours := fields(t, at(c.answer).Payload), fields(t, d.Reply.Payload)
			for field, id := range c.differs {
				if !slices.ContainsFunc(dnsmasq.Differences(), func(d dnsmasq.Difference) bool { return d.ID == id }) {
					t.Errorf("%q is no intended difference", id)
				}
				if theirs[field] == ours[field] {
					t.Errorf("%s does not differ: both say %s", field, ours[field])
				}
				delete(theirs, field)
				delete(ours, field)
			}
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Errorf("answer to frame %d (-dnsmasq +bootrig):\n%s", c.asked, diff)
			}
		})
	}
}

// Every other packet of the captures gets silence: leases are between the client and its DHCP server.
func TestNothingElseInTheCapturesIsAnswered(t *testing.T) {
	answered := map[string][]int{"A-control.pcap": {1, 5, 17}, "C-control.pcap": {1, 5, 17}, "B-control.pcap": {1, 11}}
	for name, want := range answered {
		var got []int
		for _, f := range readDHCP(t, name) {
			d := proxydhcp.Decide(note(t), request(t, f))
			if d.Reply != nil {
				got = append(got, f.Number)
			}
			if d.Rule == "" || d.Reason == "" {
				t.Errorf("%s frame %d: the decision has no rule or no reason: %+v", name, f.Number, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: frames answered (-want +got):\n%s", name, diff)
		}
	}
}
