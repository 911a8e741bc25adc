package proxydhcp_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// What no dnsmasq.conf can say: these configurations are written as values.
func TestDecideBeyondDnsmasq(t *testing.T) {
	const (
		everyone = "192.168.9.2:67>255.255.255.255:68 siaddr=192.168.9.2 "
		on4011   = "192.168.9.2:4011>192.168.9.50:4011 siaddr=192.168.9.2 "
		local    = "43=0601030a0400505845090d00000a4c6f63616c20626f6f74ff "
		noMenu   = "43=0601080a0400505845ff "
	)
	ask := func(arch int) question {
		return question{arch: arch, kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"}
	}
	service := func(file string, kind uint16) proxydhcp.Service {
		return proxydhcp.Service{Arch: pxe.ArchX64, Text: file[:1], Type: kind, File: file, Rule: "menu"}
	}
	one := []proxydhcp.Service{service("a.efi", pxe.TypeFirstPrivate)}
	file := []proxydhcp.Boot{{File: "x.0", Rule: "boot"}}
	form := func(f proxydhcp.Form, archs ...pxe.Arch) []proxydhcp.Offer {
		return []proxydhcp.Offer{{Form: f, Archs: archs, Rule: "offer"}}
	}
	chain := []proxydhcp.Boot{{File: "undionly.kpxe", Script: "http://192.168.9.2/x.ipxe", Features: []pxe.Feature{pxe.FeatureHTTP}, Rule: "boot"}}
	ipxe := func(encapsulated ...byte) question {
		return question{options: map[uint8][]byte{pxe.OptUserClass: []byte("iPXE"), pxe.OptIPXE: encapsulated}}
	}
	ours := []proxydhcp.Boot{
		{File: "ipxe.efi", Script: "http://{server}:8080/menu.ipxe", Archs: []pxe.Arch{pxe.ArchX64}, Rule: "boot"},
		{File: "{server}/x.0", Archs: []pxe.Arch{pxe.ArchX86BIOS}, Rule: "name"},
	}
	disk := []proxydhcp.Boot{{Local: true, Tags: policy.Wants{"!known"}, Rule: "disk"}}
	uri := []proxydhcp.Boot{
		{File: "http://192.168.9.2/x.efi", Archs: []pxe.Arch{pxe.ArchX64HTTP}, Rule: "http"},
		{File: "pxelinux.0", Rule: "boot"},
	}
	for name, c := range map[string]struct {
		cfg proxydhcp.Config
		question
		want string
	}{
		"direct: the one UEFI service in the OFFER, and 43 says not to ask on (captures F1, F2)": {
			proxydhcp.Config{Services: one, Offers: form(proxydhcp.Direct)}, question{arch: 7},
			everyone + "file=a.efi " + noMenu + "[menu] sname=192.168.9.2"},
		"direct: the boot file of a UEFI machine": {
			proxydhcp.Config{Boot: file, Offers: form(proxydhcp.Direct, pxe.ArchX64)}, question{arch: 7},
			everyone + "file=x.0 " + noMenu + "[boot]"},
		"direct: a UEFI menu in the OFFER": {
			proxydhcp.Config{Services: append(one, service("b.efi", pxe.TypeFirstPrivate+1)), Offers: form(proxydhcp.Direct)}, question{arch: 7},
			everyone + "file= 43=" + more + "080e800001c0a80902800101c0a80902" + "09088000016180010162" + "ff [menu]"},
		"in a URI {server} is our address": {
			proxydhcp.Config{Boot: ours}, question{arch: 7, options: map[uint8][]byte{pxe.OptUserClass: []byte("iPXE")}},
			everyone + "file=http://192.168.9.2:8080/menu.ipxe 43= [boot]"},
		"and in the name of a file nothing but a name": {
			proxydhcp.Config{Boot: ours}, question{},
			everyone + "file={server}/x.0 " + noMenu + "[name]"},
		"direct: port 4011 is answered all the same": {
			proxydhcp.Config{Services: one, Offers: form(proxydhcp.Direct)}, ask(7),
			on4011 + "file=a.efi " + noMenu + "[menu] ciaddr=192.168.9.50 sname=192.168.9.2"},
		"redirect: an OFFER without file and option 43": {
			proxydhcp.Config{Boot: file, Offers: form(proxydhcp.Redirect)}, question{arch: 7},
			everyone + "file= 43= [offer]"},
		"redirect: for a BIOS machine too, if that is wanted": {
			proxydhcp.Config{Boot: file, Offers: form(proxydhcp.Redirect, pxe.ArchX86BIOS)}, question{},
			everyone + "file= 43= [offer]"},
		"redirect: all is on port 4011": {
			proxydhcp.Config{Boot: file, Offers: form(proxydhcp.Redirect)}, ask(7),
			on4011 + "file=x.0 " + noMenu + "[boot] ciaddr=192.168.9.50"},
		"a form for other architectures changes nothing": {
			proxydhcp.Config{Boot: file, Offers: form(proxydhcp.Redirect, pxe.ArchARM64)}, question{arch: 7},
			everyone + "file=x.0 43= [boot]"},
		"a form for a machine": {
			proxydhcp.Config{
				Boot:   file,
				Policy: policy.Policy{Hosts: []policy.Host{{MACs: []policy.Pattern{mac(t, "52:54:00:12:34:56")}, Sets: []string{"odd"}, Rule: "host"}}},
				Offers: []proxydhcp.Offer{{Form: proxydhcp.Redirect, Tags: policy.Wants{"odd"}, Rule: "odd"}, {Form: proxydhcp.Direct, Rule: "offer"}},
			}, question{arch: 7},
			everyone + "file= 43= [odd]"},

		"a chain: the ROM loads iPXE":                       {proxydhcp.Config{Boot: chain}, question{}, everyone + "file=undionly.kpxe " + noMenu + "[boot]"},
		"a chain: iPXE gets its script":                     {proxydhcp.Config{Boot: chain}, ipxe(0x13, 1, 1), everyone + "file=http://192.168.9.2/x.ipxe " + noMenu + "[boot]"},
		"a chain: an iPXE without HTTP loads the other one": {proxydhcp.Config{Boot: chain}, ipxe(0x15, 1, 1), everyone + "file=undionly.kpxe " + noMenu + "[boot]"},
		"HTTP boot: the URI for its architecture":           {proxydhcp.Config{Boot: uri}, question{class: "HTTPClient:Arch:00016:UNDI:003000", arch: 16}, everyone + "file=http://192.168.9.2/x.efi 43= [http]"},
		"HTTP boot: PXE machines get their file":            {proxydhcp.Config{Boot: uri}, question{}, everyone + "file=pxelinux.0 " + noMenu + "[boot]"},
		"HTTP boot: no name for TFTP for other architectures": {proxydhcp.Config{Boot: uri}, question{class: "HTTPClient:Arch:00019:UNDI:003000", arch: 19},
			"silence: no boot file and no menu for architecture ARM64_HTTP (19) [range]"},

		"local boot: the disk is all there is in the menu":   {proxydhcp.Config{Boot: disk, Services: one}, question{}, everyone + "file= " + local + "[disk]"},
		"local boot: UEFI machines hear it in the OFFER":     {proxydhcp.Config{Boot: disk, Services: one}, question{arch: 7}, everyone + "file= " + local + "[disk]"},
		"local boot: and again on port 4011":                 {proxydhcp.Config{Boot: disk}, ask(7), on4011 + "file= " + local + "[disk] ciaddr=192.168.9.50"},
		"local boot: or only there, where the OFFER says so": {proxydhcp.Config{Boot: disk, Offers: form(proxydhcp.Redirect)}, question{arch: 7}, everyone + "file= 43= [offer]"},
		"local boot: HTTP boot is sent where nothing is": {proxydhcp.Config{Boot: append(uri, disk...)}, question{class: "HTTPClient:Arch:00016:UNDI:003000", arch: 16},
			everyone + "file=http://192.168.9.2/local-boot 43= [disk]"},
		"local boot: not for those who have another tag": {proxydhcp.Config{Boot: append(uri, proxydhcp.Boot{Local: true, Tags: policy.Wants{"lab"}, Rule: "disk"})}, question{}, everyone + "file=pxelinux.0 " + noMenu + "[boot]"},
	} {
		t.Run(name, func(t *testing.T) {
			c.cfg.Networks = []dhcp.Network{{Addr: netip.MustParseAddr("192.168.9.0"), Rule: "range"}}
			if mistakes := c.cfg.Check(); len(mistakes) > 0 {
				t.Fatal(mistakes)
			}
			if diff := cmp.Diff(c.want, told(t, proxydhcp.Decide(&c.cfg, c.request()))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func mac(t *testing.T, text string) policy.Pattern {
	t.Helper()
	p, err := policy.ParsePattern(text, false)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestARaspberryPiIsToldThatTheAnswerIsForIt(t *testing.T) {
	const text = "09140000115261737062657272792050692042" + "6f6f74"
	for name, c := range map[string]struct {
		conf, mac string
		arch      int
		want      string
	}{
		"without a menu":              {"dhcp-boot=x\n", "dc:a6:32:01:02:03", 0, "0601080a0400505845" + text + "ff"},
		"one of 2024":                 {"dhcp-boot=x\n", "2c:cf:67:01:02:03", 0, "0601080a0400505845" + text + "ff"},
		"one of 2025":                 {"dhcp-boot=x\n", "88:a2:9e:01:02:03", 0, "0601080a0400505845" + text + "ff"},
		"unless its maker is another": {"dhcp-boot=x\n", "52:54:00:01:02:03", 0, "0601080a0400505845ff"},
		"unless it is a UEFI machine": {"dhcp-boot=x\n", "dc:a6:32:01:02:03", 11, ""},
		"with the menu that is there": {"pxe-service=0,\"Raspberry Pi Boot\"\n", "dc:a6:32:01:02:03", 0, one + text + "ff"},
		"with the text that is there": {"dhcp-boot=x\ndhcp-option=vendor:PXEClient,9,00:00:01:41\n", "dc:a6:32:01:02:03", 0, "0601080a0400505845" + "090400000141" + "ff"},
	} {
		t.Run(name, func(t *testing.T) {
			req := question{arch: c.arch}.request()
			req.Packet.ClientHWAddr, _ = net.ParseMAC(c.mac)
			d := proxydhcp.Decide(load(t, network+c.conf), req)
			if d.Reply == nil {
				t.Fatal(d.Reason)
			}
			if diff := cmp.Diff(c.want, fields(t, d.Reply.Payload)["option 43"]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckOfWhatCannotBeSaid(t *testing.T) {
	cfg := proxydhcp.Config{
		Boot:   []proxydhcp.Boot{{File: "/x.efi", Archs: []pxe.Arch{pxe.ArchARM64HTTP}, Rule: "a:1"}},
		Offers: []proxydhcp.Offer{{Form: "indirect", Rule: "a:2"}},
	}
	want := []string{
		`a:1: boot file "/x.efi": UEFI HTTP boot wants a URI, such as http://192.168.9.2/x.efi`,
		`a:2: the form of an offer is direct or redirect, not "indirect"`,
	}
	var got []string
	for _, err := range cfg.Check() {
		got = append(got, err.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARaspberryPiIsKnownByItsMachineID(t *testing.T) {
	req := question{arch: 0}.request()
	req.Packet.ClientHWAddr, _ = net.ParseMAC("02:00:5e:00:00:05") // MAC_ADDRESS in its EEPROM
	req.Packet.Options[97] = []byte("\x00RPi4\xa0\x31\x41\x00\x11\x22\x33\x44\x55\x66\x77\x88")
	d := proxydhcp.Decide(load(t, network+"dhcp-boot=x\n"), req)
	if d.Reply == nil || !strings.Contains(string(d.Reply.Payload), "Raspberry Pi Boot") {
		t.Errorf("%+v", d)
	}
}

func TestAMenuForPCsIsSaidToBeNoneForARaspberryPi(t *testing.T) {
	req := question{arch: 0}.request()
	req.Packet.ClientHWAddr, _ = net.ParseMAC("d8:3a:dd:00:00:02")
	for conf, told := range map[string]bool{
		"pxe-service=x86PC,\"Boot\",pxelinux\n":    true,
		"pxe-service=0,\"Raspberry Pi Boot   \"\n": false,
	} {
		if d := proxydhcp.Decide(load(t, network+conf), req); strings.Contains(d.Reason, "a Raspberry Pi passes over") != told {
			t.Errorf("%s is answered for %q", conf, d.Reason)
		}
	}
}
