package yaml

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/pxe"
)

// unsaid are the fields that no file says, with the reason.
func unsaid() map[string]string {
	return map[string]string{
		"Files":                            "the reader's own",
		"Sought":                           "the reader's own",
		"Watched":                          "the reader's own",
		"YAML":                             "the reader's own",
		"Everywhere":                       "only who gives no file means all networks",
		"Interfaces.BindRule":              "what is named in a bootrig.yaml may come later",
		"Notices[].Rule":                   "the reader's own",
		"Notices[].Text":                   "the reader's own",
		"Notices[].ID":                     "the reader's own",
		"Notices[].Note":                   "the reader's own",
		"DHCP.Boot[].Starts":               "server/media/ways makes such files",
		"DHCP.Networks[].Leases":           "server/dhcpd makes such ranges of Leases.Ranges",
		"DHCP.Policy.Options[].Value.Type": "only hardware addresses have a type before them",
	}
}

// Every field of a configuration can be said: one of the samples says it, and all of them survive. Every Rule is
// set, by some entry. A field that is new to config.Config fails here until it has its key and stands in a sample.
func TestEveryFieldCanBeSaid(t *testing.T) {
	said := map[string]bool{}
	for _, c := range samples() {
		got := back(t, &c)
		note(said, "", reflect.ValueOf(*got)) // which has the lines too
		if diff := cmp.Diff(&c, got, same()); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, Print(&c))
		}
		if err := compiled(t).Validate(decoded(t, Print(&c))); err != nil {
			t.Errorf("%v\n%s", err, Print(&c))
		}
	}
	known := map[string]bool{}
	fields(known, "", reflect.TypeFor[config.Config]())
	for path := range known {
		if _, excused := unsaid()[path]; !said[path] && !excused {
			t.Errorf("no sample says %s: does bootrig.yaml have a key for it?", path)
		}
	}
	for path := range unsaid() {
		if !known[path] {
			t.Errorf("there is no field %s to excuse", path)
		}
	}
}

// leaf tells values that are said whole.
func leaf(of reflect.Type) bool {
	return of.Kind() != reflect.Struct && of.Kind() != reflect.Slice || of == reflect.TypeFor[netip.Addr]() || of == reflect.TypeFor[netip.AddrPort]() || of == reflect.TypeFor[netip.Prefix]() ||
		of.Kind() == reflect.Slice && (of.Elem().Kind() != reflect.Struct || of.Elem() == reflect.TypeFor[netip.Prefix]())
}

// fields finds the paths of all fields of a type.
func fields(all map[string]bool, path string, of reflect.Type) {
	switch {
	case leaf(of):
		all[path] = true
	case of.Kind() == reflect.Slice:
		fields(all, path+"[]", of.Elem())
	default:
		for _, f := range reflect.VisibleFields(of) {
			if f.IsExported() && len(f.Index) == 1 {
				fields(all, join(path, f.Name), f.Type)
			}
		}
	}
}

