package dnsmasq

import (
	"net/netip"
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

// Each line stands in a file of its own and gives or wants tags; the real dnsmasq must accept it too.
func TestRules(t *testing.T) {
	bytes := func(b ...byte) policy.Pattern { return policy.Pattern{Bytes: b} }
	for name, c := range map[string]struct {
		line string
		want any
	}{
		"a MAC with wildcards": {"dhcp-mac=set:vm,52:54:00:*:*:*", policy.MAC{Tag: "vm", Rule: "x:1", Pattern: policy.Pattern{
			Bytes: []byte{0x52, 0x54, 0, 0, 0, 0}, Any: []bool{false, false, false, true, true, true}}}},
		"a MAC with its type, a bare tag":       {"dhcp-mac=vm,06-52:54:00:12:34:56", policy.MAC{Tag: "vm", Rule: "x:1", Pattern: policy.Pattern{Type: 6, Bytes: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56}}}},
		"a MAC without colons":                  {"dhcp-mac=set:vm,525400123456", policy.MAC{Tag: "vm", Rule: "x:1", Pattern: bytes(0x52, 0x54, 0, 0x12, 0x34, 0x56)}},
		"an option that is there":               {"dhcp-match=set:ipxe,175", policy.Option{Tag: "ipxe", Code: 175, Rule: "x:1"}},
		"an array's element, as wide as it is":  {"dhcp-match=set:efi,option:client-arch,7", policy.Option{Tag: "efi", Code: 93, Form: policy.Element, Value: bytes(0, 7), Rule: "x:1"}},
		"by number it is as wide":               {"dhcp-match=set:efi,93,7", policy.Option{Tag: "efi", Code: 93, Form: policy.Element, Value: bytes(0, 7), Rule: "x:1"}},
		"a width of one's own":                  {"dhcp-match=set:x,93,7b", policy.Option{Tag: "x", Code: 93, Form: policy.Element, Value: bytes(7), Rule: "x:1"}},
		"a number as wide as it needs":          {"dhcp-match=set:x,94,70000", policy.Option{Tag: "x", Code: 94, Form: policy.Element, Value: bytes(0, 1, 0x11, 0x70), Rule: "x:1"}},
		"a text":                                {"dhcp-match=set:p,60,PXEClient:Arch:00007", policy.Option{Tag: "p", Code: 60, Form: policy.Part, Value: bytes([]byte("PXEClient:Arch:00007")...), Rule: "x:1"}},
		"a text in quotes that looks like hex":  {`dhcp-match=set:p,option:vendor-class,"01:02"`, policy.Option{Tag: "p", Code: 60, Form: policy.Part, Value: bytes([]byte("01:02")...), Rule: "x:1"}},
		"bytes with wildcards, net: as of old":  {"dhcp-match=net:p,option:client-machine-id,00:*:aa", policy.Option{Tag: "p", Code: 97, Form: policy.Prefix, Value: policy.Pattern{Bytes: []byte{0, 0, 0xaa}, Any: []bool{false, true, false}}, Rule: "x:1"}},
		"addresses":                             {"dhcp-match=set:p,option:server-identifier,192.168.9.2", policy.Option{Tag: "p", Code: 54, Form: policy.Element, Value: bytes(192, 168, 9, 2), Rule: "x:1"}},
		"an enterprise's class":                 {"dhcp-match=set:p,vi-encap:3561,abc", policy.Option{Tag: "p", Enterprise: 3561, Encap: true, Form: policy.Part, Value: bytes([]byte("abc")...), Rule: "x:1"}},
		"a vendor class":                        {"dhcp-vendorclass=set:http,HTTPClient:Arch:00016", policy.Class{Tag: "http", Text: []byte("HTTPClient:Arch:00016"), Rule: "x:1"}},
		"a vendor class with its enterprise":    {"dhcp-vendorclass=set:http,enterprise:343,HTTPClient", policy.Class{Tag: "http", Text: []byte("HTTPClient"), Rule: "x:1"}},
		"a user class":                          {"dhcp-userclass=set:ipxe,iPXE", policy.Class{Place: policy.UserClass, Tag: "ipxe", Text: []byte("iPXE"), Rule: "x:1"}},
		"a relay's circuit in bytes":            {"dhcp-circuitid=set:hall,00:0a:2c", policy.Class{Place: policy.CircuitID, Tag: "hall", Text: []byte{0, 10, 44}, Rule: "x:1"}},
		"a relay's remote id in letters":        {"dhcp-remoteid=set:hall,switch7", policy.Class{Place: policy.RemoteID, Tag: "hall", Text: []byte("switch7"), Rule: "x:1"}},
		"a subscriber in quotes is a text":      {`dhcp-subscrid=set:hall,"00:01"`, policy.Class{Place: policy.SubscriberID, Tag: "hall", Text: []byte("00:01"), Rule: "x:1"}},
		"a name":                                {"dhcp-name-match=set:lab,lab*", policy.Name{Tag: "lab", Name: "lab", Wild: true, Rule: "x:1"}},
		"a host to ignore":                      {"dhcp-host=52:54:00:12:34:*,ignore", policy.Host{Ignore: true, Rule: "x:1", MACs: []policy.Pattern{{Bytes: []byte{0x52, 0x54, 0, 0x12, 0x34, 0}, Any: []bool{false, false, false, false, false, true}}}}},
		"a host with all there is":              {"dhcp-host=aa:bb:cc:dd:ee:ff,id:01:02,set:a,net:b,tag:!c,192.168.9.7,srv.lab,45m", policy.Host{Rule: "x:1", ClientID: []byte{1, 2}, MACs: []policy.Pattern{bytes(0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff)}, Sets: []string{"a", "b"}, Wants: policy.Wants{"!c"}, Addr: netip.MustParseAddr("192.168.9.7"), Name: "srv", Time: 45 * time.Minute}},
		"a host by a client id that is a text":  {"dhcp-host=id:vm7,infinite,set:v", policy.Host{Rule: "x:1", ClientID: []byte("vm7"), Time: lease.Infinite, Sets: []string{"v"}}},
		"a host of IPv6 only":                   {"dhcp-host=aa:bb:cc:dd:ee:ff,[fd00::1]", policy.Host{Rule: "x:1", MACs: []policy.Pattern{bytes(0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff)}, Elsewhere: true}},
		"tags that follow from others":          {"tag-if=set:a,set:b,tag:eth*,tag:!known", policy.Implication{Sets: []string{"a", "b"}, Wants: policy.Wants{"eth*", "!known"}, Rule: "x:1"}},
		"whom to ignore, the new and old way":   {"dhcp-ignore=tag:!known,#friend", policy.Ignore{Wants: policy.Wants{"!known", "#friend"}, Rule: "x:1"}},
		"a boot file for two tags":              {"dhcp-boot=tag:a,net:!b,x.efi,,192.168.9.9", proxydhcp.Boot{File: "x.efi", Server: netip.MustParseAddr("192.168.9.9"), Tags: policy.Wants{"a", "!b"}, Rule: "x:1"}},
		"a service for a tag":                   {"pxe-service=tag:a,x86PC,Boot,x.0", proxydhcp.Service{Text: "Boot", Type: 32768, File: "x.0", Tags: policy.Wants{"a"}, Rule: "x:1"}},
		"a prompt for a tag":                    {"pxe-prompt=tag:a,Hi,3", proxydhcp.Prompt(pxe.Prompt{Seconds: 3, Text: "Hi"}, policy.Wants{"a"}, "x:1")},
		"a sub-option of option 43":             {"dhcp-option=tag:a,vendor:PXEClient,6,2b", proxydhcp.SubOption{Class: "PXEClient", SubOption: pxe.SubOption{Code: 6, Value: []byte{2}}, Tags: policy.Wants{"a"}, Rule: "x:1"}},
		"a sub-option for every class":          {"dhcp-option=vendor:,6,2b", proxydhcp.SubOption{Any: true, SubOption: pxe.SubOption{Code: 6, Value: []byte{2}}, Rule: "x:1"}},
		"a sub-option with addresses":           {"dhcp-option-force=vendor:PXEClient,7,224.0.1.2", proxydhcp.SubOption{Class: "PXEClient", SubOption: pxe.SubOption{Code: 7, Value: []byte{224, 0, 1, 2}}, Force: true, Rule: "x:1"}},
		"a sub-option in bytes":                 {"dhcp-option=vendor:PXEClient,9,00:00:02:41:42", proxydhcp.SubOption{Class: "PXEClient", SubOption: pxe.SubOption{Code: 9, Value: []byte{0, 0, 2, 'A', 'B'}}, Rule: "x:1"}},
		"a sub-option with a text with a comma": {"dhcp-option=vendor:PXEClient,10,Hi, there", proxydhcp.SubOption{Class: "PXEClient", SubOption: pxe.SubOption{Code: 10, Value: []byte("Hi, there")}, Rule: "x:1"}},
		"an option for PXE clients":             {"dhcp-option-pxe=tag:a,encap:175,190,1b", lease.Option{Code: 190, Value: []byte{1}, PXE: true, Inner: lease.Inner{Of: 175}, Tags: policy.Wants{"a"}, Rule: "x:1"}},
		"a relay in two halves":                 {"dhcp-split-relay=192.168.20.1,192.168.9.1#1067,eth1", relay.Relay{Local: netip.MustParseAddr("192.168.20.1"), Server: netip.MustParseAddrPort("192.168.9.1:1067"), Split: true, Interface: "eth1", Rule: "x:1"}},
		"one with an address of its own":        {"dhcp-split-relay=192.168.20.1,192.168.9.1,192.168.9.2", relay.Relay{Local: netip.MustParseAddr("192.168.20.1"), Server: netip.MustParseAddrPort("192.168.9.1:67"), Split: true, Uplink: netip.MustParseAddr("192.168.9.2"), Rule: "x:1"}},
		"one that broadcasts":                   {"dhcp-split-relay=192.168.20.1,0.0.0.0,eth1", relay.Relay{Local: netip.MustParseAddr("192.168.20.1"), Server: netip.AddrPortFrom(netip.Addr{}, 67), Split: true, Interface: "eth1", Rule: "x:1"}},
		"a delay":                               {"dhcp-reply-delay=tag:a,3", proxydhcp.Delay{Wait: 3 * time.Second, Tags: policy.Wants{"a"}, Rule: "x:1"}},
		"a range for a tag that gives another":  {"dhcp-range=tag:a,set:b,192.168.9.0,proxy", dhcp.Network{Addr: netip.MustParseAddr("192.168.9.0"), Tags: policy.Wants{"a"}, Set: "b", Rule: "x:1"}},
		"a range with a bare tag, as of old":    {"dhcp-range=red,192.168.9.0,proxy", dhcp.Network{Addr: netip.MustParseAddr("192.168.9.0"), Set: "red", Rule: "x:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse("x", []byte(c.line+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, only(t, cfg), addrs); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.line, diff)
			}
			accepted(t, c.line)
		})
	}
}

