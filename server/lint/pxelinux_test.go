package lint_test

import (
	"maps"
	"testing"
)

// root is what a pxelinux 6 with a configuration needs, and more files.
func root(cfg string, more map[string]string) map[string]string {
	files := map[string]string{"pxelinux.0": six, "ldlinux.c32": module(), "pxelinux.cfg/default": cfg}
	maps.Copy(files, more)
	return files
}

// root4 is the same for a pxelinux 4.
func root4(cfg string, more map[string]string) map[string]string {
	files := root(cfg, more)
	files["pxelinux.0"] = four
	delete(files, "ldlinux.c32")
	return files
}

// below is the same in a directory.
func below(dir string, files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, data := range files {
		moved[dir+"/"+name] = data
	}
	return moved
}

type tree = map[string]string

// Cases of what pxelinux is sent to. The places are those of its own files.
func pxelinuxCases() []ruleCase {
	const conf, cfg = bios + tftp, "pxelinux.cfg/default:"
	const deep = proxy + tftp + "pxe-service=x86PC,Boot,a/pxelinux"
	const boot = "default l\nlabel l\nkernel linux\nappend initrd=i\n"
	return []ruleCase{
		{"ldlinux", conf, tree{"pxelinux.0": six}, "3"},
		{"ldlinux", conf, tree{"pxelinux.0": six, "ldlinux.c32": "text"}, "3"},
		{"ldlinux", conf, tree{"pxelinux.0": six, "isolinux/ldlinux.c32": module()}, ""},
		{"nbp-underscore", proxy + tftp + "pxe-service=x86PC,Boot,my_pxelinux", tree{"my_pxelinux.0": four}, "5"},
		{"nbp-underscore", proxy + tftp + "pxe-service=x86PC,Boot,a_b/pxelinux", tree{"a_b/pxelinux.0": four}, ""},

		{"tftp-links", conf, tree{"pxelinux.0": "-> /etc/hostname"}, "3"},
		{"tftp-links", conf, tree{"pxelinux.0": "-> real.0", "real.0": four}, ""},
		{"tftp-links", conf, root(boot, tree{"linux": "k", "i": "-> /etc/hostname"}), cfg + "4"},
		{"tftp-links", conf, root(boot, tree{"linux": "k", "i": "-> linux"}), ""},
		{"tftp-links", conf, root(boot+"include more\ndisplay text", tree{"linux": "k", "i": "k", "more": "-> /etc/hostname", "text": "-> /etc/hostname"}), cfg + "5 " + cfg + "6"},
		{"tftp-links", conf, tree{"pxelinux.0": six, "ldlinux.c32": "-> /etc/hostname"}, "3"},

		{"pxelinux-config", conf, tree{"pxelinux.0": four}, "3"},
		{"pxelinux-config", conf, tree{"pxelinux.0": four, "pxelinux.cfg/README": "x"}, "3"},
		{"pxelinux-config", conf, tree{"pxelinux.0": four, "pxelinux.cfg/01-52-54-00-12-34-56": "prompt 1"}, ""},
		{"pxelinux-config", leases + "dhcp-option=209,menu", tree{"pxelinux.0": four, "menu": "prompt 1"}, ""},
		{"pxelinux-config", leases + "dhcp-option=210,sub/", tree{"pxelinux.0": four, "sub/pxelinux.cfg/default": "prompt 1"}, ""},
		{"pxelinux-config", leases + "dhcp-option=210,sub/", tree{"pxelinux.0": four, "pxelinux.cfg/default": "prompt 1"}, "5"},

		{"pxelinux-config", conf, tree{"pxelinux.0": six, "isolinux/ldlinux.c32": module(), "pxelinux.cfg/default": "prompt 1"}, "3"},
		{"pxelinux-config", conf, tree{"pxelinux.0": six, "isolinux/ldlinux.c32": module(), "isolinux/pxelinux.cfg/default": "prompt 1"}, ""},

		{"pxelinux-default", conf, root4("default l\nlabel L\nlocalboot 0", nil), cfg + "1"},
		{"pxelinux-default", conf, root4("default l\nlabel l\nlocalboot 0", nil), ""},
		{"pxelinux-default", conf, root4("default l x", tree{"l": "a kernel"}), ""},
		{"pxelinux-default", conf, root4("implicit 0\ndefault l", tree{"l": "a kernel"}), cfg + "2"},
		{"pxelinux-default", conf, root4("label l\nlocalboot 0", nil), "pxelinux.cfg/default"},
		{"pxelinux-default", conf, root4("prompt 1", nil), ""},
		{"pxelinux-default", conf, root("path m\nui menu.c32\ndefault l\nontimeout x\nlabel l\nlocalboot 0", tree{"m/menu.c32": module()}), cfg + "4"},
		{"pxelinux-default", conf, root4("default menu", tree{"menu.c32": com32r}), ""},

		{"pxelinux-file", conf, root4(boot, tree{"linux": "k"}), cfg + "4"},
		{"pxelinux-file", conf, root4(boot, tree{"linux": "k", "i": ""}), cfg + "4"},
		{"pxelinux-file", conf, root4(boot, tree{"linux": "k", "i": secret}), cfg + "4"},
		{"pxelinux-file", conf, root4(boot, tree{"linux": "k", "i": "i"}), ""},
		{"pxelinux-file", conf, root4("default l\nlabel l\nkernel ::/linux\ninitrd a,b\n", tree{"linux": "k", "a": "i"}), cfg + "4"},
		{"pxelinux-file", conf, root4("default l\nlabel l\nkernel http://x/y\nappend initrd=192.168.9.7::i\n", nil), ""},
		{"pxelinux-file", conf, root4("default l\nlabel l\nlinux linux/\n", tree{"linux/x": "k"}), cfg + "3"},
		{"pxelinux-file", conf, root4("default l\nlabel l\nconfig other\nlabel m\npxe x.0", nil), cfg + "3 " + cfg + "5"},
		{"pxelinux-file", conf, root4("default l\nlabel l\nconfig other", tree{"other": "default m\nlabel m\nkernel x"}), "other:3"},
		{"pxelinux-file", conf, root4("default l\nlabel l\nconfig a/other a/", tree{"a/other": "default m\nlabel m\nkernel x", "a/x": "k"}), ""},
		{"pxelinux-file", conf, root4("default l\nlabel l\nkernel menu.c32\nappend ~ other", tree{"menu.c32": com32r}), cfg + "4"},
		{"pxelinux-file", conf, root4("default l\nlabel l\nkernel menu.c32", tree{"menu.c32": com32r}), ""},
		{"pxelinux-file", conf, root4("include x\ndefault l\nlabel l\nmenu label title", nil), ""},
		{"pxelinux-file", conf, root("default l\nlabel l\ncom32 m", tree{"m.c32": "text"}), cfg + "3"},
		{"pxelinux-file", conf, root("default l\nlabel l\nkernel mboot.c32\nappend xen a --- dom0", tree{"mboot.c32": module(), "xen": "x"}), cfg + "4"},
		{"pxelinux-file", conf, root("default l\nlabel l\nkernel mboot.c32\nappend -c boot.cfg", tree{"mboot.c32": module()}), cfg + "4"},
		{"pxelinux-file", conf, root("default l\nlabel l\nkernel mboot.c32\nappend -c boot.cfg", tree{"mboot.c32": module(), "boot.cfg": "text"}), ""},
		{"pxelinux-file", conf, tree{"pxelinux.0": four, "pxelinux.cfg/C0A8": "default l\nlabel l\nkernel x"}, "pxelinux.cfg/C0A8:3"},

		{"pxelinux-absolute", deep, below("a", root4("default l\nlabel l\nkernel /tftpboot/a/linux\n", tree{"linux": "k"})), "a/" + cfg + "3"},
		{"pxelinux-absolute", deep, below("a", root4("default l\nlabel l\nkernel ::/tftpboot/a/linux\n", tree{"linux": "k"})), ""},
		{"pxelinux-absolute", conf, root4("default l\nlabel l\nkernel /tftpboot/linux\n", tree{"linux": "k"}), ""},

		{"mboot-dashes", conf, root("default l\nlabel l\nkernel mboot.c32\nappend xen vmlinuz", tree{"mboot.c32": module(), "xen": "x"}), cfg + "4"},
		{"mboot-dashes", conf, root("default l\nlabel l\nkernel mboot.c32 xen --- vmlinuz", tree{"mboot.c32": module(), "xen": "x"}), ""},
		{"mboot-dashes", conf, root("default l\nlabel l\nkernel mboot.c32\nappend memtest", tree{"mboot.c32": module(), "memtest": "x"}), ""},

		{"c32-library", conf, root("default menu.c32", tree{"menu.c32": module("libutil.c32")}), cfg + "1"},
		{"c32-library", conf, root("default menu.c32", tree{"menu.c32": module("libutil.c32"), "libutil.c32": module("libcom32.c32")}), cfg + "1"},
		{"c32-library", conf, root("default menu.c32", tree{"menu.c32": module("libutil.c32"), "m/libutil.c32": module()}), cfg + "1"},
		{"c32-library", conf, root("path m\ndefault menu.c32", tree{"menu.c32": module("libutil.c32"), "m/libutil.c32": module()}), ""},
		{"c32-library", conf, tree{"pxelinux.0": six, "isolinux/ldlinux.c32": module(), "isolinux/pxelinux.cfg/default": "default m.c32",
			"isolinux/m.c32": module("lib.c32"), "lib.c32": module()}, ""},
		{"c32-library", conf, root4("default menu.c32", tree{"menu.c32": com32r}), ""},

		{"syslinux-mix", conf, root("default menu.c32", tree{"menu.c32": com32r}), cfg + "1"},
		{"syslinux-mix", conf, root4("default menu.c32", tree{"menu.c32": module()}), cfg + "1"},
		{"syslinux-mix", conf, root("default menu.c32", tree{"menu.c32": module()}), ""},
		{"syslinux-mix", conf, root("default menu.c32", tree{"menu.c32": module64()}), cfg + "1"},
		{"syslinux-mix", conf, root("", tree{"ldlinux.c32": module64()}), "3"},
		{"syslinux-mix", conf, root("", tree{"ldlinux.c32": com32r}), "3"},
		{"syslinux-mix", conf, root("default x/menu.c32", tree{"x/menu.c32": module("lib.c32"), "lib.c32": module("a"), "x/lib.c32": module("b"), "a": module()}), cfg + "1"},
		{"syslinux-mix", conf, root("default x/menu.c32", tree{"x/menu.c32": module("lib.c32"), "lib.c32": module(), "x/lib.c32": module()}), ""},

		{"kernel-short", conf, root4(boot, tree{"linux": kernel(9000, 20480), "i": "i"}), cfg + "3"},
		{"kernel-short", conf, root4(boot, tree{"linux": kernel(20480, 20480), "i": "i"}), ""},
		{"kernel-short", conf, root4(boot, tree{"linux": kernel(20475, 20480), "i": "i"}), ""},
	}
}

func FuzzConfiguration(f *testing.F) {
	f.Add("default m\nlabel m\nkernel mboot.c32\nappend x --- y initrd=z\npath a:b\nconfig pxelinux.cfg/default a", module("lib.c32"))
	f.Fuzz(func(t *testing.T, cfg, c32 string) {
		check(t, bios+tftp, root(cfg, tree{"mboot.c32": c32, "menu.c32": c32, "lib.c32": c32, "x": c32}))
	})
}
