package yaml

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// What people write, and what it means, with the line of each entry.
func TestTheLanguage(t *testing.T) {
	addr := netip.MustParseAddr
	proxy := func(c proxydhcp.Config) config.Config { return config.Config{DHCP: c} }
	who := func(p policy.Policy) config.Config { return config.Config{DHCP: proxydhcp.Config{Policy: p}} }
	for name, c := range map[string]struct {
		text string
		want config.Config
	}{
		"nothing":   {"", config.Config{}},
		"a comment": {"# to be done\n", config.Config{}},
		"networks by address and by prefix": {"networks:\n  - network: 192.168.9.0/24\n  # the old one\n  - network: 10.0.0.0\n    set: old\n",
			proxy(proxydhcp.Config{Networks: []dhcp.Network{{Addr: addr("192.168.9.0"), Bits: 24, Rule: "x:2"}, {Addr: addr("10.0.0.0"), Set: "old", Rule: "x:4"}}})},
		"a file for one architecture, and one for two": {"boot:\n- {file: a, arch: x86-bios}\n- {file: b, arch: [x64-uefi, x86-64_EFI, 9]}\n",
			proxy(proxydhcp.Config{Boot: []proxydhcp.Boot{{File: "a", Archs: []pxe.Arch{0}, Rule: "x:2"}, {File: "b", Archs: []pxe.Arch{7, 7, 9}, Rule: "x:3"}}})},
		"an iPXE chain": {"boot:\n- file: ipxe.efi\n  script: http://192.168.9.2/menu.ipxe\n  features: [http, menu]\n",
			proxy(proxydhcp.Config{Boot: []proxydhcp.Boot{{File: "ipxe.efi", Script: "http://192.168.9.2/menu.ipxe", Features: []pxe.Feature{pxe.FeatureHTTP, pxe.FeatureMenu}, Rule: "x:2"}}})},
		"tags that must not be there": {"boot: [{file: a, tags: [lab, not ipxe, \"!old\"]}]",
			proxy(proxydhcp.Config{Boot: []proxydhcp.Boot{{File: "a", Tags: policy.Wants{"lab", "!ipxe", "!old"}, Rule: "x:1"}}})},
		"offers by architecture, tag and machine": {"hosts:\n- mac: 52:54:00:12:34:56\n  offer: direct\noffers:\n- {form: redirect, arch: x64-uefi}\n- {form: automatic, tags: lab}\n",
			proxy(proxydhcp.Config{
				Policy: policy.Policy{Hosts: []policy.Host{{MACs: []policy.Pattern{{Bytes: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}}}, Sets: []string{"x:2"}, Rule: "x:2"}}},
				Offers: []proxydhcp.Offer{{Form: proxydhcp.Redirect, Archs: []pxe.Arch{7}, Rule: "x:5"}, {Tags: policy.Wants{"lab"}, Rule: "x:6"}, {Form: proxydhcp.Direct, Tags: policy.Wants{"x:2"}, Rule: "x:2"}},
			})},
		"a machine's own file, behind all others": {"hosts:\n- name: pc7\n  boot:\n    file: own.0\nboot:\n- {file: all.0, tags: known}\n",
			proxy(proxydhcp.Config{
				Policy: policy.Policy{Hosts: []policy.Host{{Name: "pc7", Sets: []string{"x:2"}, Rule: "x:2"}}},
				Boot:   []proxydhcp.Boot{{File: "all.0", Tags: policy.Wants{"known"}, Rule: "x:6"}, {File: "own.0", Tags: policy.Wants{"x:2"}, Rule: "x:4"}},
			})},
		"a menu, its files numbered in their order": {"menu:\n  prompts:\n  - {text: Press F8, wait: 10s}\n  entries:\n  - {arch: x86-bios, text: Disk}\n  - {arch: x86-bios, text: Install, file: pxelinux}\n  - {arch: x64-uefi, text: WDS, type: 13, server: 192.168.9.8}\n  - {arch: x64-uefi, text: Install, file: x.efi}\n",
			proxy(proxydhcp.Config{
				SubOptions: []proxydhcp.SubOption{{SubOption: pxe.SubOption{Code: 10, Value: []byte("\x0aPress F8")}, Rule: "x:3"}},
				Services: []proxydhcp.Service{{Text: "Disk", Rule: "x:5"}, {Text: "Install", File: "pxelinux", Type: 32768, Rule: "x:6"},
					{Arch: 7, Text: "WDS", Type: 13, Server: addr("192.168.9.8"), Rule: "x:7"}, {Arch: 7, Text: "Install", File: "x.efi", Type: 32769, Rule: "x:8"}},
			})},
		"a prompt that waits for ever": {"menu: {prompts: [{text: Choose}]}",
			proxy(proxydhcp.Config{SubOptions: []proxydhcp.SubOption{{SubOption: pxe.SubOption{Code: 10, Value: []byte("\xffChoose")}, Rule: "x:1"}}})},
		"prompts behind vendor-options, wherever they stand": {"menu: {prompts: [{text: Choose, wait: 0s}]}\nvendor-options:\n- {option: discovery-control, value: \"hex:08\", vendor: PXEClient}\n",
			proxy(proxydhcp.Config{SubOptions: []proxydhcp.SubOption{{Class: "PXEClient", SubOption: pxe.SubOption{Code: 6, Value: []byte{8}}, Rule: "x:3"},
				{SubOption: pxe.SubOption{Code: 10, Value: []byte("\x00Choose")}, Rule: "x:1"}}})},
		"tags for machines": {"tags:\n- set: vm\n  mac: [\"52:54:00:*:*:*\", 1-aa:bb]\n- {set: [efi, x64], arch: x64-uefi}\n- {set: lab, circuit-id: \"hex:00:07\"}\n- {set: pcs, name: pc*}\n- {set: both, tags: [vm, efi]}\n",
			who(policy.Policy{
				MACs: []policy.MAC{{Tag: "vm", Pattern: policy.Pattern{Bytes: []byte{0x52, 0x54, 0, 0, 0, 0}, Any: []bool{false, false, false, true, true, true}}, Rule: "x:2"},
					{Tag: "vm", Pattern: policy.Pattern{Type: 1, Bytes: []byte{0xaa, 0xbb}}, Rule: "x:2"}},
				Options: []policy.Option{{Tag: "efi", Code: 93, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{0, 7}}, Rule: "x:4"},
					{Tag: "x64", Code: 93, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{0, 7}}, Rule: "x:4"}},
				Classes:      []policy.Class{{Place: policy.CircuitID, Tag: "lab", Text: []byte{0, 7}, Rule: "x:5"}},
				Names:        []policy.Name{{Tag: "pcs", Name: "pc", Wild: true, Rule: "x:6"}},
				Implications: []policy.Implication{{Wants: policy.Wants{"vm", "efi"}, Sets: []string{"both"}, Rule: "x:7"}},
			})},
		"tags for what options say": {"tags:\n- {set: a, option: 175}\n- {set: b, option: user-class, contains: iPXE}\n- {set: c, enterprise: 343, begins: \"01:*\"}\n- {set: d, option: server-identifier, has: 10.0.0.1}\n",
			who(policy.Policy{Options: []policy.Option{{Tag: "a", Code: 175, Rule: "x:2"}, {Tag: "b", Code: 77, Form: policy.Part, Value: policy.Pattern{Bytes: []byte("iPXE")}, Rule: "x:3"},
				{Tag: "c", Encap: true, Enterprise: 343, Form: policy.Prefix, Value: policy.Pattern{Bytes: []byte{1, 0}, Any: []bool{false, true}}, Rule: "x:4"},
				{Tag: "d", Code: 54, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{10, 0, 0, 1}}, Rule: "x:5"}}})},
		"who is left alone": {"ignore:\n- tags: not known\n", who(policy.Policy{Ignores: []policy.Ignore{{Wants: policy.Wants{"!known"}, Rule: "x:2"}}})},
		"leases": {"leases:\n  ranges:\n  - {from: 10.0.0.10, to: 10.0.0.20, network: 10.0.0.0/24, time: 12h}\n  - {static: 10.1.0.0, time: infinite}\n  broadcast: [everybody]\n  through-relays: all\noptions:\n- {option: router, addresses: 10.0.0.1}\n- {option: mtu, number: 1400}\n- {option: 3}\n",
			config.Config{Leases: lease.Config{
				Ranges:    []lease.Range{{First: addr("10.0.0.10"), Last: addr("10.0.0.20"), Bits: 24, Time: 12 * time.Hour, Rule: "x:3"}, {First: addr("10.1.0.0"), Last: addr("10.1.0.0"), Static: true, Time: lease.Infinite, Rule: "x:4"}},
				Broadcast: []lease.For{{Rule: "x:5"}}, AllRelays: true,
				Options: []lease.Option{{Code: 3, Value: []byte{10, 0, 0, 1}, Addrs: true, Rule: "x:8"}, {Code: 26, Value: []byte{5, 120}, Rule: "x:9"}, {Code: 3, Rule: "x:10"}},
			}}},
		"relative directories begin beside the file": {"tftp:\n  root: boot/../netboot\n  roots: [{directory: /srv/a/, interface: eth0}]\n  own-directory: [mac, ip]\n  ports: 50000-50999\nhttp: {port: 80, directory: www}\n",
			config.Config{
				TFTP: config.TFTP{Enabled: true, Root: "netboot", Rule: "x:2", Roots: []config.TFTPRoot{{Dir: "/srv/a/", Interface: "eth0", Rule: "x:3"}}, UniqueByIP: true, UniqueByMAC: true, FirstPort: 50000, LastPort: 50999},
				HTTP: config.HTTP{Port: 80, Dir: "www", Rule: "x:6"},
			}},
		"interfaces": {"interfaces:\n  names: [eth0, vlan*]\n  no-dhcp: [wlan0]\n",
			config.Config{Interfaces: config.Interfaces{Names: []string{"eth0", "vlan*"}, Rule: "x:2", NoDHCP: []string{"wlan0"}, NoDHCPRule: "x:3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse("x", []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			c.want.YAML, c.want.Files = true, []string{"x"}
			if diff := cmp.Diff(&c.want, got, cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, netip.Prefix{}), cmpopts.IgnoreFields(config.Config{}, "Notices"), cmpopts.IgnoreUnexported(policy.Policy{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.text != "" && c.text[0] != '#' {
				if err := compiled(t).Validate(decoded(t, []byte(c.text))); err != nil {
					t.Errorf("the schema refuses it: %v", err)
				}
			}
		})
	}
}

func TestRelativeDirectoriesOfAFileElsewhere(t *testing.T) {
	got, err := Parse("/etc/boot/bootrig.yaml", []byte("tftp: {root: netboot}"))
	if err != nil || got.TFTP.Root != "/etc/boot/netboot" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNotices(t *testing.T) {
	for text, want := range map[string]string{
		"networks:\n- network: 10.0.0.0\n":                                       "x:2: neither boot nor menu says what to boot, so no client is answered",
		"boot: [{file: a}]":                                                      "x: there is neither networks nor leases, so no DHCP client is answered",
		"leases: {ranges: [{from: 10.0.0.1}]}":                                   "x:1: neither boot nor menu says what to boot, so clients get addresses only",
		"leases: {ranges: [{from: 10.0.0.1}]}\noptions: [{option: 67, text: a}]": "",
		"options: [{option: 3}]":                                                 "x:1: options is what leases tell, and without leases: ranges there are none",
		"http: {port: 80}":                                                       "",
	} {
		got, err := Parse("x", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, n := range got.Notices {
			said += n.String()
		}
		if said != want {
			t.Errorf("%s: %q, want %q", text, said, want)
		}
	}
}