// only is the one entry of a configuration.
func only(t *testing.T, cfg *config.Config) any {
	t.Helper()
	var all []any
	add := func(n int, at func(int) any) {
		for i := range n {
			all = append(all, at(i))
		}
	}
	d, p := &cfg.DHCP, &cfg.DHCP.Policy
	add(len(p.MACs), func(i int) any { return p.MACs[i] })
	add(len(p.Options), func(i int) any { return p.Options[i] })
	add(len(p.Classes), func(i int) any { return p.Classes[i] })
	add(len(p.Names), func(i int) any { return p.Names[i] })
	add(len(p.Hosts), func(i int) any { return p.Hosts[i] })
	add(len(p.Implications), func(i int) any { return p.Implications[i] })
	add(len(p.Ignores), func(i int) any { return p.Ignores[i] })
	add(len(d.Networks), func(i int) any { return d.Networks[i] })
	add(len(d.Boot), func(i int) any { return d.Boot[i] })
	add(len(d.Services), func(i int) any { return d.Services[i] })
	add(len(d.SubOptions), func(i int) any { return d.SubOptions[i] })
	add(len(d.Delays), func(i int) any { return d.Delays[i] })
	add(len(cfg.Leases.Options), func(i int) any { return cfg.Leases.Options[i] })
	add(len(cfg.Relays), func(i int) any { return cfg.Relays[i] })
	if len(all) != 1 {
		t.Fatalf("%d entries: %+v", len(all), all)
	}
	return all[0]
}

