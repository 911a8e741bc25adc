package yaml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiled is the published schema, as an independent reader understands it.
func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(Schema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("bootrig.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("bootrig.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What the schema refuses, the reader refuses too, with a line and a fix.
func TestWrongDocuments(t *testing.T) {
	schema := compiled(t)
	for name, c := range map[string]struct{ text, want string }{
		"an unknown group": {"bott: []", `x:1: unknown key "bott": did you mean boot?`},
		"an unknown group like none": {"frobnicate: 1",
			`x:1: unknown key "frobnicate": one of interfaces, networks, shared-networks, relays, dhcp-ports, leases, options, tags, hosts, ignore, ignore-client-id, vendors, boot, offers, vendor-options, menu, delays, media, tftp, http`},
		"an unknown key of an entry":       {"boot:\n  - file: a\n    arhc: x64-uefi", `x:3: unknown key "arhc": did you mean arch?`},
		"a missing key":                    {"boot:\n  - arch: x64-uefi", "x:2: one of file, local is missing"},
		"a group where a list is expected": {"boot:\n  file: a", "x:2: a list (lines that begin with `- `) is expected, not a group of keys"},
		"a text where a list is expected":  {"boot: pxelinux.0", "x:1: a list (lines that begin with `- `) is expected, not \"pxelinux.0\""},
		"a list where a group is expected": {"tftp: [a]", "x:1: a group of the keys enabled, root, roots, own-directory, interfaces, secure, links-anywhere, no-blocksize, lowercase, no-fail, max-transfers, mtu, ports, single-port, quiet is expected, not a list"},
		"nothing behind a key":             {"boot:", "x:1: a list (lines that begin with `- `) is expected, and nothing is there: give it, or drop the key"},
		"a number for a text":              {"boot: [{file: 5}]", "x:1: a text is expected, which the number 5 is not in YAML: put it between double quotes if it is meant"},
		"an empty text":                    {`boot: [{file: a, script: ""}]`, `x:1: "" is empty: give it, or drop the key`},
		"an architecture that is none":     {"boot: [{file: a, arch: x64}]", `x:1: unknown architecture "x64": did you mean x64-uefi?`},
		"an architecture like none":        {"boot: [{file: a, arch: sparc-with-a-long-name}]", `x:1: unknown architecture "sparc-with-a-long-name": one of x86-bios, pc98, ia64-uefi, alpha, arc-x86, intel-lean-client, ia32-uefi, x64-uefi, xscale-uefi, ebc-uefi, arm32-uefi, arm64-uefi, ppc-of, ppc-epapr, power-opal, ia32-uefi-http, x64-uefi-http, ebc-uefi-http, arm32-uefi-http, arm64-uefi-http, ...`},
		"an architecture beyond all":       {"boot: [{file: a, arch: 65536}]", "x:1: a number from 0 to 65535 is expected, not the number 65536"},
		"no architectures":                 {"boot: [{file: a, arch: []}]", "x:1: the list is empty: give one, or drop the key"},
		"a feature that is none":           {"boot: [{file: a, script: b, features: htp}]", `x:1: unknown iPXE feature "htp": did you mean ftp?`},
		"an option that is none":           {"options: [{option: ruoter}]", `x:1: unknown DHCP option "ruoter": did you mean router?`},
		"a sub-option that is none":        {"vendor-options: [{option: bootmenu}]", `x:1: unknown sub-option "bootmenu": did you mean boot-menu?`},
		"an address that is none":          {"boot: [{file: a, server: localhost}]", `x:1: "localhost" is not an IPv4 address, such as 192.168.9.2`},
		"a network that is none":           {"networks: [{network: eth0}]", `x:1: "eth0" is not an IPv4 address, such as 192.168.9.2`},
		"a form that is none":              {"offers: [{form: redirekt}]", `x:1: unknown form of an offer "redirekt": did you mean redirect?`},
		"yes is no truth value":            {"tftp: {root: /a, secure: yes}", `x:1: true or false is expected, not "yes"`},
		"a time without a unit":            {"delays: [{wait: 2}]", "x:1: a time such as 12h or infinite is expected, which the number 2 is not in YAML: put it between double quotes if it is meant"},
		"a time of no known unit":          {"delays: [{wait: 2min}]", `x:1: "2min" is not a time such as 90s, 45m, 12h, 2d, 1w or infinite`},
		"a port beyond all":                {"http: {port: 65536}", "x:1: a number from 1 to 65535 is expected, not the number 65536"},
		"two values of an option":          {"options: [{option: mtu, number: 1400, text: x}]", "x:1: text and number exclude each other: make an entry of each"},
		"two conditions of a tag":          {"tags: [{set: a, mac: \"*:1\", option: 175}]", "x:1: mac and option exclude each other: make an entry of each"},
		"a MAC address with dashes":        {"hosts: [{mac: 52-54-00-12-34-56}]", `x:1: "52-54-00-12-34-56" is not a hardware address such as 52:54:00:12:34:56 or 52:54:00:*:*:*`},
		"a UUID without its dashes":        {"tags: [{set: a, uuid: 00112233445566778899aabbccddeeff}]", `x:1: "00112233445566778899aabbccddeeff" is no UUID, such as 00112233-4455-6677-8899-aabbccddeeff`},
		"a network without its size":       {"tags: [{set: a, network: 10.0.0.0}]", `x:1: "10.0.0.0" is not an IPv4 network, such as 192.168.9.0/24`},
		"where, said twice":                {"tags: [{set: a, relay: 10.0.0.1, interface: eth0}]", "x:1: interface and relay exclude each other: make an entry of each"},
		"a file and the disk":              {"boot: [{file: a, local: true}]", "x:1: file and local exclude each other: make an entry of each"},
		"a script for the disk":            {"boot: [{local: true, script: a}]", "x:1: local and script exclude each other: make an entry of each"},
		"no disk":                          {"hosts: [{name: a, boot: {local: false}}]", "x:1: false is as if the key were not there: drop it"},
		"a range without its first":        {"leases: {ranges: [{to: 10.0.0.9}]}", "x:1: one of from, static is missing"},
		"an address range that is static":  {"leases: {ranges: [{static: 10.0.0.0, to: 10.0.0.9}]}", "x:1: static and to exclude each other: make an entry of each"},
		"a host name with a domain":        {"hosts: [{name: pc.lab}]", `x:1: "pc.lab" is a name with its domain: write the part before the first dot`},
		"a list of switches":               {"leases: {broadcast: [all]}", `x:1: "all" is expected to be everybody or a group with tags: ` + "`- tags: [all]`"},
		"ignoring nobody":                  {"ignore: [{}]", "x:1: tags is missing: for those who have all these tags; `not TAG` for those without it"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x", []byte(c.text))
			if diff := cmp.Diff(c.want, said(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := schema.Validate(decoded(t, []byte(c.text))); err == nil {
				t.Errorf("the schema allows it: %s", c.text)
			}
		})
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What no schema can see, the reader sees.
func TestMistakesOfMeaning(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"every mistake, in the order of the lines": {"tftp: {}\nboot:\n  - fiel: a\n    server: b\nnetworks: 5\n", strings.Join([]string{
			"x:1: tftp serves nothing without its root: add root: DIRECTORY",
			`x:3: unknown key "fiel": did you mean file?`,
			"x:3: one of file, local is missing",
			`x:4: "b" is not an IPv4 address, such as 192.168.9.2`,
			"x:5: a list (lines that begin with `- `) is expected, not the number 5",
		}, "\n")},
		"a key that stands twice":         {"tftp: {root: a, root: b}", "x:1: root stands here a second time, first in line 1: make one of the two"},
		"no YAML":                         {"boot: [\n", "x:1: sequence end token ']' not found"},
		"tabs":                            {"boot:\n\t- file: a\n", "x:2: found character '\t' that cannot start any token: YAML is indented with blanks, not with tabs"},
		"a bare !tag in a list":           {"ignore:\n  - tags: [!known]\n", "x:2: sequence end token ']' not found: a word that begins with ! must stand between double quotes; the absence of a tag is `not TAG`"},
		"a bare !tag":                     {"ignore:\n  - tags: !known\n", "x:2: !known: YAML takes a word that begins with ! for a type: put it between double quotes; the absence of a tag is `not TAG`"},
		"a bare *":                        {"tags:\n  - set: a\n    mac: *:*:*\n", "x:3: *: YAML takes a word that begins with * for a reference, which bootrig.yaml has not: put it between double quotes"},
		"an anchor":                       {"networks: &a []", "x:1: &: YAML takes a word that begins with & for a reference, which bootrig.yaml has not: put it between double quotes"},
		"merged keys":                     {"<<: {http: {port: 80}}", `x:1: "<<" is no key here: one of interfaces, networks, shared-networks, relays, dhcp-ports, leases, options, tags, hosts, ignore, ignore-client-id, vendors, boot, offers, vendor-options, menu, delays, media, tftp, http`},
		"two documents":                   {"http: {port: 80}\n---\nhttp: {port: 81}\n", "x:3: a second document: a file is one configuration, drop the line ---"},
		"a directive":                     {"%YAML 1.2\n---\nhttp: {port: 80}\n", "x:1: a line that begins with % is for YAML's own use and not part of bootrig.yaml: drop it"},
		"a dnsmasq.conf":                  {"port=0\ndhcp-boot=a.0\n", `x:1: "port=0 dhcp-boot=a.0" is no bootrig.yaml: a dnsmasq.conf is read with -C`},
		"bytes that are no hexadecimal":   {"hosts: [{id: \"hex:zz\"}]", `x:1: "hex:zz" is not bytes in hexadecimal, such as hex:52:54:00`},
		"no UTF-8":                        {"boot:\n  - file: \xe4\n", "x:2: the line is not UTF-8: bytes that are no text are written hex:e4:f6"},
		"deep brackets":                   {"boot:\n  - file: " + strings.Repeat("[", 40), "x:2: so many levels in each other are not read"},
		"deep dashes":                     {strings.Repeat("- ", 40), "x:1: so many levels in each other are not read"},
		"a group of too many keys":        {strings.Repeat("a: {}\n", 100), "x:65: more than 64 keys in a group are not read"},
		"too many keys between brackets":  {"a: {" + strings.Repeat("b: {},", 100) + "}", "x:1: more than 64 keys in a group are not read"},
		"too many documents":              {strings.Repeat("---\n", 100), "x:3: several documents: a file is one configuration, drop the lines ---"},
		"deep indentation":                {"boot:\n" + strings.Repeat(" ", 80) + "- file: a", "x:2: the line is indented by 80 blanks, more than 64 are not read"},
		"a huge file":                     {strings.Repeat("#\n", 1<<20), "x:1: the file has more than 1048576 bytes"},
		"a range that goes backwards":     {"leases: {ranges: [{from: 10.0.0.9, to: 10.0.0.2}]}", "x:1: from 10.0.0.9 to 10.0.0.2 goes backwards: exchange the two"},
		"a range that leaves its network": {"leases: {ranges: [{from: 10.0.0.9, to: 10.0.1.2, network: 10.0.0.0/24}]}", "x:1: 10.0.1.2 is not in 10.0.0.0/24"},
		"a range of another network":      {"leases: {ranges: [{from: 10.0.0.9, network: 10.0.2.0/24}]}", "x:1: 10.0.0.9 is not in 10.0.2.0/24"},
		"a network without bits":          {"leases: {ranges: [{from: 10.0.0.9, network: 10.0.0.0}]}", "x:1: 10.0.0.0 says nothing without its /BITS, such as 10.0.0.0/24"},
		"a short lease":                   {"hosts: [{mac: \"1:2\", time: 5s}]", `x:1: "5s" is too short: 2m at least`},
		"a long lease":                    {"hosts: [{mac: \"1:2\", time: 9999w}]", `x:1: "9999w" is not a time such as 90s, 45m, 12h, 2d, 1w or infinite`},
		"a number that does not fit":      {"options: [{option: default-ttl, number: 256}]", "x:1: 256 does not fit the 1 bytes of option 23"},
		"a value without an option":       {"tags: [{set: a, contains: b}]", "x:1: begins, has and contains are about an option: say which, option: NAME or enterprise: NUMBER"},
		"an address of two hosts":         {"hosts:\n  - {mac: \"1:2\", address: 10.0.0.1}\n  - {mac: \"1:3\", address: 10.0.0.1}", "x:3: the address 10.0.0.1 is that of another host, x:2: give it to one of the two"},
		"a name that no packet holds":     {"boot:\n  - file: " + strings.Repeat("a", 128), "x:2: the boot file name has 128 bytes, a DHCP packet has room for 127"},
		"HTTP boot without a URI":         {"boot:\n  - {file: a.efi, arch: x64-uefi-http}", `x:2: boot file "a.efi": UEFI HTTP boot wants a URI, such as http://192.168.9.2/a.efi`},
		"a key that is a number":          {"5: a", "x:1: the number 5 is no key here: one of interfaces, networks, shared-networks, relays, dhcp-ports, leases, options, tags, hosts, ignore, ignore-client-id, vendors, boot, offers, vendor-options, menu, delays, media, tftp, http"},
		"a start of nothing":              {"media: {paths: [a], starts: [{tags: lab}]}", "x:1: it starts nothing: add entry: NAME, or args: ARGUMENTS for all entries"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x", []byte(c.text))
			if diff := cmp.Diff(c.want, said(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
