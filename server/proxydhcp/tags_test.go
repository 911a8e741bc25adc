package proxydhcp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// The guest is 52:54:00:12:34:56. What a case shows is what tags change.
func TestDecideByTags(t *testing.T) {
	const (
		everyone = "192.168.9.2:67>255.255.255.255:68 "
		us       = "siaddr=192.168.9.2 "
		noMenu   = "43=0601080a0400505845ff "
		efi      = network + "dhcp-match=set:efi64,option:client-arch,7\n"
	)
	asks := question{kind: dhcpv4.MessageTypeRequest, port: 4011, src: "192.168.9.50:4011", ciaddr: "192.168.9.50"}
	on4011 := func(q question) question {
		asks.arch, asks.options, asks.item, asks.class = q.arch, q.options, q.item, q.class
		return asks
	}
	ipxe := map[uint8][]byte{pxe.OptUserClass: []byte("iPXE"), pxe.OptIPXE: {0xb1, 0}}
	for name, c := range map[string]struct {
		conf string
		question
		want string
	}{
		"a UEFI machine gets the file for its tag": {efi + "dhcp-boot=pxelinux.0\ndhcp-boot=tag:efi64,grubx64.efi\n", question{arch: 7},
			everyone + us + "file=grubx64.efi 43= [dnsmasq.conf:4]"},
		"even if a line without a tag comes later": {efi + "dhcp-boot=tag:efi64,grubx64.efi\ndhcp-boot=pxelinux.0\n", question{arch: 7},
			everyone + us + "file=grubx64.efi 43= [dnsmasq.conf:3]"},
		"a BIOS machine gets the file without a tag": {efi + "dhcp-boot=tag:efi64,grubx64.efi\ndhcp-boot=pxelinux.0\n", question{},
			everyone + us + "file=pxelinux.0 " + noMenu + "[dnsmasq.conf:4]"},
		"of two tagged files the last one fits": {efi + "dhcp-boot=tag:efi64,a.efi\ndhcp-boot=tag:efi64,b.efi\n", question{arch: 7},
			everyone + us + "file=b.efi 43= [dnsmasq.conf:4]"},
		"iPXE gets its script, and the ROM gets iPXE": {network + "dhcp-userclass=set:ipxe,iPXE\ndhcp-boot=undionly.kpxe\ndhcp-boot=tag:ipxe,http://192.168.9.2/boot.ipxe\n", question{options: ipxe},
			everyone + us + "file=http://192.168.9.2/boot.ipxe " + noMenu + "[dnsmasq.conf:4]"},
		"the ROM, which is not iPXE": {network + "dhcp-match=set:ipxe,175\ndhcp-boot=tag:!ipxe,undionly.kpxe\ndhcp-boot=tag:ipxe,boot.ipxe\n", question{},
			everyone + us + "file=undionly.kpxe " + noMenu + "[dnsmasq.conf:3]"},
		"no file for others": {efi + "dhcp-boot=tag:efi64,a.efi\n", question{},
			"silence: no boot file and no menu for architecture x86PC (0) [dnsmasq.conf:1]"},
		"a menu line for a tag": {network + "dhcp-mac=set:lab,52:54:00:*:*:*\npxe-service=tag:lab,x86PC,L,l\npxe-service=tag:!lab,x86PC,X,x\n", question{},
			everyone + us + "file= 43=" + one + "0807800001c0a80902" + "0904800001" + "4c" + "ff [dnsmasq.conf:3]"},
		"the only UEFI file for a tag": {network + "dhcp-mac=set:lab,52:54:00:*:*:*\npxe-service=tag:lab,x86-64_EFI,L,l.efi\npxe-service=tag:!lab,x86-64_EFI,X,x.efi\n", on4011(question{arch: 7}),
			"192.168.9.2:4011>192.168.9.50:4011 " + us + "file=l.efi 43= [dnsmasq.conf:3] ciaddr=192.168.9.50 sname=192.168.9.2"},
		"a boot item is given whatever the tags, as by dnsmasq": {network + "pxe-service=tag:lab,x86PC,L,l\n", on4011(question{item: item0}),
			"192.168.9.2:4011>192.168.9.50:4011 " + us + "file=l.0 43=" + item0 + " [dnsmasq.conf:2] yiaddr=192.168.9.50"},
		"a prompt for a tag": {network + "dhcp-boot=a.0\npxe-prompt=Any,1\ndhcp-mac=set:lab,52:*:*:*:*:*\npxe-prompt=tag:lab,Lab,2\npxe-prompt=tag:!lab,No,3\n", question{},
			everyone + us + "file=a.0 43=0601080a04024c6162ff [dnsmasq.conf:2]"},
		"a prompt comes with the boot item too": {network + "pxe-service=x86PC,L,l\npxe-prompt=Hi,1\n", on4011(question{item: item0}),
			"192.168.9.2:4011>192.168.9.50:4011 " + us + "file=l.0 43=4704800000000a03014869ff [dnsmasq.conf:2] yiaddr=192.168.9.50"},
		"a sub-option takes the place of ours": {network + "dhcp-boot=a.0\ndhcp-option=vendor:PXEClient,6,2b\n", question{},
			everyone + us + "file=a.0 43=0a0400505845060102ff [dnsmasq.conf:2]"},
		"a sub-option for another vendor is for others": {network + "dhcp-boot=a.0\ndhcp-option=vendor:Etherboot,6,2b\n", question{},
			everyone + us + "file=a.0 " + noMenu + "[dnsmasq.conf:2]"},
		"options that DHCP servers send reach nobody": {network + "dhcp-boot=a.0\ndhcp-option=option:router,192.168.9.1\ndhcp-option-force=210,/pfx/\n", question{},
			everyone + us + "file=a.0 " + noMenu + "[dnsmasq.conf:2]"},
		"HTTP boot by its vendor class": {network + "dhcp-pxe-vendor=PXEClient,HTTPClient\ndhcp-vendorclass=set:http,HTTPClient\ndhcp-boot=a.0\ndhcp-boot=tag:http,http://192.168.9.2/x.efi\n",
			question{class: "HTTPClient:Arch:00016:UNDI:003000", arch: 16},
			everyone + us + "file=http://192.168.9.2/x.efi 43= [dnsmasq.conf:5]"},
		"a range gives a tag": {"dhcp-range=set:lan,192.168.9.0,proxy\ndhcp-boot=tag:lan,a.0\n", question{},
			everyone + us + "file=a.0 " + noMenu + "[dnsmasq.conf:2]"},
		"a range for others": {"dhcp-range=tag:lab,192.168.9.0,proxy\ndhcp-boot=a.0\n", question{},
			"silence: the dhcp-range is for others: it wants tag:lab [dnsmasq.conf:1]"},
		"the interface is a tag": {network + "tag-if=set:wired,tag:eth*\ndhcp-boot=tag:wired,a.0\n", question{},
			everyone + us + "file=a.0 " + noMenu + "[dnsmasq.conf:3]"},
		"a machine to ignore": {network + "dhcp-boot=a.0\ndhcp-mac=set:bad,52:54:00:12:34:56\ndhcp-ignore=tag:bad\n", question{},
			"silence: dhcp-ignore: tag:bad (dnsmasq.conf:3) [dnsmasq.conf:4]"},
		"its boot item is ignored too": {network + "pxe-service=x86PC,L,l\ndhcp-ignore=tag:!known\n", on4011(question{item: item0}),
			"silence: dhcp-ignore: tag:!known [dnsmasq.conf:3]"},
		"a host to ignore": {network + "dhcp-boot=a.0\ndhcp-host=52:54:00:12:34:56,ignore\n", question{},
			"silence: dhcp-host says to ignore it [dnsmasq.conf:3]"},
		"a relay's network without a mask has that of its class": {"dhcp-range=192.168.7.0,proxy\ndhcp-boot=a.0\n", question{giaddr: "192.168.7.1"},
			"192.168.9.2:67>192.168.7.1:67 " + us + "file=a.0 " + noMenu + "[dnsmasq.conf:2]"},
		"a relay that selects another subnet": {"dhcp-range=10.1.0.0,proxy,255.255.0.0\ndhcp-boot=a.0\n",
			question{giaddr: "192.168.9.1", options: map[uint8][]byte{pxe.OptRelayAgent: {5, 4, 10, 1, 2, 3}}},
			"192.168.9.2:67>192.168.9.1:67 " + us + "file=a.0 " + noMenu + "[dnsmasq.conf:2]"},
		"a client that selects a subnet we do not have": {network + "dhcp-boot=a.0\n", question{options: map[uint8][]byte{pxe.OptSubnetSelection: {10, 1, 2, 3}}},
			"silence: no dhcp-range for the selected subnet 10.1.2.3 [dnsmasq.conf:1]"},
	} {
		t.Run(name, func(t *testing.T) {
			got := told(t, proxydhcp.Decide(load(t, c.conf), c.request()))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheReasonNamesTheTagAndItsLine(t *testing.T) {
	conf := network + "dhcp-match=set:efi64,93,7\ndhcp-boot=tag:efi64,x.efi\n"
	d := proxydhcp.Decide(load(t, conf), question{arch: 7}.request())
	if want := "boot file for tag:efi64 (dnsmasq.conf:2)"; d.Reason != want {
		t.Errorf("the reason is %q, want %q", d.Reason, want)
	}
}

func TestAMachineIDIsRepeatedAsDnsmasqDoes(t *testing.T) {
	id := make([]byte, 20)
	cfg := load(t, network+"dhcp-boot=a.0\n")
	for n, want := range map[int]int{16: 0, 17: 17, 20: 17} {
		d := proxydhcp.Decide(cfg, question{options: map[uint8][]byte{pxe.OptMachineID: id[:n]}}.request())
		if got := len(fields(t, d.Reply.Payload)["option 97"]) / 2; got != want {
			t.Errorf("of an id of %d bytes %d come back, want %d", n, got, want)
		}
	}
}
