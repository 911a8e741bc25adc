package dnsmasq

import (
	"bytes"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

const note = "../../../testdata/dnsmasq/note.conf"

var addrs = cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}), cmpopts.IgnoreUnexported(policy.Policy{})}

func TestTheFoundingNote(t *testing.T) {
	got, err := Load(note)
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		DHCP: proxydhcp.Config{
			Networks: []dhcp.Network{{Addr: netip.MustParseAddr("192.168.9.0"), Rule: note + ":3"}},
			Boot:     []proxydhcp.Boot{{File: "pxelinux.0", Rule: note + ":4"}},
			Services: []proxydhcp.Service{{
				Arch: pxe.ArchX86BIOS, Text: "'Network Boot'", Type: pxe.TypeFirstPrivate, File: "pxelinux", Rule: note + ":5",
			}},
		},
		TFTP:  config.TFTP{Enabled: true, Root: "/tftpboot", Rule: note + ":7"},
		Files: []string{note},
	}
	if diff := cmp.Diff(want, got, addrs); diff != "" {
		t.Errorf("the note's dnsmasq.conf (-want +got):\n%s", diff)
	}
}

// Each line stands in a file of its own. What is accepted here, dnsmasq must accept too, if it is here.
func TestLines(t *testing.T) {
	server := netip.MustParseAddr("192.168.9.8")
	network := netip.MustParseAddr("192.168.9.0")
	boot := func(b proxydhcp.Boot) config.Config {
		b.Rule = "x:1"
		return config.Config{DHCP: proxydhcp.Config{Boot: []proxydhcp.Boot{b}}}
	}
	service := func(s proxydhcp.Service) config.Config {
		s.Rule = "x:1"
		return config.Config{DHCP: proxydhcp.Config{Services: []proxydhcp.Service{s}}}
	}
	prompt := func(text string, seconds byte) config.Config {
		o := proxydhcp.Prompt(pxe.Prompt{Text: text, Seconds: seconds}, nil, "x:1")
		return config.Config{DHCP: proxydhcp.Config{SubOptions: []proxydhcp.SubOption{o}}}
	}
	within := func(bits int) config.Config {
		return config.Config{DHCP: proxydhcp.Config{Networks: []dhcp.Network{{Addr: network, Bits: bits, Rule: "x:1"}}}}
	}
	for name, c := range map[string]struct {
		line string
		want config.Config
	}{
		"nothing":                            {"", config.Config{}},
		"a comment":                          {"  # dhcp-boot=x", config.Config{}},
		"a comment behind an option":         {"dhcp-boot=a.0 # the file", boot(proxydhcp.Boot{File: "a.0"})},
		"a number sign inside a word":        {"dhcp-boot=a#b", boot(proxydhcp.Boot{File: "a#b"})},
		"blanks around everything":           {" \tdhcp-boot  =  a.0 , , 192.168.9.8 \r", boot(proxydhcp.Boot{File: "a.0", Server: server})},
		"a boot file with a server":          {"dhcp-boot=a.0,srv,192.168.9.8", boot(proxydhcp.Boot{File: "a.0", Name: "srv", Server: server})},
		"a server name alone means us":       {"dhcp-boot=a.0,srv", boot(proxydhcp.Boot{File: "a.0", Name: "srv"})},
		"0.0.0.0 means us":                   {"dhcp-boot=a.0,srv,0.0.0.0", boot(proxydhcp.Boot{File: "a.0", Name: "srv"})},
		"a quoted comma":                     {`dhcp-boot="a,b"`, boot(proxydhcp.Boot{File: "a,b"})},
		"quoted blanks stay":                 {`dhcp-boot=" a "`, boot(proxydhcp.Boot{File: " a "})},
		"escapes between quotes":             {`dhcp-boot="a\"\\\tb\x"`, boot(proxydhcp.Boot{File: "a\"\\\tb\\x"})},
		"a backslash without quotes":         {`dhcp-boot=Boot\x.0`, boot(proxydhcp.Boot{File: `Boot\x.0`})},
		"a quoted tag is a file":             {`dhcp-boot="tag:x"`, boot(proxydhcp.Boot{File: "tag:x"})},
		"a number sign behind a quoted word": {`dhcp-boot= "a"#b`, boot(proxydhcp.Boot{File: "a"})},
		"a service with a basename": {
			"pxe-service=x86PC,'Network Boot',pxelinux",
			service(proxydhcp.Service{Text: "'Network Boot'", Type: 32768, File: "pxelinux"}),
		},
		"a service in any case, with its server": {
			"pxe-service=X86-64_efi, \"Boot, now\", grub/x.efi, 192.168.9.8",
			service(proxydhcp.Service{Arch: 7, Text: "Boot, now", Type: 32768, File: "grub/x.efi", Server: server}),
		},
		"a service of an architecture without a name": {
			"pxe-service=16,http,x.efi", service(proxydhcp.Service{Arch: 16, Text: "http", Type: 32768, File: "x.efi"}),
		},
		"a service of a numbered type": {
			"pxe-service=x86PC,RIS,1,192.168.9.8", service(proxydhcp.Service{Text: "RIS", Type: 1, Server: server}),
		},
		"a service without a third field boots the disk":  {"pxe-service=x86PC,Disk", service(proxydhcp.Service{Text: "Disk"})},
		"a service of type 0 boots the disk":              {"pxe-service=x86PC,Disk,0", service(proxydhcp.Service{Text: "Disk"})},
		"a prompt that waits for ever":                    {`pxe-prompt="Press F8, please"`, prompt("Press F8, please", 255)},
		"a prompt that waits ten seconds":                 {"pxe-prompt=Wait,10", prompt("Wait", 10)},
		"a prompt whose seconds are no number waits":      {"pxe-prompt=Press F8, now", prompt("Press F8", 255)},
		"of a prompt's seconds a byte is sent":            {"pxe-prompt=a,300", prompt("a", 44)},
		"a service of an empty type boots the disk":       {"pxe-service=x86PC,Boot,", service(proxydhcp.Service{Text: "Boot"})},
		"of a service's type 16 bits count":               {"pxe-service=x86PC,Boot,70000", service(proxydhcp.Service{Text: "Boot", Type: 4464})},
		"an empty boot file":                              {"dhcp-boot=,srv", boot(proxydhcp.Boot{Name: "srv"})},
		"a quote behind the end of a quotation":           {`dhcp-boot="a""b`, boot(proxydhcp.Boot{File: `a"b`})},
		"a range without a netmask":                       {"dhcp-range=192.168.9.0,proxy", within(0)},
		"a range with a netmask":                          {"dhcp-range=192.168.9.0,proxy,255.255.255.0", within(24)},
		"a range with a broadcast address":                {"dhcp-range=192.168.9.0,proxy,255.255.255.0,192.168.9.255", within(24)},
		"a range with a lease time, which gives a notice": {"dhcp-range=192.168.9.0,proxy,12h", within(0)},
		"vendor classes": {
			"dhcp-pxe-vendor=PXEClient,HTTPClient",
			config.Config{DHCP: proxydhcp.Config{Vendors: []string{"PXEClient", "HTTPClient"}}},
		},
		"interfaces":                     {"interface=eth0,vlan*", config.Config{Interfaces: config.Interfaces{Names: []string{"eth0", "vlan*"}, Rule: "x:1"}}},
		"a TFTP root":                    {"tftp-root=/srv/tftp", config.Config{TFTP: config.TFTP{Root: "/srv/tftp", Rule: "x:1"}}},
		"flags":                          {"log-dhcp\nport=0", config.Config{}},
		"interfaces that may come later": {"bind-dynamic", config.Config{Interfaces: config.Interfaces{ByAddress: true}}},
		"interfaces that must be there":  {"bind-interfaces", config.Config{Interfaces: config.Interfaces{ByAddress: true, BindRule: "x:1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse("x", []byte(c.line+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			ignored := cmpopts.IgnoreFields(config.Config{}, "Files", "Sought", "Watched", "Notices")
			if diff := cmp.Diff(&c.want, got, addrs, ignored); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.line, diff)
			}
			accepted(t, c.line)
		})
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"a typo":                     {"dhcp-bot=pxelinux.0", `x:1: unknown option "dhcp-bot": did you mean dhcp-boot?`},
		"a name in the wrong case":   {"Port=0", `x:1: unknown option "Port": did you mean port?`},
		"a typo of what is not ours": {"dhcp-hots=x", `x:1: unknown option "dhcp-hots": did you mean dhcp-host?`},
		"nothing like it":            {"frobnicate=1", `x:1: unknown option "frobnicate"`},
		"no name":                    {"=1", `x:1: unknown option ""`},
		"all mistakes at once": {
			"port=0\ndhcp-bot=x\n\npxe-service=x86PC\n",
			`x:2: unknown option "dhcp-bot": did you mean dhcp-boot?` + "\n" +
				"x:4: pxe-service=x86PC: the menu text is missing: CSA,TEXT[,BASENAME or TYPE[,SERVER]]",
		},
		"an open quote":           {`dhcp-boot="a`, "x:1: a double quote is missing (dnsmasq has no other quotes: ' is an ordinary character)"},
		"two quotes in a row":     {`dhcp-boot="a""b"`, "x:1: a double quote is missing (dnsmasq has no other quotes: ' is an ordinary character)"},
		"a line too long":         {"#" + strings.Repeat("x", 1023), "x:1: the line is longer than 1023 bytes, where dnsmasq would cut it in two"},
		"a NUL":                   {"dhcp-boot=a\x00", "x:1: there is a NUL byte in the line"},
		"a value too many":        {"log-dhcp=yes", "x:1: log-dhcp takes no value"},
		"a value too few":         {"dhcp-boot", "x:1: dhcp-boot needs a value"},
		"no value":                {"tftp-root", "x:1: tftp-root needs a value"},
		"a boot file too long":    {"dhcp-boot=" + strings.Repeat("x", 128), "x:1: the boot file name has 128 bytes, a DHCP packet has room for 127"},
		"a value for a name":      {"log=dhcp", `x:1: unknown option "log": did you mean log-dhcp?`},
		"a host name":             {"dhcp-boot=a.0,srv,srv.lab", `x:1: dhcp-boot: "srv.lab" is neither an IPv4 address nor a name of /etc/hosts, addn-hosts or host-record: leave it out if this server is meant`},
		"a range without an end":  {"dhcp-range=192.168.9.10", "x:1: dhcp-range=192.168.9.10: its end is missing: dhcp-range=192.168.9.10,END gives addresses, dhcp-range=192.168.9.10,proxy stands beside the server that does"},
		"an end that is none":     {"dhcp-range=192.168.9.10,pool", `x:1: dhcp-range=192.168.9.10,pool: "pool" is neither an IPv4 address nor static nor proxy`},
		"an end elsewhere":        {"dhcp-range=192.168.9.10,192.168.10.20,255.255.255.0", "x:1: dhcp-range=192.168.9.10,192.168.10.20,255.255.255.0: 192.168.9.10 and 192.168.10.20 are not of one network with the netmask 255.255.255.0"},
		"a time that is none":     {"dhcp-range=192.168.9.10,192.168.9.20,long", `x:1: dhcp-range=192.168.9.10,192.168.9.20,long: "long" is not a lease time such as 45m, 12h, 2d, 1w or infinite`},
		"words behind the time":   {"dhcp-range=192.168.9.10,192.168.9.20,1h,2h", "x:1: dhcp-range=192.168.9.10,192.168.9.20,1h,2h: more than START,END,NETMASK,BROADCAST,TIME"},
		"a number of leases":      {"dhcp-lease-max=many", "x:1: dhcp-lease-max=many: not a number of leases"},
		"a relay by name":         {"dhcp-proxy=relay", `x:1: dhcp-proxy: "relay" is not the IPv4 address of a relay`},
		"a domain that is none":   {"dhcp-option=option:domain-search,a..b", `x:1: dhcp-option: option:domain-search: "a..b": not a domain name`},
		"a range without address": {"dhcp-range=proxy", `x:1: dhcp-range=proxy: "proxy" is not an IP address`},
		"a mask with a hole":      {"dhcp-range=192.168.9.0,proxy,255.0.255.0", "x:1: dhcp-range=192.168.9.0,proxy,255.0.255.0: 255.0.255.0 is not a netmask of one network"},
		"an architecture unknown": {"pxe-service=x68PC,Boot,a", `x:1: pxe-service: unknown architecture "x68PC"; one of x86PC, PC98, IA64_EFI, Alpha, Arc_x86, Intel_Lean_Client, IA32_EFI, x86-64_EFI, Xscale_EFI, BC_EFI, ARM32_EFI, ARM64_EFI, or a number`},
		"an unquoted comma":       {"pxe-service=x86PC,Boot,it,now,please", "x:1: pxe-service=x86PC,Boot,it,now,please: more than CSA,TEXT,BASENAME,SERVER; a text with a comma goes between double quotes"},
		"TFTP without a root":     {"enable-tftp", "x:1: enable-tftp without tftp-root would serve every file of this host: add tftp-root=DIRECTORY"},
		"a port that is none":     {"port=dns", "x:1: port=dns: not a port number"},
	} {
		t.Run(name, func(t *testing.T) {
			mistakes(t, c.conf, c.want)
		})
	}
}