// note finds the paths of the fields of a value that are not zero.
func note(said map[string]bool, path string, v reflect.Value) {
	switch {
	case leaf(v.Type()):
		said[path] = said[path] || !v.IsZero()
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			note(said, path+"[]", v.Index(i))
		}
	default:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				note(said, join(path, f.Name), v.Field(i))
			}
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// samples are configurations that say everything once.
func samples() []config.Config {
	addr := netip.MustParseAddr
	wants := policy.Wants{"lab", "!ipxe", "#old", "not so", "!two words"}
	return []config.Config{
		{DHCP: proxydhcp.Config{
			Networks: []dhcp.Network{{Addr: addr("192.168.9.0"), Bits: 24, Tags: wants, Set: "lan"}, {Addr: addr("10.0.0.5")}},
			Boot: []proxydhcp.Boot{
				{File: "a b.0", Script: "hex:x", Features: []pxe.Feature{pxe.FeatureHTTP, 0x77}, Server: addr("192.168.9.8"), Name: "srv", Archs: []pxe.Arch{0, 7, 99}, Tags: wants},
				{File: "http://x/y.efi", Archs: []pxe.Arch{pxe.ArchX64HTTP}}, {File: "\xff\xfe"}, {}, {Local: true, Archs: []pxe.Arch{7}, Tags: wants}, {File: "true"}, {File: "\"é\n\u2028😀\x00#: "},
			},
			Services: []proxydhcp.Service{
				{Arch: 7, Text: "x", Type: 32768, File: "f", Server: addr("192.168.9.8"), Name: "srv", Tags: wants}, {Text: "", Type: 13}, {Text: "disk"}, {Text: "odd", Type: 7, File: "g"}, {Text: "y", Type: 32769, File: "z"},
			},
			SubOptions: []proxydhcp.SubOption{
				{Class: "MSFT", SubOption: pxe.SubOption{Code: 6, Value: []byte{8}}, Force: true, Tags: wants}, {SubOption: pxe.SubOption{Code: 10, Value: []byte("\x05early")}},
				{SubOption: pxe.SubOption{Code: 9}}, {Any: true, SubOption: pxe.SubOption{Code: 10, Value: []byte("\x05any")}},
				proxydhcp.Prompt(pxe.Prompt{Seconds: 0, Text: ""}, nil, ""), proxydhcp.Prompt(pxe.Prompt{Seconds: 255, Text: "p"}, wants, ""),
			},
			Offers:  []proxydhcp.Offer{{Form: proxydhcp.Redirect, Archs: []pxe.Arch{7}, Tags: wants}, {Form: proxydhcp.Direct}, {}},
			Shared:  []dhcp.SharedNetwork{{Interface: "eth0", Addr: addr("10.0.0.0")}, {At: addr("192.168.9.2"), Addr: addr("10.1.0.0")}},
			Ports:   dhcp.Ports{Server: 1067, Client: 1068},
			Delays:  []proxydhcp.Delay{{Wait: 1500 * time.Millisecond, Tags: wants}, {}},
			Vendors: []string{"PXEClient", "My: Client"},
			Policy:  samplePolicy(),
		}},
		{Leases: sampleLeases()},
		{
			TFTP: config.TFTP{Enabled: true, Root: "/srv", Roots: []config.TFTPRoot{{Dir: "/a", Interface: "eth0"}}, UniqueByIP: true, UniqueByMAC: true,
				Interfaces: []string{"eth*"}, Secure: true, LinksAnywhere: true, NoBlocksize: true, Lowercase: true, NoFail: true, MaxTransfers: 7, MTU: 1400,
				FirstPort: 50000, LastPort: 50999, SinglePort: true, Quiet: true},
			HTTP:  config.HTTP{Addr: addr("fe80::1%eth0"), Port: 80, Dir: "/www"},
			Media: config.Media{Paths: []string{"/srv/netboot", "/srv/x.iso"}, Programs: []string{"/srv/programs"}, Seed: "/srv/seed", Starts: []config.Start{{Entry: "install", Args: "console=ttyS0 x=\"y z\"", Tags: wants}, {Args: "quiet"}, {Entry: "live"}}},
			Interfaces: config.Interfaces{Names: []string{"eth0", "vlan*"}, Addrs: []netip.Addr{addr("192.168.9.2"), addr("::1")}, Except: []string{"lo"}, ByAddress: true, NoDHCP: []string{"wlan0"},
				Bridges: []config.Bridge{{Interface: "br0", Aliases: []string{"vnet*", "tap0"}}}},
			Relays: relay.Relays{{Local: addr("192.168.20.1"), Server: netip.MustParseAddrPort("192.168.9.1:67"), Interface: "eth1"},
				{Local: addr("192.168.21.1"), Server: netip.AddrPortFrom(netip.Addr{}, 1067), Interface: "eth2"},
				{Local: addr("192.168.21.1"), Server: netip.MustParseAddrPort("192.168.9.1:67"), Split: true, Interface: "eth2"},
				{Local: addr("192.168.21.1"), Server: netip.MustParseAddrPort("192.168.9.1:67"), Split: true, Uplink: addr("192.168.9.2")}},
		},
		{TFTP: config.TFTP{Root: "/srv"}},
	}
}

