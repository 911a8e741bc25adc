package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/config"
)

// Cases of what trees have, for whom, and of what is not what its name says.
func treeCases() []ruleCase {
	const conf, cfg = bios + tftp, "pxelinux.cfg/default:"
	const boot = "default l\nlabel l\nkernel linux\nappend initrd=i\n"
	const efi = proxy + tftp + "pxe-service=x86-64_EFI,A,a.efi\n" // line 5
	page := "<!DOCTYPE html>\n<html>404"
	good := kernel(20480, 20480)
	named := func(names ...string) tree {
		files := root4(boot, tree{"linux": good, "i": "i"})
		for _, name := range names {
			files["pxelinux.cfg/"+name] = boot
		}
		return files
	}
	return []ruleCase{
		{"kernel-none", conf, root4(boot, tree{"linux": good, "i": "i"}), ""},
		{"kernel-none", conf, root4(boot, tree{"linux": page, "i": "i"}), cfg + "3"},
		{"kernel-none", conf, root4(boot, tree{"linux": arm64Kernel(), "i": "i"}), cfg + "3"},
		{"kernel-none", conf, root4(boot, tree{"linux": pe(0x8664), "i": "i"}), cfg + "3"},
		{"kernel-none", conf, root4("default l\nlabel l\nkernel x.bin\n", tree{"x.bin": "no kernel"}), ""}, // a boot sector, by its name
		{"kernel-none", conf, root4("default l\nlabel l\nkernel mboot.c32\nappend xen --- i\n", tree{"mboot.c32": com32r, "xen": page, "i": "i"}), cfg + "4"},
		{"kernel-none", conf, root4("default l\nlabel l\nkernel mboot.c32\nappend xen --- i\n", tree{"mboot.c32": com32r, "xen": "\x1f\x8b", "i": "i"}), ""},
		{"kernel-none", conf, plus(root4(boot, tree{"linux": page, "i": "i"}), "pxelinux.cfg/01-52-54-00-12-34-56", boot), cfg + "3"}, // once
		{"initrd-none", conf, root4(boot, tree{"linux": good, "i": page}), cfg + "4"},
		{"initrd-none", conf, root4(boot, tree{"linux": good, "i": good}), cfg + "4"},
		{"initrd-none", conf, root4(boot, tree{"linux": good, "i": "\x1f\x8b"}), ""},

		{"machine-name", conf, named("01-52-54-00-12-34-56", "C0A80964", "C0A8", "README", "face", "d41d8cd98f00b204e9800998ecf8427e", "graphics.conf", "001122aa-0000-0000-0000-52540012aabb"), ""},
		{"machine-name", conf, named("01-52-54-00-AA-00-0D"), "pxelinux.cfg/01-52-54-00-AA-00-0D"},
		{"machine-name", conf, named("52-54-00-aa-00-0e"), "pxelinux.cfg/52-54-00-aa-00-0e"},
		{"machine-name", conf, named("00-52-54-00-aa-00-0e"), "pxelinux.cfg/00-52-54-00-aa-00-0e"},
		{"machine-name", conf, named("01-52:54:00:aa:00:0f"), "pxelinux.cfg/01-52:54:00:aa:00:0f"},
		{"machine-name", conf, named("525400aa000f"), "pxelinux.cfg/525400aa000f"},
		{"machine-name", conf, named("c0a809dc"), "pxelinux.cfg/c0a809dc"},
		{"machine-name", conf, named("192.168.9.220"), "pxelinux.cfg/192.168.9.220"},
		{"machine-name", conf, named("001122AA-0000-0000-0000-52540012AABB"), "pxelinux.cfg/001122AA-0000-0000-0000-52540012AABB"},
		{"machine-name", conf, named("Default"), "pxelinux.cfg/Default"},

		{"boot-file", proxy + tftp + "tftp-lowercase\npxe-service=x86PC,A,PXELINUX.0", tree{"pxelinux.0": four}, ""},
		{"boot-file", proxy + tftp + "tftp-lowercase\npxe-service=x86PC,A,PXELINUX.0", tree{"PXELINUX.0": four}, "6"},
		{"boot-file", proxy + tftp + "pxe-service=x86PC,A,PXELINUX.0", tree{"pxelinux.0": four}, "5"},
		{"backslash", proxy + "pxe-service=x86-64_EFI,A,boot\\\\shim.efi,192.168.9.8", nil, "3"},
		{"backslash", proxy + "pxe-service=x86-64_EFI,A,boot/shim.efi,192.168.9.8", nil, ""},

		{"left-out", conf, tree{"pxelinux.0": four}, "dnsmasq.conf"},
		{"left-out", bios + "dhcp-boot=tag:ipxe,x.ipxe\ndhcp-match=set:ipxe,175\n", nil, "dnsmasq.conf"},
		{"left-out", "port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-pxe-vendor=PXEClient,HTTPClient\ndhcp-boot=x,,192.168.9.8", nil, ""},
		{"left-out", proxy + "dhcp-mac=set:a,52:54:*:*:*:*\ndhcp-match=set:http,60,HTTPClient\ndhcp-boot=tag:a,x,,192.168.9.8", nil, "dnsmasq.conf"}, // HTTP boot alone
		{"left-out", "port=0\ndhcp-range=192.168.9.100,192.168.9.200\n", nil, ""},                                                                    // no boot server at all

		{"unused-program", conf, root4(boot, tree{"linux": good, "i": "i", "efi/bootx64.efi": pe(0x8664)}), "5"},
		{"unused-program", conf, root4(boot, tree{"linux": good, "i": "i", "efi/bootaa64.efi": pe(0xaa64)}), "5"},
		{"unused-program", conf, root4(boot, tree{"linux": good, "i": "i", "efi/bootia32.efi": pe(0x014c)}), ""}, // nobody's to miss
		{"unused-program", efi, tree{"a.efi": pe(0x8664), "b.efi": pe(0x8664), "pxelinux.0": four}, "4"},
		{"unused-program", efi, tree{"a.efi": pe(0x8664), "b.efi": pe(0x8664)}, ""},
	}
}

func TestWhatOthersCouldBootIsNamed(t *testing.T) {
	files := tree{"pxelinux.0": four, "efi/grubx64.efi": efi(0x8664, part{"mods", ""}), "efi/shimx64.efi": shim("grubx64.efi")}
	found := check(t, proxy+tftp+"dhcp-boot=pxelinux.0", files)
	const want = ": give them their own, such as efi/shimx64.efi, with pxe-service=x86-64_EFI,"
	if !slices.ContainsFunc(found, func(n config.Notice) bool { return n.ID == "wrong-arch" && strings.Contains(n.Text, want) }) {
		t.Error(found)
	}
}

// plus is files and one more.
func plus(files tree, name, data string) tree {
	files[name] = data
	return files
}
