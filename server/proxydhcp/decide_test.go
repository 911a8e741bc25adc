package proxydhcp_test

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A question is what differs from a BIOS machine's DISCOVER on port 67.
type question struct {
	kind    dhcpv4.MessageType // zero: DISCOVER
	port    uint16             // zero: 67
	src     string             // "": 0.0.0.0:68
	ciaddr  string
	giaddr  string
	class   string // "": PXEClient with the architecture; "-": none
	arch    int    // -1: no option 93
	flags   uint16
	size    uint16 // option 57
	item    string // option 43 in hex
	op      dhcpv4.OpcodeType
	options map[uint8][]byte
}

func (q question) request() dhcp.Request {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, TransactionID: dhcpv4.TransactionID{1, 2, 3, 4}, Flags: q.flags,
		ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, ClientIPAddr: ip(q.ciaddr), GatewayIPAddr: ip(q.giaddr),
		YourIPAddr: ip(""), ServerIPAddr: ip(""), Options: dhcpv4.Options{},
	}
	if q.op != 0 {
		p.OpCode = q.op
	}
	if q.kind == 0 {
		q.kind = dhcpv4.MessageTypeDiscover
	}
	p.Options[pxe.OptMessageType] = []byte{byte(q.kind)}
	if q.arch >= 0 {
		p.Options[pxe.OptClientArch] = []byte{byte(q.arch >> 8), byte(q.arch)}
	}
	switch q.class {
	case "":
		p.Options[pxe.OptVendorClass] = fmt.Appendf(nil, "PXEClient:Arch:%05d:UNDI:002001", max(q.arch, 0))
	case "-":
	default:
		p.Options[pxe.OptVendorClass] = []byte(q.class)
	}
	if q.size > 0 {
		p.Options[pxe.OptMaxMessageSize] = []byte{byte(q.size >> 8), byte(q.size)}
	}
	if b, _ := hex.DecodeString(q.item); len(b) > 0 {
		p.Options[pxe.OptVendorSpecific] = b
	}
	for code, value := range q.options {
		p.Options[code] = value
	}
	src := netip.MustParseAddrPort("0.0.0.0:68")
	if q.src != "" {
		src = netip.MustParseAddrPort(q.src)
	}
	if q.port == 0 {
		q.port = 67
	}
	return dhcp.Request{Link: eth0(), Port: q.port, Src: src, Packet: p}
}

func ip(s string) net.IP {
	if s == "" {
		return net.IPv4zero.To4()
	}
	return net.ParseIP(s).To4()
}

// told is a decision in one line: what changes from answer to answer, or the reason for silence.
func told(t testing.TB, d dhcp.Decision) string {
	t.Helper()
	if d.Reply == nil {
		return fmt.Sprintf("silence: %s [%s]", d.Reason, d.Rule)
	}
	r := d.Reply
	said := fields(t, r.Payload)
	line := fmt.Sprintf("%s>%s siaddr=%s file=%s 43=%s [%s]", r.Src, r.Dst, said["siaddr"], said["file"], said["option 43"], d.Rule)
	for _, field := range []string{"yiaddr", "ciaddr", "sname"} {
		if v := said[field]; v != "" && v != "0.0.0.0" {
			line += " " + field + "=" + v
		}
	}
	return line
}

const (
	network = "dhcp-range=192.168.9.0,proxy\n"
	item0   = "470480000000ff" // type 32768, layer 0
	// What a menu of one item says before its servers and texts: no discovery, take the first item now.
	one  = "0601030a0400505845"
	more = "0601030a04ff505845"
)