// What dnsmasq refuses is refused, with what to do about it.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"a part of option 43 for PXE":    {"dhcp-option-pxe=vendor:PXEClient,6,8", "x:1: dhcp-option-pxe=vendor:PXEClient,6,8: dnsmasq has no parts of option 43 here; write dhcp-option=vendor:PXEClient,6,8"},
		"half a split relay":             {"dhcp-split-relay=192.168.20.1,192.168.9.1", "x:1: dhcp-split-relay=192.168.20.1,192.168.9.1: it wants LOCAL,SERVER,UPLINK, an address or the name of an interface at the end"},
		"a split relay by any interface": {"dhcp-split-relay=192.168.20.1,192.168.9.1,eth*", `x:1: dhcp-split-relay=192.168.20.1,192.168.9.1,eth*: "eth*" is no address and no interface; name it in full`},
		"a split relay to nobody":        {"dhcp-split-relay=192.168.20.1,,eth1", `x:1: dhcp-split-relay=192.168.20.1,,eth1: "" is no IPv4 address; 0.0.0.0 is whoever hears a broadcast on the interface`},
		"a split relay of IPv6":          {"dhcp-split-relay=fd00::1,fd00::2,eth1", `x:1: dhcp-split-relay=fd00::1,fd00::2,eth1: "fd00::1" is no IPv4 address, and others are not relayed so`},
		"a tag without anything":         {"dhcp-boot=tag:x", "x:1: dhcp-boot: tag:x: nothing follows the tag"},
		"a prompt with only a tag":       {"pxe-prompt=tag:x", "x:1: pxe-prompt: tag:x: nothing follows the tag"},
		"a MAC that is none":             {"dhcp-mac=set:x,zz", "x:1: dhcp-mac: zz: not bytes in hexadecimal, such as 52:54:00:*:*:*"},
		"a wildcard within a byte":       {"dhcp-mac=set:x,1*:22", "x:1: dhcp-mac: 1*:22: not bytes in hexadecimal, such as 52:54:00:*:*:*"},
		"an option without a name":       {"dhcp-match=set:x,option:nosuch", "x:1: dhcp-match: option:nosuch: dnsmasq knows no such option; `dnsmasq --help dhcp` lists them"},
		"two tags for a match":           {"dhcp-match=x,y,93", "x:1: dhcp-match=x,y,93: exactly one tag and one option are expected: set:TAG,OPTION[,VALUE]"},
		"no tag for a match":             {"dhcp-match=93", "x:1: dhcp-match=93: exactly one tag and one option are expected: set:TAG,OPTION[,VALUE]"},
		"an internal option's number":    {"dhcp-match=set:x,option:message-type,1", `x:1: dhcp-match: option:message-type: "1": the value is too long for an option`},
		"a router that is a name":        {"dhcp-option=option:router,gw", `x:1: dhcp-option: option:router: "gw": not an IPv4 address`},
		"an option that is not to send":  {"dhcp-option=option:lease-time,1h", "x:1: dhcp-option: option:lease-time: dnsmasq knows no such option; `dnsmasq --help dhcp` lists them"},
		"a host name that is none":       {"dhcp-host=-x", `x:1: dhcp-host: "-x" is neither an address, nor a name, nor a time`},
		"one address for two hosts":      {"dhcp-host=11:22:33:44:55:66,1.2.3.4\ndhcp-host=11:22:33:44:55:67,1.2.3.4", "x:2: dhcp-host: the address 1.2.3.4 is that of another line, x:1"},
		"tag-if that gives nothing":      {"tag-if=tag:a", "x:1: tag-if=tag:a: it gives no tag: set:TAG is missing"},
		"tag-if with a bare word":        {"tag-if=set:a,x", `x:1: tag-if=set:a,x: "x" is neither set:TAG nor tag:TAG`},
		"nobody to ignore":               {"dhcp-ignore", "x:1: dhcp-ignore needs a value"},
		"a delay before it began":        {"dhcp-reply-delay=-1", "x:1: dhcp-reply-delay=-1: not a number of seconds"},
		"an address that is none":        {"listen-address=foo", `x:1: listen-address=foo: "foo" is not an IP address`},
		"the port twice":                 {"port=0\nport=0", "x:2: port stands here a second time, which dnsmasq refuses"},
		"a value for a flag of DNS":      {"domain-needed=1", "x:1: domain-needed takes no value"},
		"a file that is not there":       {"conf-file=/nonexistent", "x:1: conf-file: open /nonexistent: no such file or directory"},
		"a directory that is not there":  {"conf-dir=/nonexistent", "x:1: conf-dir: open /nonexistent: no such file or directory"},
		"two tags of one range":          {"dhcp-range=set:a,set:z,192.168.9.0,proxy", "x:1: dhcp-range=set:a,set:z,192.168.9.0,proxy: a range gives one tag only"},
		"an MTU that is none":            {"tftp-mtu=x", "x:1: tftp-mtu=x: not a number"},
	} {
		t.Run(name, func(t *testing.T) {
			mistakes(t, c.conf, c.want)
			refused(t, c.conf)
		})
	}
}

// Where dnsmasq would do what is surely not meant, we refuse.
func TestStricterThanDnsmasq(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"set: where tag: is meant": {"dhcp-boot=set:x,a.0", "x:1: dhcp-boot: set:x gives a tag, but this line asks for one: tag:x"},
		"tag: where set: is meant": {"dhcp-mac=tag:x,52:54:00:*:*:*", "x:1: dhcp-mac: tag:x asks for a tag, but this line gives one: set:x"},
		"a tag without a name":     {"dhcp-ignore=tag:!", "x:1: dhcp-ignore=tag:!: a tag has no name"},
		"an option above 255":      {"dhcp-option=300,x", "x:1: dhcp-option: 300: there are options up to 255"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x", []byte(c.conf))
			if err == nil || err.Error() != c.want {
				t.Errorf("%q: %v, want %s", c.conf, err, c.want)
			}
		})
	}
}
