package lint_test

import "testing"

// Cases of shims, GRUBs, syslinux.efi and ESXi's loader: what each loads next.
func chainCases() []ruleCase {
	const conf = proxy + tftp + "pxe-service=x86-64_EFI,A,a/boot.efi\n"                              // line 5
	const lab = "port=0\ndhcp-range=192.168.9.100,192.168.9.200\n" + tftp + "dhcp-boot=a/boot.efi\n" // line 5
	const cfg = "grub/grub.cfg:"
	const menu = "menuentry 'x' {\n linux /linux quiet\n initrd /i /i2\n}\n"
	const tftpd = "(tftp,192.168.9.2)/grub"
	good := kernel(20480, 20480)
	with := func(prefix, text string, more tree) tree {
		files := tree{"a/boot.efi": grubEFI(0x8664, prefix, ""), "grub/grub.cfg": text, "linux": good, "i": "i", "i2": "i"}
		for name, data := range more {
			files[name] = data
		}
		return files
	}
	without := func(files tree, name string) tree {
		delete(files, name)
		return files
	}
	sys := func(more tree) tree {
		files := tree{"a/boot.efi": efi(0x8664, part{".text", "ldlinux.e64"}), "a/ldlinux.e64": module64(), "a/pxelinux.cfg/default": "default l\nlabel l\nkernel linux\n", "a/linux": good}
		for name, data := range more {
			files[name] = data
		}
		return files
	}
	esx := func(text string, more ...string) tree {
		files := tree{"a/boot.efi": efi(0x8664), "a/boot.cfg": text}
		for _, name := range more {
			files[name] = "x"
		}
		return files
	}
	return []ruleCase{
		{"shim-second", conf, tree{"a/boot.efi": shim("grubx64.efi")}, "5"},
		{"shim-second", conf, tree{"a/boot.efi": shim("grubx64.efi"), "grubx64.efi": grubEFI(0x8664, tftpd, "")}, "5"}, // not beside it
		{"shim-second", conf, tree{"a/boot.efi": shim("grubx64.efi"), "a/grubx64.efi": grubEFI(0x8664, tftpd, "")}, ""},
		{"shim-second", conf, tree{"a/boot.efi": shim("grubx64.efi"), "a/grubx64.efi": grubEFI(0xaa64, tftpd, "")}, "5"},
		{"shim-second", conf, tree{"a/boot.efi": shim("grubx64.efi"), "a/grubx64.efi": "<html>"}, "5"},
		{"shim-second", proxy + tftp + "pxe-service=x86-64_EFI,A,snponly-shimx64.efi\n", tree{"snponly-shimx64.efi": shim("ipxe.efi"), "snponly.efi": efi(0x8664)}, ""},
		{"shim-second", proxy + tftp + "pxe-service=x86-64_EFI,A,snponly-shimx64.efi\n", tree{"snponly-shimx64.efi": shim("ipxe.efi"), "ipxe.efi": efi(0x8664)}, "5"},

		{"grub-house", conf, with("/grub", menu, nil), "5"},
		{"grub-house", conf, with("(tftp)/grub", menu, nil), "5"},
		{"grub-house", conf, with(tftpd, menu, nil), ""},
		{"grub-house", lab, with("/grub", menu, nil), ""},
		{"grub-house", conf, tree{"a/boot.efi": grubEFI(0x8664, "/grub", "set net_default_server=192.168.9.2\nnormal")}, ""},
		{"grub-house", conf, tree{"a/boot.efi": shim("grubx64.efi"), "a/grubx64.efi": grubEFI(0x8664, "/grub", "")}, "5"},

		{"grub-config", lab, with("/grub", menu, nil), ""},
		{"grub-config", lab, without(with("/grub", menu, nil), "grub/grub.cfg"), "5"},
		{"grub-config", lab, with("/boot/grub", menu, nil), "5"},
		{"grub-config", lab, tree{"a/boot.efi": grubEFI(0x8664, "/grub", ""), "grub/grub.cfg-01-52-54-00-12-34-56": menu}, ""},
		{"grub-config", lab, tree{"a/boot.efi": grubEFI(0x8664, "/grub", "configfile (tftp,192.168.9.2)/other.cfg")}, ""},
		{"grub-config", lab, tree{"a/boot.efi": grubEFI(0x8664, "(hd0)/grub", "")}, ""},

		{"machine-name", lab, with("/grub", menu, tree{"grub/grub.cfg-01-52-54-00-AA-00-0D": menu}), "grub/grub.cfg-01-52-54-00-AA-00-0D"},
		{"machine-name", lab, with("/grub", menu, tree{"grub/grub.cfg-01-52-54-00-aa-00-0d": menu, "grub/grub.cfg.old": menu}), ""},

		{"grub-file", lab, with("/grub", menu, nil), ""},
		{"grub-file", lab, without(with("/grub", menu, nil), "i2"), cfg + "3"},
		{"grub-file", lab, without(with("/grub", menu, nil), "linux"), cfg + "2"},
		{"grub-file", lab, without(with("/grub", menu+menu, nil), "linux"), cfg + "2"}, // once
		{"grub-file", lab, with("/grub", menu, tree{"linux": ""}), cfg + "2"},
		{"grub-file", lab, with("/grub", menu, tree{"linux": secret}), cfg + "2"},
		{"grub-file", lab, with("/grub", "linux (tftp)/x\n", nil), cfg + "1"},
		{"grub-file", lab, with("/grub", "linux ($root)/x\n", nil), cfg + "1"},
		{"grub-file", lab, with("/grub", "linux (hd0,1)/x\nset root=hd0\nlinux ($root)/y\n", nil), ""},
		{"grub-file", lab, with("/grub", "menuentry a {\n search --set=root --file /EFI/x.efi\n chainloader /EFI/x.efi\n}\nmenuentry b {\n linux /y\n}", nil), cfg + "6"},
		{"grub-file", lab, with("/grub", "menuentry a {\n search --fs-uuid --set root $u\n chainloader /EFI/x.efi\n}\n", nil), ""},
		{"grub-file", lab, with("/grub", "menuentry a {\n set root=(hd0,1)\n chainloader +1\n linux /x\n linux (tftp)/y\n}\n", nil), cfg + "5"},
		{"grub-file", lab, with("/grub", "set timeout=5\nsearch --label --set x\nmenuentry a {\n linux /x\n}\n", nil), ""},
		{"grub-file", lab, with("/grub", "linux (tftp,10.0.0.1)/x\n", nil), ""},
		{"grub-file", lab, with("/grub", "linux (tftp,192.168.9.2)/x\n", nil), cfg + "1"},
		{"grub-file", lab, with("/grub", "linux /${net_default_mac}/x\n", nil), ""},
		{"grub-file", lab, with("/grub", "configfile $prefix/x.cfg\n", nil), cfg + "1"},
		{"grub-file", lab, with("/grub", "source $prefix/x.cfg\nif [ -e /y ]; then\nconfigfile /y\nfi\n", nil), ""},
		{"grub-file", lab, with("/grub", "configfile $prefix/x.cfg\n", tree{"grub/x.cfg": "initrd /z\n"}), "grub/x.cfg:1"},
		{"grub-file", lab, with("/grub", "linux \\images\\linux\n", tree{"images/linux": good}), cfg + "1"}, // backslashes are for letters
		{"grub-file", lab, with("/grub", "multiboot2 /xen.gz --no\nmodule2 --nounzip /dom0 a\n", tree{"xen.gz": "x"}), cfg + "2"},

		{"kernel-none", lab, with("/grub", menu, tree{"linux": "<html>"}), cfg + "2"},
		{"kernel-none", lab, with("/grub", menu, tree{"linux": arm64Kernel()}), cfg + "2"},
		{"kernel-none", lab, tree{"a/boot.efi": grubEFI(0xaa64, "/grub", ""), "grub/grub.cfg": "linux /linux", "linux": arm64Kernel()}, ""},
		{"kernel-short", lab, with("/grub", menu, tree{"linux": kernel(9000, 20480)}), cfg + "2"},
		{"initrd-none", lab, with("/grub", menu, tree{"i": "<html>"}), cfg + "3"},

		{"ldlinux", conf, sys(nil), ""},
		{"ldlinux", conf, without(sys(tree{"a/ldlinux.c32": module()}), "a/ldlinux.e64"), "5"},
		{"syslinux-mix", conf, sys(tree{"a/pxelinux.cfg/default": "default menu.c32", "a/menu.c32": module()}), "a/pxelinux.cfg/default:1"},
		{"syslinux-mix", conf, sys(tree{"a/pxelinux.cfg/default": "default menu.c32", "a/menu.c32": module64()}), ""},

		{"esxi-file", conf, esx("kernel=b.b00\nmodules=jumpstrt.gz --- s.v00 x\n", "a/b.b00", "a/jumpstrt.gz", "a/s.v00"), ""},
		{"esxi-file", conf, esx("kernel=b.b00\nmodules=jumpstrt.gz --- s.v00 x\n", "a/b.b00", "a/jumpstrt.gz"), "a/boot.cfg:2"},
		{"esxi-file", conf, esx("kernel=/b.b00\nmodules=/jumpstrt.gz\n", "a/b.b00", "a/jumpstrt.gz"), "a/boot.cfg:1"},
		{"esxi-file", conf, esx("prefix=esx\nkernel=b.b00\n", "esx/b.b00"), ""},
		{"esxi-file", conf, esx("prefix=http://192.168.9.2/esx\nkernel=b.b00\n"), ""},
		{"esxi-file", conf, esx("label=another's\n"), ""},
		{"esxi-file", bios + tftp, root("default mboot.c32 -c a/boot.cfg", tree{"mboot.c32": module(), "a/boot.cfg": "kernel=b.b00", "b.b00": "x"}), "a/boot.cfg:1"},
	}
}

func FuzzChain(f *testing.F) {
	f.Add("menuentry 'x' {\n linux /linux\n initrd /i\n}\nconfigfile $prefix/x.cfg", "kernel=b.b00\nmodules=a --- b", "#!ipxe\nkernel k || chain s.ipxe")
	const conf = proxy + tftp + "dhcp-match=set:ipxe,175\ndhcp-boot=tag:ipxe,s.ipxe\npxe-service=x86-64_EFI,A,a/boot.efi\npxe-service=ARM64_EFI,A,b/boot.efi"
	f.Fuzz(func(t *testing.T, cfg, esx, script string) {
		check(t, conf, tree{
			"a/boot.efi": grubEFI(0x8664, "(tftp)/grub", ""), "grub/grub.cfg": cfg, "grub/x.cfg": cfg, "linux": script, "i": esx,
			"b/boot.efi": efi(0xaa64), "b/boot.cfg": esx, "s.ipxe": script,
		})
	})
}
