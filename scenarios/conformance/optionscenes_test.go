package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// optionScenes are what clients are told of names, and the options they get.
func optionScenes() map[string]scene {
	const many = "dhcp-range=192.168.9.50,192.168.9.99\n"
	const domain = "domain=lab.example\n"
	hosts := "dhcp-host=52:54:00:07:07:01,vm-one\ndhcp-host=52:54:00:07:07:02,vm-two,192.168.9.60\ndhcp-host=printer,192.168.9.61\n"
	all := map[string]scene{
		"names":                           {many + domain, named()},
		"names without a domain":          {many, named()},
		"names of hosts":                  {many + domain + hosts, named()},
		"names that are ignored":          {many + domain + "dhcp-ignore-names\n", named()},
		"names that are ignored for some": {many + domain + "dhcp-ignore-names=tag:odd\ndhcp-mac=set:odd,52:54:00:07:07:02\n", named()},
		"names that are made":             {many + domain + "dhcp-generate-names\n", named()},
		"names that clients update":       {many + domain + "dhcp-client-update\n", named()},
		"names with their domain":         {many + domain + "dhcp-fqdn\n", named()},
		"domains of ranges":               {many + "domain=lab.example\ndomain=pool.example,192.168.9.50,192.168.9.99\ndomain=other.example,192.168.77.0/24\n", named()},
		"a name that is configured":       {many + domain + "dhcp-option=12,fixed\ndhcp-option=15,said.example\n", named()},
		"parameter lists":                 {many + forms, lists()},
		"no parameter list, no override":  {many + forms + "dhcp-no-override\n", lists()},
		"forced options":                  {many + strings.ReplaceAll(forms, "dhcp-option=", "dhcp-option-force="), lists()},
		"options of vendors":              {many + vendors, classes()},
		"options of vendors, forced":      {many + strings.ReplaceAll(vendors, "dhcp-option=", "dhcp-option-force="), classes()},
		"T1 and T2":                       {many + "dhcp-option=58,1200\ndhcp-option=59,1800\n", lists()},
		"T1 and T2 that are too long":     {many + "dhcp-option=58,12h\ndhcp-option=59,1800\n", lists()},
		"options by tag":                  {many + "dhcp-option=3,192.168.9.1\ndhcp-option=tag:a,3,192.168.9.3\ndhcp-option=tag:!a,42,192.168.9.4\ndhcp-mac=set:a,52:54:00:07:07:01\ndhcp-option=tag:a,tag:b,6,1.1.1.1\n", lists()},
	}
	for _, n := range []int{1, 3, 5, 8, 20} {
		all[fmt.Sprintf("%d long options", n)] = scene{many + long(n), sizes()}
	}
	all["sub-options of more than one option"] = scene{many + nested("vendor:MSFT") + nested("encap:175") + nested("vi-encap:9"), classes()}
	all["options that just fit"] = scene{many + fitting(), fits()}
	all["long options, no override"] = scene{many + long(8) + "dhcp-no-override\n", sizes()}
	all["long options and a boot file"] = scene{many + long(8) + "dhcp-boot=pxelinux.0,boot.lab,192.168.9.7\n", sizes()}
	all["long options, 66 and 67"] = scene{many + long(8) + "dhcp-option=66,boot.lab\ndhcp-option=67,x.0\n", sizes()}
	all["long options and a menu"] = scene{many + long(8) + "pxe-prompt=\"Choose\",3\npxe-service=x86PC,\"Install the lab\",install\npxe-service=x86PC,\"Disk\"\n", sizes()}
	all["long names"] = scene{many + "dhcp-boot=" + strings.Repeat("long/", 24) + "," + strings.Repeat("server", 10) + "\n", sizes()}
	return all
}

// forms are the values that dhcp-option takes.
const forms = `dhcp-option=3,192.168.9.1,192.168.9.3
dhcp-option=6,0.0.0.0,9.9.9.9
dhcp-option=option:ntp-server,192.168.9.4
dhcp-option=19,1
dhcp-option=23,64
dhcp-option=26,1400
dhcp-option=28,192.168.9.127
dhcp-option=2,3600
dhcp-option=33,10.1.2.3,192.168.9.1
dhcp-option=44,192.168.9.5
dhcp-option=46,8
dhcp-option=100,EST5EDT
dhcp-option=119,lab.example,example
dhcp-option=120,sip.lab
dhcp-option=121,10.0.0.0/8,192.168.9.1,0.0.0.0/0,192.168.9.3
dhcp-option=150,192.168.9.6
dhcp-option=225,01:02:ff
dhcp-option=226,300i
dhcp-option=227,7s
dhcp-option=228,"in, quotes"
dhcp-option=229
dhcp-option=230,192.168.9.7,text
dhcp-option=252,"\n"
dhcp-option=option:tftp-server,boot.lab
dhcp-option=option:bootfile-name,x.0
`

const vendors = `dhcp-option=vendor:MSFT,2,1i
dhcp-option=vendor:MSFT,3,"text"
dhcp-option=vendor:Sun,4,192.168.9.1
dhcp-option=vendor:,5,0.0.0.0
dhcp-option=encap:175,190,1b
dhcp-option=encap:175,191,user
dhcp-option=encap:176,1,192.168.9.8
dhcp-option=vi-encap:9,5,hi
dhcp-option=vi-encap:9,6,192.168.9.9
dhcp-option=vi-encap:9,2,3600
dhcp-option=vi-encap:9,12,7
dhcp-option=encap:176,2,3600
dhcp-option=vendor:MSFT,12,7
dhcp-option=vi-encap:3561,11,http://acs
`