func TestNotices(t *testing.T) {
	const record = "host-record: accepted without effect: only DNS, IPv6 and logging have a use for it, which bootrig leaves to others"
	const complete = "port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-boot=a,,192.168.9.2\npxe-prompt=x\n"
	for name, c := range map[string]struct{ conf, want string }{
		"nothing to remark": {complete, ""},
		"no port=0":         {strings.TrimPrefix(complete, "port=0\n"), "x: there is no port=0, so dnsmasq would serve DNS too; bootrig does not"},
		"a port for DNS":    {strings.Replace(complete, "port=0", "port=53", 1), "x:1: port=53: bootrig serves no DNS"},
		"a server of zeros": {strings.Replace(complete, "192.168.9.2", "0.0.0.0", 1), "x:3: 0.0.0.0 is no server, so this is as if there were none: leave it out, or write the address"},
		"the server 0":      {strings.Replace(complete, "192.168.9.2", "0", 1), "x:3: 0 is no server, so this is as if there were none: leave it out, or write the address"},
		"a large number":    {complete + "pxe-service=123456789,A,b\n", "x:5: architecture 123456789 is no number of 16 bits: what counts of it is 52501"},
		"a server's name":   {strings.Replace(complete, "192.168.9.2", "box\nhost-record=box,192.168.9.7", 1), "x:3: box is 192.168.9.7; write that in its place\nx:4: " + record},
		"a name beside DNS": {strings.Replace(strings.Replace(complete, "192.168.9.2", "box\nhost-record=box,192.168.9.7", 1), "port=0", "port=53", 1), "x:1: port=53: bootrig serves no DNS\nx:4: " + record},
		"nothing to boot":   {strings.Replace(complete, "dhcp-boot=a,,192.168.9.2", "", 1), "x:2: neither dhcp-boot nor pxe-service says what to boot, so no client is answered"},
		"no range":          {"port=0\ndhcp-boot=a", "x: there is no dhcp-range, so no DHCP client is answered"},
		"leases alone":      {"port=0\ndhcp-range=10.0.0.10,10.0.0.20\n", "x:2: neither dhcp-boot nor pxe-service says what to boot, so clients get addresses only"},
		"a file of leases":  {"port=0\ndhcp-range=10.0.0.10,10.0.0.20\ndhcp-option=67,a", ""},
		"a lease time":      {strings.Replace(complete, "proxy", "proxy,12h", 1), `x:2: a proxy gives no leases: "12h" is not used`},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse("x", []byte(c.conf))
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, n := range cfg.Notices {
				said = append(said, n.String())
			}
			if diff := cmp.Diff(c.want, strings.Join(said, "\n")); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBasenamesAreNumberedOverAllArchitectures(t *testing.T) {
	cfg, err := Parse("x", []byte("pxe-service=x86PC,a,one\npxe-service=x86PC,b,5\npxe-service=x86-64_EFI,c,two\npxe-service=x86PC,d,three.0\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []uint16
	for _, s := range cfg.DHCP.Services {
		got = append(got, s.Type)
	}
	if diff := cmp.Diff([]uint16{32768, 5, 32769, 32770}, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile(note)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("pxe-service=x86PC,\"a, b\\\"\",5,1.2.3.4 # x\npxe-prompt=tag:x,y,3\n\ndhcp-range=1.2.3.4,proxy,255.0.0.0"))
	f.Add([]byte("dhcp-match=set:a,option:client-arch,7b\ndhcp-match=b,vi-encap:9,0a:*\ndhcp-host=1-aa:bb,id:01:02,set:c,tag:!d,1.2.3.4,45m,ignore"))
	f.Add([]byte("dhcp-option=tag:a,vendor:PXEClient,6,2b\ndhcp-option=option:T1,2h\ndhcp-option=121,10.0.0.0/8,1.2.3.4\ntag-if=set:a,tag:#b*"))
	f.Add([]byte("dhcp-range=tag:a,set:b,1.2.3.0,proxy\ndhcp-mac=set:a,aa:*\ndhcp-circuitid=set:a,01:02\ndhcp-reply-delay=tag:a,3\nlisten-address=::1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("conf-")) || bytes.Contains(data, []byte("dhcp-hosts")) {
			t.Skip("the mistakes of other files are theirs")
		}
		cfg, err := Parse("x", data)
		if (cfg == nil) != (err != nil) {
			t.Fatalf("a configuration and an error, or neither: %v, %v", cfg, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "x:") {
			t.Fatalf("a mistake without its line: %v", err)
		}
	})
}

// mistakes wants a configuration to be refused in exactly these words.
func mistakes(t *testing.T, conf, want string) {
	t.Helper()
	_, err := Parse("x", []byte(conf))
	if err == nil {
		t.Fatalf("accepted %q", conf)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("%q (-want +got):\n%s", conf, diff)
	}
}

func TestMistakesBehindTheFirstHundredAreCounted(t *testing.T) {
	_, err := Parse("x", []byte(strings.Repeat("frobnicate\n", 5000)))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxMistakes+1 || lines[maxMistakes] != "x: 4900 more mistakes are not told" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
