package policy_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/policy"
)

// said are the options of a packet.
type said map[uint8]string

func client(options said) policy.Client {
	p := &dhcpv4.DHCPv4{HWType: 1, ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, Options: dhcpv4.Options{53: {1}}}
	for code, value := range options {
		p.Options[code] = []byte(value)
	}
	here := netip.MustParsePrefix("192.168.9.0/24")
	return policy.Client{Interface: "eth0", Packet: p, Here: here.Contains}
}

func evaluate(t testing.TB, conf string, options said) policy.Result {
	t.Helper()
	cfg, err := dnsmasq.Parse("x", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	return cfg.DHCP.Policy.Evaluate(client(options))
}

// The client is 52:54:00:12:34:56 on eth0.
func TestTags(t *testing.T) {
	const mac = "52:54:00:12:34:56"
	for name, c := range map[string]struct {
		conf    string
		options said
		want    string // the tags beside eth0
	}{
		"nothing but the interface":                         {"", nil, ""},
		"a MAC that fits":                                   {"dhcp-mac=set:a,52:54:00:*:*:*\ndhcp-mac=set:b,52:54:01:*:*:*", nil, "a"},
		"a MAC of another type":                             {"dhcp-mac=set:a,06-52:54:00:12:34:56\ndhcp-mac=set:b,01-52:54:00:12:34:56", nil, "b"},
		"a MAC that is shorter":                             {"dhcp-mac=set:a,52:54:00", nil, ""},
		"an option that is there":                           {"dhcp-match=set:a,175\ndhcp-match=set:b,176", said{175: "\x01"}, "a"},
		"an empty option is not there":                      {"dhcp-match=set:a,175", said{175: ""}, ""},
		"one of several architectures":                      {"dhcp-match=set:a,option:client-arch,7\ndhcp-match=set:b,93,9", said{93: "\x00\x06\x00\x07"}, "a"},
		"an element does not begin within another":          {"dhcp-match=set:a,93,7", said{93: "\x07\x00\x07\x00"}, ""},
		"bytes fit at the beginning only":                   {"dhcp-match=set:a,97,00:*:03\ndhcp-match=set:b,97,02:03", said{97: "\x00\x02\x03\x04"}, "a"},
		"a text fits anywhere":                              {"dhcp-match=set:a,60,Arch:00007", said{60: "PXEClient:Arch:00007"}, "a"},
		"a pattern longer than the option":                  {"dhcp-match=set:a,97,00:*:*", said{97: "\x00\x01"}, ""},
		"an enterprise's class":                             {"dhcp-match=set:a,vi-encap:9,abc\ndhcp-match=set:b,vi-encap:8", said{124: "\x00\x00\x00\x09\x05\x04xabc"}, "a"},
		"a vendor class":                                    {"dhcp-vendorclass=set:a,HTTPClient\ndhcp-vendorclass=set:b,PXEClient", said{60: "HTTPClient:Arch:00016"}, "a"},
		"iPXE's user class, which has no count":             {"dhcp-userclass=set:a,iPXE", said{77: "iPXE"}, "a"},
		"counted user classes":                              {"dhcp-userclass=set:a,ab\ndhcp-userclass=set:b,\"\t\"", said{77: "\x02ab\x09123456789"}, "a"},
		"what the relay says, all of it":                    {"dhcp-circuitid=set:a,port1\ndhcp-circuitid=set:b,port\ndhcp-remoteid=set:c,01:02\ndhcp-subscrid=set:d,me", said{82: "\x01\x05port1\x02\x02\x01\x02\x06\x02me"}, "a c d"},
		"a relay's option that is cut short":                {"dhcp-circuitid=set:a,port1", said{82: "\x01\x09port1"}, ""},
		"a name, whatever its case":                         {"dhcp-name-match=set:a,LAB*\ndhcp-name-match=set:b,lab", said{12: "lab7"}, "a"},
		"a name in option 81":                               {"dhcp-name-match=set:a,vm", said{81: "\x04\x00\x00\x02vm\x00", 12: "other"}, "a"},
		"a name that is none":                               {"dhcp-name-match=set:a,-x", said{12: "-x"}, ""},
		"a known host and its tags":                         {"dhcp-host=" + mac + ",set:a,set:b", nil, "a b known"},
		"a host on another network is known there":          {"dhcp-host=" + mac + ",set:a,10.0.0.7", nil, "known-othernet"},
		"a host of IPv6 only too":                           {"dhcp-host=" + mac + ",set:a,[fd00::7]", nil, "known-othernet"},
		"the client id wins over the address":               {"dhcp-host=" + mac + ",set:a\ndhcp-host=id:vm7,set:b", said{61: "vm7"}, "b known"},
		"a client id behind a zero":                         {"dhcp-host=id:vm7,set:b", said{61: "\x00vm7"}, "b known"},
		"unless client ids are ignored":                     {"dhcp-host=id:vm7,set:b\ndhcp-ignore-clid", said{61: "vm7"}, ""},
		"the whole address wins over a pattern":             {"dhcp-host=" + mac + ",set:a\ndhcp-host=52:54:00:12:34:*,set:b", nil, "a known"},
		"of patterns the one with the fewest wildcards":     {"dhcp-host=52:54:00:12:34:*,set:a\ndhcp-host=52:54:00:*:*:*,set:b", nil, "a known"},
		"of equal lines the last":                           {"dhcp-host=" + mac + ",set:a\ndhcp-host=" + mac + ",set:b", nil, "b known"},
		"a line that wants a tag comes first":               {"dhcp-mac=set:vm,52:*:*:*:*:*\ndhcp-host=" + mac + ",tag:vm,set:a\ndhcp-host=" + mac + ",set:b", nil, "a known vm"},
		"a line that wants a missing tag is not there":      {"dhcp-host=" + mac + ",tag:vm,set:a", nil, ""},
		"a host by name, without its domain":                {"dhcp-host=srv,set:a", said{12: "srv.lab"}, "a known"},
		"nobody takes a host's name that has an address":    {"dhcp-host=aa:bb:cc:dd:ee:ff,srv,set:a", said{12: "srv"}, ""},
		"tag-if sees the lines above it":                    {"tag-if=set:a,tag:eth0\ntag-if=set:b,tag:a", nil, "a b"},
		"and not those below":                               {"tag-if=set:b,tag:a\ntag-if=set:a,tag:eth0", nil, "a"},
		"tag-if for the absence of a tag":                   {"tag-if=set:a,tag:!known\ntag-if=set:b,tag:#eth0", nil, "a"},
		"only tag-if knows wildcards":                       {"tag-if=set:a,tag:eth*\ntag-if=set:b,tag:!eth*\ntag-if=set:c,tag:wlan*", nil, "a"},
		"tag-if is asked anew when the host's tags are set": {"tag-if=set:stranger,tag:!vm\ndhcp-host=" + mac + ",set:vm", nil, "known vm"},
		"a BOOTP client, with its file, and no name":        {"dhcp-name-match=set:a,vm\ntag-if=set:b,tag:bootp", said{53: "", 12: "vm"}, "b bootp"},
		"a broadband device that says who it is":            {"", said{125: "\x00\x00\x0d\xe9\x06\x01\x01m\x02\x01s"}, "cpewan-id"},
		"and one that does not":                             {"", said{125: "\x00\x00\x0d\xe9\x03\x01\x01m"}, ""},
		"and a host's line may want what it gives":          {"tag-if=set:lan,tag:eth0\ndhcp-host=" + mac + ",tag:lan,set:a", nil, "a known lan"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for tag := range evaluate(t, c.conf, c.options).Tags {
				if tag != "eth0" {
					got = append(got, tag)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	for name, c := range map[string]struct{ conf, want string }{
		"nobody":                          {"dhcp-ignore=tag:a", ""},
		"all but known machines":          {"dhcp-ignore=tag:!known", "x:1 dhcp-ignore: tag:!known"},
		"a known machine is answered":     {"dhcp-ignore=tag:!known\ndhcp-host=52:54:00:12:34:56", ""},
		"by a tag, which has its line":    {"dhcp-mac=set:bad,52:54:*:*:*:*\ndhcp-ignore=tag:bad", "x:2 dhcp-ignore: tag:bad (x:1)"},
		"only with all tags":              {"dhcp-mac=set:bad,52:54:*:*:*:*\ndhcp-ignore=tag:bad,tag:worse", ""},
		"by the interface, the old way":   {"dhcp-ignore=net:eth0", "x:1 dhcp-ignore: tag:eth0"},
		"by what follows from other tags": {"tag-if=set:bad,tag:eth*\ndhcp-ignore=bad", "x:2 dhcp-ignore: tag:bad (x:1)"},
		"a host's line":                   {"dhcp-host=52:54:00:*:*:*,ignore", "x:1 dhcp-host says to ignore it"},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, c.conf, nil)
			if diff := cmp.Diff(c.want, strings.TrimSpace(r.Ignore+" "+r.Reason)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestARangesTagIsSeenByTagIf(t *testing.T) {
	r := evaluate(t, "tag-if=set:a,tag:lan", nil)
	if _, early := r.Tags["a"]; early {
		t.Error("the tag is there before the range is chosen")
	}
	if tags := r.With("lan", "x:9"); tags["a"] != "x:1" || tags["lan"] != "x:9" {
		t.Errorf("the tags are %v", tags)
	}
}

func TestChoose(t *testing.T) {
	type line struct {
		name string
		policy.Wants
	}
	lines := []line{{"any", nil}, {"a", policy.Wants{"a"}}, {"ab", policy.Wants{"a", "b"}}, {"not a", policy.Wants{"!a"}}, {"other", nil}}
	for tags, want := range map[string]string{"": "not a", "a": "a", "a b": "ab", "b": "not a"} {
		has := policy.Tags{}
		for _, tag := range strings.Fields(tags) {
			has[tag] = ""
		}
		got, _ := policy.Choose(lines, func(l line) policy.Wants { return l.Wants }, has)
		if got.name != want {
			t.Errorf("with tags %q the line is %q, want %q", tags, got.name, want)
		}
	}
	if got, _ := policy.Choose(lines[:3], func(l line) policy.Wants { return l.Wants }, policy.Tags{}); got.name != "any" {
		t.Errorf("without tags the line is %q", got.name)
	}
}

// Whatever a client sends, looking at it ends.
func FuzzEvaluate(f *testing.F) {
	f.Add(uint8(82), []byte("\x01\x05port1"), uint8(124), []byte("\x00\x00\x00\x09\x05\x04xabc"))
	f.Add(uint8(77), []byte("\x02ab"), uint8(81), []byte("\x04\x00\x00\x02vm\x00"))
	cfg, err := dnsmasq.Parse("x", []byte("dhcp-circuitid=set:a,b\ndhcp-match=set:c,vi-encap:9,d\ndhcp-userclass=set:e,f\n"+
		"dhcp-name-match=set:g,h*\ndhcp-host=id:x,set:i\ndhcp-match=set:j,93,7\ntag-if=set:k,tag:!a\ndhcp-ignore=tag:c"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, one uint8, first []byte, other uint8, second []byte) {
		cfg.DHCP.Policy.Evaluate(client(said{one: string(first), other: string(second)}))
	})
}
