package config_test

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// sent is what a packet has besides: its options, and "relay" where it came from.
type sent map[uint8]string

// A rule is one way to tell machines apart, in both languages, and a packet of each kind.
type rule struct {
	dnsmasq, yaml string // what gives the tag x
	hosts         string // of bootrig.yaml besides
	fits, other   sent
	link, beside  string // by which they come; "": eth0
	relay, behind string // the relays that they come through
	late          bool   // dnsmasq gives the tag of a range behind dhcp-ignore: who is to be ignored there has no range
}

// matches are all that a rule can look at. The machine is 52:54:00:12:34:56, another is 00:1b:21:12:34:56.
func matches() map[string]rule {
	const (
		mac   = 0 // in place of an option: the hardware address
		other = "\x00\x1b\x21\x12\x34\x56"
		uuid  = "\x00\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff"
		// What an iPXE says of itself: a version, and with HTTP.
		plain, http = "\xeb\x03\x01\x00\x00\x15\x01\x01", "\xeb\x03\x01\x00\x00\x13\x01\x01\x15\x01\x01"
	)
	return map[string]rule{
		"MAC":                {dnsmasq: "dhcp-mac=set:x,52:54:00:12:34:56", yaml: `mac: "52:54:00:12:34:56"`, other: sent{mac: other}},
		"MAC with wildcards": {dnsmasq: "dhcp-mac=set:x,52:54:00:*:*:*", yaml: `mac: "52:54:00:*:*:*"`, other: sent{mac: other}},
		"UUID": {dnsmasq: "dhcp-match=set:x,option:client-machine-id,00:33:22:11:00:55:44:77:66:88:99:aa:bb:cc:dd:ee:ff", yaml: "uuid: 00112233-4455-6677-8899-aabbccddeeff",
			fits: sent{pxe.OptMachineID: uuid}, other: sent{pxe.OptMachineID: uuid[:16] + "\x00"}},
		"UUID of an old board": {dnsmasq: "dhcp-match=set:x,97,00:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff", yaml: "uuid: 00112233-4455-6677-8899-AABBCCDDEEFF",
			fits: sent{pxe.OptMachineID: "\x00\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"}, other: sent{pxe.OptMachineID: uuid[:16] + "\x00"}},
		"serial in an option of its own": {dnsmasq: "dhcp-match=set:x,224,SN0042", yaml: "option: 224, contains: SN0042", fits: sent{224: "SN0042"}, other: sent{224: "SN0043"}},
		"serial as a host name":          {dnsmasq: "dhcp-name-match=set:x,SN0042", yaml: "name: SN0042", fits: sent{12: "SN0042"}, other: sent{12: "SN0043"}},
		"architecture":                   {dnsmasq: "dhcp-match=set:x,option:client-arch,0", yaml: "arch: x86-bios", other: sent{pxe.OptClientArch: "\x00\x07"}},
		"vendor class":                   {dnsmasq: "dhcp-vendorclass=set:x,UNDI:002001", yaml: "vendor-class: UNDI:002001", fits: sent{60: "PXEClient:Arch:00000:UNDI:002001"}},
		"user class":                     {dnsmasq: "dhcp-userclass=set:x,lab", yaml: "user-class: lab", fits: sent{pxe.OptUserClass: "\x03lab"}, other: sent{pxe.OptUserClass: "\x03off"}},
		"interface":                      {dnsmasq: "tag-if=set:x,tag:eth1", yaml: "interface: eth1", link: "eth1", beside: "eth10"},
		"interfaces with wildcards":      {dnsmasq: "tag-if=set:x,tag:eth1*", yaml: "interface: eth1*", link: "eth1"},
		"network of the link":            {dnsmasq: "dhcp-range=set:x,10.0.1.0,proxy,255.255.255.0", yaml: "network: 10.0.1.0/24", link: "eth1", late: true},
		"network behind a relay":         {dnsmasq: "dhcp-range=set:x,10.0.20.0,proxy,255.255.255.0", yaml: "network: 10.0.20.0/24", relay: "10.0.20.1", behind: "10.0.21.1", late: true},
		"relay":                          {dnsmasq: "dhcp-range=set:x,10.0.20.1,proxy,255.255.255.255", yaml: "relay: 10.0.20.1", relay: "10.0.20.1", behind: "10.0.21.1", late: true},
		"what a relay says of its port":  {dnsmasq: "dhcp-circuitid=set:x,port7", yaml: "circuit-id: port7", fits: sent{82: "\x01\x05port7"}, other: sent{82: "\x01\x05port8"}},
		"any iPXE":                       {dnsmasq: "dhcp-match=set:x,175", yaml: "option: 175", fits: sent{pxe.OptIPXE: plain}},
		"an iPXE with a feature":         {dnsmasq: "dhcp-match=set:x,175,\"\x13\x01\x01\"", yaml: "features: http", fits: sent{pxe.OptIPXE: http}, other: sent{pxe.OptIPXE: plain}},
		"a machine of the hosts":         {dnsmasq: "dhcp-host=52:54:00:12:34:56,set:x", yaml: "tags: known", hosts: "hosts:\n- mac: \"52:54:00:12:34:56\"", other: sent{mac: other}},
		"a machine of no host":           {dnsmasq: "dhcp-host=00:1b:21:12:34:56\ntag-if=set:x,tag:!known", yaml: "tags: not known", hosts: "hosts:\n- mac: \"00:1b:21:12:34:56\"", other: sent{mac: other}},
	}
}

// An action is what a rule can lead to, in both languages, for those with the tag x.
type action struct {
	dnsmasq, yaml string
	want          string
}