// long is options of 60 bytes each.
func long(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "dhcp-option=%d,%s\n", 186+i, strings.Repeat(string(rune('a'+i)), 60))
	}
	return b.String()
}

// nested is five sub-options of 60 bytes.
func nested(in string) string {
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintf(&b, "dhcp-option=%s,%d,%s\n", in, 1+i, strings.Repeat(string(rune('a'+i)), 60))
	}
	return b.String()
}

// fitting is options of 3 to 7 bytes, behind some that fill the packet and its fields but for a few bytes.
func fitting() string {
	var b strings.Builder
	for i, size := range []int{5, 4, 3, 2, 1, 62, 62, 61, 61, 61, 61, 61} { // the last is sent first
		fmt.Fprintf(&b, "dhcp-option=%d,%s\n", 190+i, strings.Repeat("x", size))
	}
	return b.String()
}

// fits are clients that want some of them, in every combination that comes near to the end of a field.
func fits() (acts []act) {
	for _, filling := range [][]byte{{198, 199, 200, 201}, {197, 198, 199, 200, 201}, {196, 197, 198, 199, 200, 201}, {195, 196, 198, 199, 200, 201}, {195, 196, 197, 198, 199, 200, 201}} {
		for subset := range 1 << 5 {
			k := who("ann")
			k.list = slices.Clone(filling)
			for i := range byte(5) {
				if subset>>i&1 == 1 {
					k.list = append(k.list, 190+i)
				}
			}
			acts = append(acts, discover(k))
		}
	}
	return acts
}

func leased(k kind) []act { return []act{discover(k), take(k), inform(k)} }

// named are clients that have names, in options 12 and 81 (RFC 4702).
func named() (acts []act) {
	host := func(s string) []byte { return append([]byte{12, byte(len(s))}, s...) }
	full := func(flags byte, s string) []byte { return append([]byte{81, byte(3 + len(s)), flags, 0, 0}, s...) }
	for _, name := range []string{"ann", "bob"} {
		for _, more := range [][]byte{
			host("laptop"), host("laptop.lab.example"), host("laptop.elsewhere"), host("laptop\x00"), host("no good"), host("-dash"), host("vm-one"), host("VM-ONE"),
			host("printer"), host("a.b.c"), host("laptop."), host(strings.Repeat("x", 63)), host(strings.Repeat("x", 64)),
			full(0, "desk"), full(1, "desk"), full(1, "desk.lab.example"), full(4, "\x04desk\x00"), full(5, "\x04desk\x03lab\x07example\x00"), full(8, "desk"),
			full(1, ""), full(5, ""), full(1, "desk\x00"), full(0, "no good"), full(4, "\x09desk"), join(full(1, "desk"), host("laptop")), join(full(1, ""), host("laptop")),
			{81, 2, 1, 0}, nil,
		} {
			k := who(name).with(more)
			k.list = []byte{1, 3, 12, 15, 81}
			acts = append(acts, leased(k)...)
		}
	}
	return acts
}

// lists are clients that want other options, or the same in another order.
func lists() (acts []act) {
	everything := make([]byte, 0, 254)
	for code := range byte(254) {
		everything = append(everything, code+1)
	}
	for _, list := range [][]byte{{}, {3}, {67, 66, 43, 6, 3, 1}, {1, 1, 1}, {55}, {58, 59, 51}, {12, 42, 119, 121, 252}, {0, 255, 3}, everything[:120], everything} {
		k := who("ann")
		k.list = list
		acts = append(acts, leased(k)...)
	}
	zero := who("bob").with([]byte{12, 4, 'b', 'o', 'b', 0})
	zero.list = everything
	return append(acts, append(leased(zero), bootp(who("cid")))...)
}

// classes are clients of several vendors.
func classes() (acts []act) {
	for _, class := range []string{"", "MSFT 5.0", "SunW.Sun-Blade", "XMSFTX", "PXEClient:Arch:00000:UNDI:002001"} {
		for _, list := range [][]byte{{}, {1, 3}, {43}, {43, 60}, {125}, {43, 125, 175, 176}} {
			k := who("ann")
			k.class, k.list = class, list
			acts = append(acts, leased(k)...)
		}
	}
	return acts
}

// sizes are clients that take more or less (option 57), and have room in their fields or not.
func sizes() (acts []act) {
	everything := []byte{1, 3, 6, 12, 15, 43, 60, 66, 67, 97}
	for code := byte(186); code < 206; code++ {
		everything = append(everything, code)
	}
	for _, size := range [][]byte{nil, {57, 2, 1, 0x2c}, {57, 2, 2, 0x40}, {57, 2, 4, 0}, {57, 2, 5, 0xdc}, {57, 2, 0xff, 0xff}} {
		for _, list := range [][]byte{everything, everything[9:], {}} {
			k := who("ann").with(size, guid, undi)
			k.list = list
			acts = append(acts, leased(k)...)
			k.arch, k.class = 0, "PXEClient:Arch:00000:UNDI:002001"
			acts = append(acts, leased(k)...)
		}
	}
	relayed := who("bob").through("192.168.9.250").with(agent)
	relayed.list = everything
	return append(append(acts, discover(relayed), take(relayed)), bootp(who("cid")))
}