func samplePolicy() policy.Policy {
	pattern := policy.Pattern{Bytes: []byte{0x52, 0, 7}, Any: []bool{false, true, false}}
	typed := policy.Pattern{Type: 0x20, Bytes: []byte{1, 2, 3}}
	return policy.Policy{
		MACs: []policy.MAC{{Tag: "a", Pattern: pattern}, {Tag: "hex:b", Pattern: typed}, {Tag: "c", Pattern: policy.Pattern{Type: 1, Bytes: []byte{0}, Any: []bool{true}}}, {Tag: "none"}, {Tag: "none", Pattern: policy.Pattern{Type: 0x20}}},
		Options: []policy.Option{
			{Tag: "a", Code: 77}, {Tag: "a", Code: 60, Form: policy.Prefix, Value: pattern}, {Tag: "a", Code: 93, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{0, 7}}},
			{Tag: "a", Code: 54, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{10, 0, 0, 1}}}, {Tag: "a", Code: 54, Form: policy.Element, Value: policy.Pattern{Bytes: []byte("10.0.0.1")}},
			{Tag: "a", Code: 77, Form: policy.Part, Value: policy.Pattern{Bytes: []byte("iPXE")}}, {Tag: "a", Encap: true, Enterprise: 40712}, {Tag: "a", Encap: true, Form: policy.Part, Value: policy.Pattern{Bytes: []byte{0}}},
			{Tag: "a", Code: 93, Form: policy.Element, Value: policy.Pattern{Bytes: []byte{7}}},
			{Tag: "a", Code: 97, Form: policy.Machine, Value: policy.Pattern{Bytes: []byte("0123456789abcdef")}},
		},
		Classes: []policy.Class{{Place: policy.VendorClass, Tag: "a", Text: []byte("PXE")}, {Place: policy.UserClass, Tag: "a", Text: []byte("x y")}, {Place: policy.CircuitID, Tag: "a", Text: []byte{0, 1}},
			{Place: policy.RemoteID, Tag: "a", Text: []byte("r")}, {Place: policy.SubscriberID, Tag: "a", Text: []byte("hex:s")}},
		Names:   []policy.Name{{Tag: "a", Name: "pc", Wild: true}, {Tag: "a", Name: "pc"}, {Tag: "a", Wild: true}, {Tag: "a", Name: "x*"}, {Tag: "a", Name: "hex:", Wild: true}},
		Origins: []policy.Origin{{Tag: "a", Interface: "hex:*"}, {Tag: "a", Network: netip.MustParsePrefix("10.0.0.0/8")}, {Tag: "b", Relay: netip.MustParseAddr("10.0.0.1")}},
		IPXEs:   []policy.IPXE{{Tag: "a", Features: []pxe.Feature{pxe.FeatureHTTP, 0x77}}},
		Hosts: []policy.Host{{MACs: []policy.Pattern{typed, pattern}, ClientID: []byte{1, 0}, Name: "pc7", Addr: netip.MustParseAddr("192.168.9.7"), Elsewhere: true, Time: 45 * time.Minute, NoID: true,
			Wants: policy.Wants{"x"}, Sets: []string{"y", "z"}, Ignore: true}, {Name: "n", Time: lease.Infinite}, {ClientID: []byte("text")}},
		Implications:   []policy.Implication{{Wants: policy.Wants{"x*"}, Sets: []string{"s", "t"}}, {Sets: []string{"always"}}},
		Ignores:        []policy.Ignore{{Wants: policy.Wants{"!known"}}},
		IgnoreClientID: true,
	}
}

func sampleLeases() lease.Config {
	addr := netip.MustParseAddr
	all, some := lease.For{}, lease.For{Tags: policy.Wants{"x", "!y"}}
	return lease.Config{
		Ranges: []lease.Range{
			{First: addr("192.168.9.50"), Last: addr("192.168.9.99"), Bits: 24, Broadcast: addr("192.168.9.255"), Time: 36 * time.Hour, Tags: policy.Wants{"x"}, Set: "y"},
			{First: addr("192.168.20.0"), Last: addr("192.168.20.0"), Static: true, Bits: 30, Time: lease.Infinite}, {First: addr("10.0.0.1"), Last: addr("10.0.0.1")},
		},
		Options: []lease.Option{
			{Code: 3, Value: []byte{0, 0, 0, 0, 10, 0, 0, 1}, Addrs: true, Tags: policy.Wants{"x"}}, {Code: 3}, {Code: 26, Value: []byte{5, 120}, Force: true}, {Code: 58, Value: []byte{0, 0, 1, 0}},
			{Code: 2, Value: []byte{255, 255, 255, 0}}, {Code: 66, Value: []byte("hex:t"), Text: true}, {Code: 26, Value: []byte{1}}, {Code: 200, Value: []byte("ab")},
			{Code: 190, Value: []byte{1}, Inner: lease.Inner{Of: 175}}, {Code: 5, Value: []byte("hi"), Text: true, Inner: lease.Inner{Of: 125, Enterprise: 9}}, {Code: 5, Inner: lease.Inner{Of: 125}},
			{Code: 175, Value: []byte{1}, PXE: true, Tags: policy.Wants{"x"}}, {Code: 190, Value: []byte{1}, PXE: true, Inner: lease.Inner{Of: 175}},
		},
		Domains:       []lease.Domain{{Name: "lab.example", First: addr("10.0.0.1"), Last: addr("10.0.0.9")}, {Name: "one", First: addr("10.0.0.1"), Last: addr("10.0.0.1")}, {Name: "all"}, {}},
		Authoritative: true, RapidCommit: true, NoPing: true, Sequential: true, NoOverride: true, Max: 7, ClientUpdates: true, AllRelays: true,
		Broadcast: []lease.For{all, some}, DynamicBOOTP: []lease.For{some, all}, IgnoreNames: []lease.For{some}, GenerateNames: []lease.For{some},
		RelayServerID: []netip.Addr{addr("10.0.0.1"), addr("10.0.0.2")},
		Queries:       []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("10.0.0.1/8"), netip.MustParsePrefix("fd00::/64")},
	}
}