func actions() map[string]action {
	return map[string]action{
		"another boot file": {"dhcp-boot=all.0\ndhcp-boot=tag:x,own.0", "boot:\n- file: all.0\n- {file: own.0, tags: x}", "file own.0"},
		"its disk": {"dhcp-boot=tag:!x,all.0\npxe-prompt=tag:x,\"\",0\npxe-service=tag:x,x86PC,\"Local boot\",0",
			"boot:\n- file: all.0\n- {local: true, tags: x}", "local boot"},
		"nothing": {"dhcp-boot=all.0\ndhcp-ignore=tag:x", "boot:\n- file: all.0\nignore:\n- tags: x", "silence"},
		"a menu": {"dhcp-boot=tag:!x,all.0\npxe-service=tag:x,x86PC,\"Local boot\",0\npxe-service=tag:x,x86PC,Install,install",
			"boot:\n- {file: all.0, tags: not x}\nmenu:\n  entries:\n  - {arch: x86-bios, text: Local boot, tags: x}\n  - {arch: x86-bios, text: Install, file: install, tags: x}", "a menu of 2"},
	}
}

// Whatever a rule looks at, it can lead to everything, and says the same in both languages.
func TestEveryRuleInBothLanguages(t *testing.T) {
	for matched, r := range matches() {
		for acted, a := range actions() {
			t.Run(matched+" leads to "+acted, func(t *testing.T) {
				for language, cfg := range r.read(t, a) {
					fits, other := r.requests()
					want := a.want
					if language == "dnsmasq.conf" && r.late && want == "silence" {
						want = "file all.0"
					}
					if got := given(proxydhcp.Decide(&cfg.DHCP, fits)); got != want {
						t.Errorf("%s: who is meant is given %s, want %s", language, got, want)
					}
					if got := given(proxydhcp.Decide(&cfg.DHCP, other)); got != "file all.0" {
						t.Errorf("%s: who is not meant is given %s", language, got)
					}
				}
			})
		}
	}
}

// TestTheREADMEShowsThem holds its table against what is tested here.
func TestTheREADMEShowsThem(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := strings.NewReplacer("\x13", "^S", "\x01", "^A") // as editors show them
	for name, r := range matches() {
		row := fmt.Sprintf("| %s | `%s` | `%s` |", name, r.yaml, keys.Replace(strings.ReplaceAll(r.dnsmasq, "\n", "` `")))
		if !strings.Contains(string(readme), row+"\n") {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
}

// read reads the rule with the action.
func (r rule) read(t *testing.T, a action) map[string]*config.Config {
	t.Helper()
	conf := r.dnsmasq + "\n" + a.dnsmasq + "\ndhcp-range=192.168.9.0,proxy\ndhcp-range=10.0.1.0,proxy,255.255.255.0\n" +
		"dhcp-range=10.0.20.0,proxy,255.255.255.0\ndhcp-range=10.0.21.0,proxy,255.255.255.0\n"
	old, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatalf("%v\n%s", err, conf)
	}
	ours := "tags:\n- {set: x, " + r.yaml + "}\n" + a.yaml + "\nnetworks:\n- network: 192.168.9.0/24\n- network: 10.0.1.0/24\n- network: 10.0.20.0/24\n- network: 10.0.21.0/24\n"
	if r.hosts != "" {
		ours += r.hosts + "\n"
	}
	next, err := yaml.Parse("bootrig.yaml", []byte(ours))
	if err != nil {
		t.Fatalf("%v\n%s", err, ours)
	}
	return map[string]*config.Config{"dnsmasq.conf": old, "bootrig.yaml": next}
}

// given is what an answer comes to.
func given(d dhcp.Decision) string {
	if d.Reply == nil {
		return "silence"
	}
	subs, _ := pxe.ParseSubOptions(d.Reply.Packet.Options[pxe.OptVendorSpecific])
	value, _ := subs.Get(pxe.SubBootMenu)
	items, _ := pxe.ParseMenu(value)
	prompt, _ := subs.Get(pxe.SubMenuPrompt)
	switch {
	case d.Reply.Packet.BootFileName != "":
		return "file " + d.Reply.Packet.BootFileName
	case len(items) == 1 && items[0].Type == pxe.TypeLocalBoot && len(prompt) > 0 && prompt[0] == 0:
		return "local boot"
	}
	return fmt.Sprintf("a menu of %d", len(items))
}

// requests are a packet of who is meant, and of who is not.
func (r rule) requests() (fits, other dhcp.Request) {
	links := map[string]dhcp.Link{
		"eth0":  {Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")},
		"eth1":  {Name: "eth1", Index: 3, Prefix: netip.MustParsePrefix("10.0.1.2/24")},
		"eth10": {Name: "eth10", Index: 4, Prefix: netip.MustParsePrefix("10.0.1.3/24")},
	}
	request := func(options sent, link, relay string) dhcp.Request {
		p := &dhcpv4.DHCPv4{OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, ClientIPAddr: net.IPv4zero.To4(), Options: dhcpv4.Options{
			pxe.OptMessageType: {byte(dhcpv4.MessageTypeDiscover)}, pxe.OptVendorClass: []byte("PXEClient:Arch:00000:UNDI:003010"), pxe.OptClientArch: {0, 0},
		}}
		for code, value := range options {
			if p.Options[code] = []byte(value); code == 0 {
				delete(p.Options, 0)
				p.ClientHWAddr = net.HardwareAddr(value)
			}
		}
		if relay != "" {
			p.GatewayIPAddr = netip.MustParseAddr(relay).AsSlice()
		}
		return dhcp.Request{Link: links[link], Port: 67, Src: netip.MustParseAddrPort("0.0.0.0:68"), Packet: p}
	}
	link := cmp.Or(r.link, "eth0")
	return request(r.fits, link, r.relay), request(r.other, cmp.Or(r.beside, "eth0"), r.behind)
}
