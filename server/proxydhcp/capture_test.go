package proxydhcp_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

const captures = "../../testdata/captures/"

// A frame is one DHCP packet of a capture.
type frame struct {
	number   int
	src, dst netip.AddrPort
	payload  []byte
}

// readDHCP reads the DHCP packets of a capture; their numbers are those that tshark shows.
func readDHCP(t testing.TB, name string) []frame {
	t.Helper()
	f, err := os.Open(captures + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var frames []frame
	for number := 1; ; number++ {
		data, _, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		packet := gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.Default)
		ip, _ := packet.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
		udp, _ := packet.Layer(layers.LayerTypeUDP).(*layers.UDP)
		if ip == nil || udp == nil {
			continue
		}
		if payload := udp.Payload; len(payload) > 240 && binary.BigEndian.Uint32(payload[236:]) == 0x63825363 {
			frames = append(frames, frame{number, addrPort(ip.SrcIP, udp.SrcPort), addrPort(ip.DstIP, udp.DstPort), payload})
		}
	}
}

func addrPort(ip []byte, port layers.UDPPort) netip.AddrPort {
	addr, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(addr.Unmap(), uint16(port))
}

// fields are all that a DHCP packet says, by name.
func fields(t testing.TB, payload []byte) map[string]string {
	t.Helper()
	p, err := dhcpv4.FromBytes(payload)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{
		"op": p.OpCode.String(), "htype": p.HWType.String(), "hops": fmt.Sprint(p.HopCount), "xid": p.TransactionID.String(),
		"secs": fmt.Sprint(p.NumSeconds), "flags": fmt.Sprintf("%#04x", p.Flags),
		"ciaddr": p.ClientIPAddr.String(), "yiaddr": p.YourIPAddr.String(), "siaddr": p.ServerIPAddr.String(),
		"giaddr": p.GatewayIPAddr.String(), "chaddr": p.ClientHWAddr.String(), "sname": p.ServerHostName, "file": p.BootFileName,
		"size": fmt.Sprint(len(payload)),
	}
	for code, value := range p.Options {
		said[fmt.Sprintf("option %d", code)] = fmt.Sprintf("%x", value)
	}
	return said
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

func eth0() proxydhcp.Link {
	return proxydhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}
}

func request(t testing.TB, f frame) proxydhcp.Request {
	t.Helper()
	p, err := dhcpv4.FromBytes(f.payload)
	if err != nil {
		t.Fatal(err)
	}
	return proxydhcp.Request{Link: eth0(), Port: f.dst.Port(), Src: f.src, Packet: p}
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
			at := func(number int) frame {
				i := slices.IndexFunc(frames, func(f frame) bool { return f.number == number })
				if i < 0 {
					t.Fatalf("frame %d is no DHCP packet", number)
				}
				return frames[i]
			}
			d := proxydhcp.Decide(c.conf, request(t, at(c.asked)))
			if len(d.Replies) != 1 {
				t.Fatalf("%d answers: %s", len(d.Replies), d.Reason)
			}
			if diff := cmp.Diff(at(c.answer).dst.String(), d.Replies[0].Dst.String()); diff != "" {
				t.Errorf("sent to (-dnsmasq +bootrig):\n%s", diff)
			}
			if diff := cmp.Diff(at(c.answer).src.String(), d.Replies[0].Src.String()); diff != "" {
				t.Errorf("sent from (-dnsmasq +bootrig):\n%s", diff)
			}
			theirs, ours := fields(t, at(c.answer).payload), fields(t, d.Replies[0].Packet)
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
			if len(d.Replies) > 0 {
				got = append(got, f.number)
			}
			if d.Rule == "" || d.Reason == "" {
				t.Errorf("%s frame %d: the decision has no rule or no reason: %+v", name, f.number, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: frames answered (-want +got):\n%s", name, diff)
		}
	}
}
