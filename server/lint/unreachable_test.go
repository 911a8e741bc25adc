package lint_test

// Cases of lines that are for nobody, or in the way of each other.
func unreachableCases() []ruleCase {
	const efi = proxy + "pxe-service=x86-64_EFI,A,a.efi\n" // line 3
	return []ruleCase{
		{"tag-unset", bios + "dhcp-boot=tag:efi,a.efi", nil, "4"},
		{"tag-unset", bios + "dhcp-boot=tag:!ipxe,a.efi", nil, "4"},
		{"tag-unset", bios + "dhcp-match=set:efi,option:client-arch,7\ndhcp-boot=tag:efi,tag:eth0,a.efi", nil, ""},
		{"tag-never", bios + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-boot=tag:a,tag:!a,x", nil, "5"},
		{"tag-never", bios + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-boot=tag:!a,x", nil, ""},
		{"hidden", bios + "dhcp-boot=a\ndhcp-boot=b", nil, "4"},
		{"hidden", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-mac=set:b,2:*:*:*:*:*\ndhcp-boot=tag:a,tag:b,x\ndhcp-boot=tag:a,y", nil, "6"},
		{"hidden", bios + "pxe-prompt=a\npxe-prompt=b", nil, "4"},
		{"hidden", bios + "dhcp-host=52:54:00:12:34:56,set:a\ndhcp-host=52:54:00:12:34:56,set:b", nil, "4"},
		{"hidden", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-boot=x\ndhcp-boot=tag:a,y\ndhcp-host=52:54:00:12:34:56,set:b\ndhcp-host=52:54:00:12:34:57,set:b", nil, ""},
		{"ranges-overlap", bios + "dhcp-range=192.168.0.0,proxy,255.255.0.0", nil, "4"},
		{"ranges-overlap", bios + "dhcp-range=192.168.8.0,proxy,255.255.255.0", nil, ""},

		{"tag-unset", bios + "tag-if=set:a,tag:wired*\ndhcp-boot=tag:a,x", nil, "4"},
		{"tag-unset", bios + "dhcp-mac=set:wired-up,1:*:*:*:*:*\ntag-if=set:a,tag:wired*\ndhcp-boot=tag:a,x", nil, ""},
		{"tag-unset", bios + "tag-if=set:a,tag:eth*\ndhcp-boot=tag:a,x", nil, ""},
		{"tag-unset", leases + "bootp-dynamic=tag:old", nil, "6"},
		{"tag-never", bios + "tag-if=set:b,tag:a\ntag-if=set:a,tag:!x\ndhcp-boot=tag:b,x", nil, "4"},
		{"tag-never", bios + "tag-if=set:a,tag:!x\ntag-if=set:b,tag:a\ndhcp-boot=tag:b,x", nil, ""},

		{"tag-unused", bios + "dhcp-match=set:efi,option:client-arch,7", nil, "4"},
		{"tag-unused", bios + "dhcp-match=set:efi,option:client-arch,7\ndhcp-boot=tag:!efi,x", nil, ""},
		{"tag-unused", bios + "dhcp-mac=set:efi-one,1:*:*:*:*:*\ntag-if=set:a,tag:efi*\ndhcp-boot=tag:a,x", nil, ""},
		{"tag-unused", leases + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-option=tag:a,3,192.168.9.1", nil, ""},

		{"hidden", bios + "dhcp-match=set:a,option:client-arch,7\ndhcp-match=set:a,option:client-arch,7\ndhcp-boot=tag:a,x", nil, "5"},
		{"hidden", bios + "dhcp-match=set:a,175\ndhcp-match=set:a,175,1\ndhcp-boot=tag:a,x", nil, "5"},
		{"hidden", bios + "dhcp-match=set:a,option:client-arch,7\ndhcp-match=set:a,option:client-arch,9\ndhcp-boot=tag:a,x", nil, ""},
		{"hidden", bios + "dhcp-vendorclass=set:a,PXEClient:Arch\ndhcp-vendorclass=set:a,PXEClient:Arch:00007\ndhcp-boot=tag:a,x", nil, "5"},
		{"hidden", bios + "dhcp-vendorclass=set:a,PXEClient:Arch:00007\ndhcp-vendorclass=set:b,PXEClient:Arch:00007\ndhcp-boot=tag:a,tag:b,x", nil, ""},
		{"hidden", bios + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-mac=set:a,52:54:00:12:34:56\ndhcp-boot=tag:a,x", nil, "5"},
		{"hidden", bios + "dhcp-mac=set:a,52:54:00:*:*:*\ndhcp-mac=set:a,52:54:*:*:*:*\ndhcp-boot=tag:a,x", nil, ""},
		{"hidden", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ntag-if=set:b,tag:a\ntag-if=set:b,tag:a,tag:!x\ndhcp-boot=tag:b,x", nil, "6"},
		{"hidden", efi + "pxe-service=x86-64_EFI,Local", nil, "4"},
		{"hidden", efi + "pxe-service=x86-64_EFI,Local\npxe-service=x86-64_EFI,B,b.efi", nil, ""},
		{"hidden", efi + "dhcp-match=set:a,option:client-arch,7\ndhcp-boot=tag:a,x.efi", nil, "5"},
		{"hidden", efi + "dhcp-match=set:a,option:client-arch,9\ndhcp-boot=tag:a,x.efi", nil, ""},
		{"hidden", leases + "dhcp-option=3,192.168.9.1\ndhcp-option=3,192.168.9.2", nil, "6"},
		{"hidden", leases + "dhcp-option=3,192.168.9.1\ndhcp-option=6,192.168.9.2", nil, ""},

		{"ignored", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-ignore=tag:a\ndhcp-boot=tag:a,x", nil, "6"},
		{"ignored", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-ignore=tag:a,tag:!b\ndhcp-boot=tag:a,x", nil, ""},
		{"ignored", bios + "dhcp-host=52:54:00:12:34:56\ndhcp-ignore=#known\npxe-prompt=tag:!known,x", nil, "6"},
		{"ignored", proxy + "dhcp-range=set:a,192.168.8.0,proxy,255.255.255.0\ndhcp-ignore=tag:a\npxe-service=tag:a,x86PC,A,a", nil, ""},

		{"ignores-all", bios + "dhcp-ignore=tag:!known", nil, "4"},
		{"ignores-all", bios + "dhcp-ignore=tag:!known\ndhcp-host=52:54:00:12:34:56", nil, ""},
		{"ignores-all", bios + "dhcp-vendorclass=set:pxe,PXEClient\ndhcp-ignore=tag:pxe", nil, "5"},
		{"ignores-all", bios + "dhcp-vendorclass=set:pxe,PXEClient:Arch:00007\ndhcp-ignore=tag:pxe", nil, ""},
		{"ignores-all", bios + "interface=eth0\ndhcp-ignore=tag:eth0", nil, "5"},
		{"ignores-all", bios + "dhcp-ignore=tag:eth0", nil, ""},
		{"ignores-all", bios + "dhcp-mac=set:a,*:*:*:*:*:*\ndhcp-ignore=tag:a", nil, "5"},
		{"ignores-all", bios + "dhcp-mac=set:a,6-*:*:*:*:*:*\ndhcp-ignore=tag:a", nil, ""},

		{"ranges-overlap", bios + "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-range=tag:a,192.168.9.0,proxy,255.255.255.0", nil, "5"},
		{"ranges-overlap", "dhcp-mac=set:a,1:*:*:*:*:*\ndhcp-range=tag:a,192.168.9.0,proxy,255.255.255.0\n" + bios, nil, ""},
		{"ranges-overlap", bios + "dhcp-range=192.168.9.100,192.168.9.200", nil, "4"},
		{"ranges-overlap", bios + "dhcp-range=192.168.8.100,192.168.8.200", nil, ""},
		{"ranges-overlap", leases + "dhcp-range=192.168.9.150,192.168.9.250", nil, "6"},
	}
}