func TestDecide(t *testing.T) {
	const everyone = "192.168.9.2:67>255.255.255.255:68"
	noteLines := network + "dhcp-boot=pxelinux.0\npxe-service=x86PC,Boot,pxelinux\n"
	two := network + "pxe-service=x86PC,One,one\npxe-service=x86PC,Disk\n"
	for name, c := range map[string]struct {
		conf string
		question
		want string
	}{
		"the note's menu": {noteLines, question{},
			everyone + " siaddr=192.168.9.2 file=pxelinux.0 43=" + one + "0807800001c0a80902" + "09078000" + "04426f6f74" + "ff [dnsmasq.conf:3]"},
		"a UEFI machine without a service gets the untagged boot file and no menu": {noteLines, question{arch: 7},
			everyone + " siaddr=192.168.9.2 file=pxelinux.0 43= [dnsmasq.conf:2]"},
		"and on port 4011 that there is no menu": {noteLines,
			question{arch: 7, kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"},
			"192.168.9.2:4011>192.168.9.50:4011 siaddr=192.168.9.2 file=pxelinux.0 43=0601080a0400505845ff [dnsmasq.conf:2] ciaddr=192.168.9.50"},
		"dhcp-boot alone is answered, unlike by dnsmasq": {network + "dhcp-boot=a.0\n", question{},
			everyone + " siaddr=192.168.9.2 file=a.0 43=0601080a0400505845ff [dnsmasq.conf:2]"},
		"the last dhcp-boot wins": {network + "dhcp-boot=a.0,,192.168.9.9\ndhcp-boot=b.0,srv,192.168.9.8\npxe-service=PC98,x,y\n", question{},
			everyone + " siaddr=192.168.9.8 file=b.0 43=0601080a0400505845ff [dnsmasq.conf:3]"},
		"a menu with local boot has a server for the other item only, and waits for a key": {two, question{},
			everyone + " siaddr=192.168.9.2 file= 43=" + more + "0807800001c0a80902" + "090d8000034f6e65" + "0000044469736b" + "ff [dnsmasq.conf:2]"},
		"a numbered type without a server may be looked for by broadcast": {network + "pxe-service=x86PC,RIS,1\n", question{},
			everyone + " siaddr=192.168.9.2 file= 43=0601020a0400505845" + "0906000103524953" + "ff [dnsmasq.conf:2]"},
		"a numbered type with a server names it": {network + "pxe-service=x86PC,RIS,1,192.168.9.7\n", question{},
			everyone + " siaddr=192.168.9.2 file= 43=" + one + "0807000101c0a80907" + "0906000103524953" + "ff [dnsmasq.conf:2]"},
		"a prompt of one's own stands last": {two + "pxe-prompt=Hi,9\n", question{},
			everyone + " siaddr=192.168.9.2 file= 43=060103" + "0807800001c0a80902" + "090d8000034f6e65" + "0000044469736b" + "0a03094869" + "ff [dnsmasq.conf:2]"},
		"two UEFI services show their menu on port 4011 only": {network + "pxe-service=x86-64_EFI,A,a.efi\npxe-service=x86-64_EFI,B,b.efi\ndhcp-boot=c.efi\n", question{arch: 7},
			everyone + " siaddr=192.168.9.2 file=c.efi 43= [dnsmasq.conf:2]"},
		"the only UEFI service and its server": {network + "pxe-service=x86-64_EFI,A,a,192.168.9.8\n",
			question{arch: 7, kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"},
			"192.168.9.2:4011>192.168.9.50:4011 siaddr=192.168.9.8 file=a.0 43= [dnsmasq.conf:2] ciaddr=192.168.9.50 sname=192.168.9.8"},
		"the only UEFI service and its server, by name": {network + "pxe-service=x86-64_EFI,A,a,box\nhost-record=box,192.168.9.8\n",
			question{arch: 7, kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"},
			"192.168.9.2:4011>192.168.9.50:4011 siaddr=192.168.9.8 file=a.0 43= [dnsmasq.conf:2] ciaddr=192.168.9.50 sname=box"},
		"HTTP boot when it is configured": {network + "dhcp-boot=http://192.168.9.2/x.efi\ndhcp-pxe-vendor=PXEClient,HTTPClient\n", question{class: "HTTPClient:Arch:00016:UNDI:003000", arch: 16},
			everyone + " siaddr=192.168.9.2 file=http://192.168.9.2/x.efi 43= [dnsmasq.conf:2]"},
		"a relayed DISCOVER goes back to the relay": {"dhcp-range=10.0.7.0,proxy,255.255.255.0\ndhcp-boot=a.0\n", question{giaddr: "10.0.7.1"},
			"192.168.9.2:67>10.0.7.1:67 siaddr=192.168.9.2 file=a.0 43=0601080a0400505845ff [dnsmasq.conf:2]"},

		"a boot item on port 4011": {noteLines,
			question{kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:68", ciaddr: "192.168.9.50", class: "PXEClient", item: item0},
			"192.168.9.2:4011>192.168.9.50:68 siaddr=192.168.9.2 file=pxelinux.0 43=470480000000ff [dnsmasq.conf:3] yiaddr=192.168.9.50"},
		"a boot item by broadcast to port 67": {noteLines,
			question{kind: dhcpv4.MessageTypeRequest, src: "192.168.9.50:68", ciaddr: "192.168.9.50", class: "PXEClient", item: item0},
			"192.168.9.2:67>192.168.9.50:68 siaddr=192.168.9.2 file=pxelinux.0 43=470480000000ff [dnsmasq.conf:3] yiaddr=192.168.9.50"},
		"a boot item in an INFORM, in a layer of its own, without an architecture": {noteLines,
			question{kind: dhcpv4.MessageTypeInform, port: 4011, src: "192.168.9.50:68", ciaddr: "192.168.9.50", arch: -1, item: "470480000003ff"},
			"192.168.9.2:4011>192.168.9.50:68 siaddr=192.168.9.2 file=pxelinux.3 43=470480000003ff [dnsmasq.conf:3] yiaddr=192.168.9.50"},

		"silence for an architecture without anything to boot": {network + "pxe-service=x86-64_EFI,A,a.efi\n", question{},
			"silence: no boot file and no menu for architecture x86PC (0) [dnsmasq.conf:1]"},
		"silence for HTTP boot that is not configured": {noteLines, question{class: "HTTPClient:Arch:00016:UNDI:003000", arch: 16},
			"silence: UEFI HTTP boot is not configured: no boot file is for such clients [built-in]"},
		"U-Boot, which can be let in": {noteLines, question{class: "U-Boot.armv8", arch: -1},
			`silence: vendor class "U-Boot.armv8": not a PXE client, but dhcp-pxe-vendor=PXEClient,U-Boot lets it in (vendors in a bootrig.yaml) [built-in]`},
		"silence for a laptop": {noteLines, question{class: "MSFT 5.0", arch: -1},
			`silence: vendor class "MSFT 5.0": not a PXE client [built-in]`},
		"silence for a client that says nothing of itself": {noteLines, question{class: "-", arch: -1},
			"silence: no vendor class (option 60): not a netboot client [built-in]"},
		"silence without an architecture": {noteLines, question{class: "PXEClient", arch: -1},
			"silence: no client architecture (option 93) [built-in]"},
		"silence for the lease": {noteLines, question{kind: dhcpv4.MessageTypeRequest},
			"silence: a DHCPREQUEST on port 67 is for the DHCP server that gives the address [built-in]"},
		"silence for a RELEASE": {noteLines, question{kind: dhcpv4.MessageTypeRelease},
			"silence: RELEASE is not for a proxy [built-in]"},
		"silence for an INFORM without a boot item": {noteLines, question{kind: dhcpv4.MessageTypeInform, port: 4011},
			"silence: INFORM is not for a proxy [built-in]"},
		"silence for an answer of another server": {noteLines, question{op: dhcpv4.OpcodeBootReply},
			"silence: an answer of another server [built-in]"},
		"silence on another network": {"dhcp-range=10.0.0.0,proxy\ndhcp-boot=a.0\n", question{},
			"silence: no dhcp-range for eth0 192.168.9.2/24 [dnsmasq.conf:1]"},
		"silence for a relay of another network": {noteLines, question{giaddr: "10.0.7.1"},
			"silence: no dhcp-range for relay 10.0.7.1 [dnsmasq.conf:1]"},
		"silence for an unknown boot item": {noteLines, question{kind: dhcpv4.MessageTypeRequest, port: 4011, ciaddr: "192.168.9.50", item: "470480010000ff"},
			"silence: boot item 32769.0 is not in any menu [built-in]"},
		"silence for another server's boot item": {network + "pxe-service=x86PC,RIS,1,192.168.9.7\n", question{kind: dhcpv4.MessageTypeRequest, port: 4011, ciaddr: "192.168.9.50", item: "470400010000ff"},
			"silence: boot item 1.0 is another boot server's [dnsmasq.conf:2]"},
		"silence for credentials": {noteLines, question{kind: dhcpv4.MessageTypeRequest, port: 4011, ciaddr: "192.168.9.50", item: "470480008000ff"},
			"silence: boot item 32768.32768 with credentials: signed boot files (BIS) are not supported [built-in]"},
		"silence for a boot item from a strange address": {noteLines, question{kind: dhcpv4.MessageTypeRequest, port: 4011, ciaddr: "10.9.9.9", item: item0},
			"silence: no dhcp-range holds the client's address 10.9.9.9 [dnsmasq.conf:3]"},
	} {
		t.Run(name, func(t *testing.T) {
			got := told(t, proxydhcp.Decide(load(t, c.conf), c.request()))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryAnswerHasWhatFirmwareInsistsOn(t *testing.T) {
	cfg := load(t, network+"dhcp-boot=a.0\npxe-service=x86PC,Boot,pxelinux\npxe-service=x86-64_EFI,Boot,b.efi\n")
	machine := append([]byte{0}, make([]byte, 16)...) // OVMF's id is all zero (capture B)
	for name, q := range map[string]question{
		"a BIOS DISCOVER": {}, "a UEFI DISCOVER": {arch: 7},
		"a BIOS request on 4011 without an address": {kind: dhcpv4.MessageTypeRequest, port: 4011, src: "0.0.0.0:68"},
		"a UEFI request on 4011":                    {arch: 7, kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"},
		"a boot item":                               {kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:68", ciaddr: "192.168.9.50", item: item0},
	} {
		t.Run(name, func(t *testing.T) {
			q.options = map[uint8][]byte{pxe.OptMachineID: machine}
			d := proxydhcp.Decide(cfg, q.request())
			if d.Reply == nil {
				t.Fatal(d.Reason)
			}
			got := fields(t, d.Reply.Payload)
			want := map[string]string{
				"siaddr": "192.168.9.2", "option 54": "c0a80902", "option 60": hex.EncodeToString([]byte("PXEClient")),
				"option 97": hex.EncodeToString(machine), "xid": "0x01020304", "chaddr": "52:54:00:12:34:56",
			}
			for field, value := range want {
				if got[field] != value {
					t.Errorf("%s is %q, want %q", field, got[field], value)
				}
			}
			if n := len(d.Reply.Payload); n < 300 || n > 548 {
				t.Errorf("the answer has %d bytes", n)
			}
			if addressed := q.ciaddr != ""; addressed == (got["flags"] == "0x8000") {
				t.Errorf("flags are %s", got["flags"])
			}
		})
	}
}

func TestALongMenuIsCutToOneOption(t *testing.T) {
	conf := network
	for range 20 {
		conf += "pxe-service=x86PC," + strings.Repeat("m", 30) + ",a.0\n"
	}
	d := proxydhcp.Decide(load(t, conf), question{}.request())
	if d.Reason != "a menu of 6 (of 20: more do not fit option 43)" {
		t.Errorf("the reason is %q", d.Reason)
	}
	option, err := hex.DecodeString(fields(t, d.Reply.Payload)["option 43"])
	if err != nil || len(option) > 255 {
		t.Fatalf("option 43 has %d bytes: %v", len(option), err)
	}
	subs, err := pxe.ParseSubOptions(option)
	if err != nil {
		t.Fatal(err)
	}
	items, _ := subs.Get(pxe.SubBootMenu)
	menu, err := pxe.ParseMenu(items)
	if err != nil || len(menu) != 6 {
		t.Errorf("the menu has %d items: %v", len(menu), err)
	}
}

func TestRelayOptionComesBackLast(t *testing.T) {
	cfg := load(t, "dhcp-range=10.0.7.0,proxy,255.255.255.0\ndhcp-boot=a.0\n")
	q := question{giaddr: "10.0.7.1", options: map[uint8][]byte{pxe.OptRelayAgent: {1, 2, 'a', 'b'}}}
	packet := proxydhcp.Decide(cfg, q.request()).Reply.Payload
	if !strings.HasSuffix(strings.TrimRight(string(packet), "\x00"), "\x52\x04\x01\x02ab\xff") {
		t.Errorf("option 82 is not the last: % x", packet)
	}
}

// A client that says nothing takes a packet of 576 bytes (RFC 2132 section 9.10), which is 548 of DHCP.
func TestAnAnswerIsNotLongerThanTheClientTakes(t *testing.T) {
	long := strings.Repeat("x", 200)
	cfg := &proxydhcp.Config{
		Networks:   []dhcp.Network{{Addr: netip.MustParseAddr("192.168.9.0"), Rule: "range"}},
		Boot:       []proxydhcp.Boot{{File: "a.0", Rule: "boot"}},
		Vendors:    []string{long},
		SubOptions: []proxydhcp.SubOption{{SubOption: pxe.SubOption{Code: 128, Value: []byte(long)}}},
	}
	for size, answered := range map[uint16]bool{0: false, 576: false, 1472: true} {
		d := proxydhcp.Decide(cfg, question{class: long, size: size}.request())
		if d.Reply != nil != answered || !answered && d.Rule != "boot" {
			t.Errorf("with option 57 = %d: %s", size, told(t, d))
		}
	}
}
