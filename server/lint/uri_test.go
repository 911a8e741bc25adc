package lint_test

// Cases of what is fetched by HTTP, of leases, and of Raspberry Pis.
func uriCases() []ruleCase {
	const http = "port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-pxe-vendor=PXEClient,HTTPClient\ndhcp-vendorclass=set:http,HTTPClient\ndhcp-boot=tag:http,"         // line 5
	const own = "networks: [{network: 192.168.9.0/24}]\ntftp: {root: /tftpboot}\nhttp: {port: 80}\nboot:\n- {arch: x64-uefi-http, file: 'http://192.168.9.2/"    // line 5
	const script = "networks: [{network: 192.168.9.0/24}]\nboot:\n- {arch: x64-uefi-http, file: 'http://10.0.0.1/ipxe.efi', script: 'http://10.0.0.1/x.ipxe'}\n" // line 3
	const lab = "port=0\ndhcp-range=192.168.9.100,192.168.9.200\n"
	const pi = "pxe-service=0,\"Raspberry Pi Boot\"\n"
	const pis = "dhcp-mac=set:pi,dc:a6:32:*:*:*\npxe-service=tag:pi,0,\"Raspberry Pi Boot\"\n"
	const ipxe = bios + tftp + "dhcp-match=set:ipxe,175\ndhcp-boot=tag:ipxe,x/s.ipxe\n"
	good := kernel(20480, 20480)
	withHTTP := grubEFI(0x8664, "/grub", "")
	return []ruleCase{
		{"uri-http", http + "http://192.168.9.2/a.efi", nil, "5"},
		{"uri-http", http + "http://10.0.0.2/a.efi", nil, ""},
		{"uri-http", http + "http://boot.example/a.efi", nil, ""},
		{"uri-http", own + "a.efi'}", tree{"a.efi": efi(0x8664)}, ""},
		{"uri-http", bios + "dhcp-match=set:ipxe,175\ndhcp-boot=tag:ipxe,http://192.168.9.2/x.ipxe", nil, "5"},
		{"uri-file", own + "a.efi'}", tree{"a.efi": efi(0x8664)}, ""},
		{"uri-file", own + "a.efi'}", tree{"b.efi": efi(0x8664)}, "5"},
		{"uri-file", own + "A.efi'}", tree{"a.efi": efi(0x8664)}, "5"},
		{"uri-file", own + "a%20b.efi'}", tree{"a b.efi": efi(0x8664)}, ""},
		{"http-name", own + "shimx64.efi.signed'}", tree{"shimx64.efi.signed": shim("grubx64.efi")}, "5"},
		{"http-name", own + "a.EFI'}", tree{"a.EFI": efi(0x8664)}, ""},
		{"http-name", own + "a.iso'}", tree{"a.iso": "x"}, ""},
		{"http-name", http + "http://10.0.0.2/boot?mac=1", nil, "5"},
		{"http-offer", lab + "dhcp-vendorclass=set:http,HTTPClient\ndhcp-boot=tag:http,http://10.0.0.2/a.efi", nil, "4"},
		{"http-offer", lab + "dhcp-vendorclass=set:http,HTTPClient\ndhcp-boot=tag:http,http://10.0.0.2/a.efi\ndhcp-option-force=tag:http,60,HTTPClient", nil, ""},
		{"http-offer", lab + "dhcp-boot=pxelinux.0,,192.168.9.2", nil, ""}, // which is for others
		{"http-offer", http + "http://10.0.0.2/a.efi", nil, ""},            // a proxy says it by itself
		{"grub-http", own + "shim.efi'}", tree{"shim.efi": shim("grubx64.efi"), "grubx64.efi": grubWith("linux", "tftp")}, "5"},
		{"grub-http", own + "shim.efi'}", tree{"shim.efi": shim("grubx64.efi"), "grubx64.efi": grubWith("http", "linux")}, ""},
		{"grub-http", own + "shim.efi'}", tree{"shim.efi": shim("grubx64.efi"), "grubx64.efi": withHTTP}, ""}, // it tells no modules
		{"shim-second", own + "shim.efi'}", tree{"shim.efi": shim("grubx64.efi")}, "5"},
		{"wrong-arch", own + "shim.efi'}", tree{"shim.efi": efi(0xaa64)}, "5"},

		{"script-never", script, nil, "3"},
		{"script-never", "networks: [{network: 192.168.9.0/24}]\nboot:\n- {arch: x64-uefi, file: ipxe.efi, script: x.ipxe}\n", nil, ""},
		{"script-never", script + "- {arch: x64-uefi, file: ipxe.efi, script: x.ipxe}\n", nil, "3"},

		{"ipxe-file", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel vmlinuz a=b\ninitrd ../i\n", "x/vmlinuz": good, "i": "i"}, ""},
		{"ipxe-file", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel vmlinuz\ninitrd ../i\n", "x/vmlinuz": good}, "x/s.ipxe:3"},
		{"ipxe-file", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel /x/vmlinuz\nchain a.ipxe || goto b\n", "x/vmlinuz": good}, ""},
		{"ipxe-file", ipxe, tree{"x/s.ipxe": "#!ipxe\nchain sub/a.ipxe\n", "x/sub/a.ipxe": "#!ipxe\nkernel k"}, "x/sub/a.ipxe:2"},
		{"ipxe-file", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel tftp://192.168.9.2/k\nkernel tftp://10.0.0.1/k\nkernel http://192.168.9.2/k\nkernel ${x}/k\n"}, "x/s.ipxe:2"},
		{"ipxe-file", ipxe, tree{"x/s.ipxe": "kernel k"}, ""}, // no script
		{"ipxe-next-server", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel tftp://${next-server}/k\n"}, "x/s.ipxe:2"},
		{"ipxe-next-server", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel tftp://${proxydhcp/next-server}/k\n"}, ""},
		{"ipxe-next-server", lab + tftp + "dhcp-match=set:ipxe,175\ndhcp-boot=tag:ipxe,s.ipxe\n", tree{"s.ipxe": "#!ipxe\nkernel tftp://${next-server}/k\n"}, ""},
		{"kernel-none", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel k\n", "x/k": "<html>"}, "x/s.ipxe:2"},
		{"initrd-none", ipxe, tree{"x/s.ipxe": "#!ipxe\ninitrd k\n", "x/k": "<html>"}, "x/s.ipxe:2"},
		{"kernel-short", ipxe, tree{"x/s.ipxe": "#!ipxe\nkernel k\n", "x/k": kernel(9000, 20480)}, "x/s.ipxe:2"},

		{"option-67", lab + "dhcp-option=67,a.0\ndhcp-boot=b.0,,192.168.9.2", nil, "3"},
		{"option-67", lab + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-option=tag:a,67,a.0\ndhcp-boot=b.0,,192.168.9.2", nil, "4"},
		{"option-67", lab + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-option=67,a.0\ndhcp-boot=tag:a,b.0,,192.168.9.2", nil, ""},
		{"option-67", lab + "dhcp-option-force=67,a.0\ndhcp-boot=b.0,,192.168.9.2", nil, ""},
		{"option-67", lab + "dhcp-option=66,a\ndhcp-boot=b.0,,192.168.9.2", nil, ""},

		{"tftp-off", bios + "tftp-root=/tftpboot", nil, "4"},
		{"tftp-off", proxy + "pxe-service=x86PC,A,a,192.168.9.8\ntftp-root=/tftpboot", nil, "4"},
		{"tftp-off", bios + tftp, nil, ""},
		{"tftp-off", bios, nil, ""}, // another program may serve it
		{"unique-root", bios + tftp + "tftp-unique-root=mac", nil, "2"},
		{"unique-root", bios + tftp + "tftp-unique-root=ip", nil, ""},
		{"unique-root", "port=0\ndhcp-range=192.168.9.0,proxy\n" + tftp + "tftp-unique-root=mac", nil, ""},

		{"pi-menu", proxy + pi + "pxe-service=x86PC,Install,pxelinux.0", nil, "3"},
		{"pi-menu", proxy + pi + "dhcp-boot=pxelinux.0", nil, "3"},
		{"pi-menu", proxy + pis + "pxe-service=x86PC,Install,pxelinux.0", nil, ""},
		{"pi-menu", proxy + pi, nil, ""},
		{"pi-menu", proxy + "pxe-service=x86PC,Install,pxelinux.0\n" + pi, nil, ""},
		{"pi-menu", bios + tftp, tree{"bootcode.bin": "x"}, "3"},
		{"pi-menu", bios + pis + tftp, tree{"bootcode.bin": "x"}, ""},
	}
}
