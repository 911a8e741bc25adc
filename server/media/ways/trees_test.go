package ways_test

import (
	"bytes"
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

// lines are those of a text that begin with a word.
func lines(text, word string) (all []string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, word) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

func TestTwoMediaHaveOneMenu(t *testing.T) {
	alpine, fedora := release(t, "alpine-netboot-3.20.3"), release(t, "redhat-fedora-41")
	again := filepath.Join(t.TempDir(), filepath.Base(alpine))
	if err := os.CopyFS(again, os.DirFS(alpine)); err != nil {
		t.Fatal(err)
	}
	s := open(t, config.Media{Paths: []string{alpine, fedora, again}}, options(debian(t)))
	got := text(t, at(s, ours), "bootrig/bios/pxelinux.cfg/default")
	for word, want := range map[string][]string{
		"LABEL": {
			"LABEL alpine-netboot-3.20.3-lts", "LABEL redhat-fedora-41-install", "LABEL alpine-netboot-3.20.3-2-lts", "LABEL alpine-netboot-3.20.3-virt",
			"LABEL redhat-fedora-41-install-net", "LABEL redhat-fedora-41-text", "LABEL redhat-fedora-41-rescue", "LABEL alpine-netboot-3.20.3-2-virt", "LABEL disk",
		},
		"MENU": {"MENU TITLE Alpine netboot, Fedora 41"},
	} {
		if diff := cmp.Diff(want, lines(got, word)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
	if !strings.Contains(got, "inst.repo=http://192.168.9.2/redhat-fedora-41/") {
		t.Errorf("Fedora's files are elsewhere:\n%s", got)
	}
	for _, file := range []string{"redhat-fedora-41/images/pxeboot/vmlinuz", "alpine-netboot-3.20.3-2/boot/vmlinuz-lts"} {
		if !strings.Contains(got, "  LINUX ::"+file+"\n") {
			t.Errorf("%s is not in\n%s", file, got)
		}
	}
	if got := text(t, at(s, ours), "/redhat-fedora-41/images/pxeboot/vmlinuz"); got != string(mediatest.Samples()["kernel-x86_64"]) {
		t.Errorf("its kernel is %.100q", got)
	}
}

func TestImagesOfOneNameStayApart(t *testing.T) {
	one, two := iso(t, "proxmox-ve-8.2"), iso(t, "proxmox-ve-9.2")
	other := filepath.Join(filepath.Dir(two), filepath.Base(one))
	if err := os.Rename(two, other); err != nil {
		t.Fatal(err)
	}
	s := open(t, config.Media{Paths: []string{one, other}}, options(debian(t)))
	for name, path := range map[string]string{"proxmox-ve-8.2.iso": one, "proxmox-ve-8.2-2.iso": other} {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, at(s, ours), name); got != string(want) {
			t.Errorf("%s has %d bytes, and not the %d of the image", name, len(got), len(want))
		}
		initrd := text(t, at(s, ours), "bootrig/"+strings.TrimSuffix(name, ".iso")+".cpio")
		if !strings.Contains(initrd, string(want)) {
			t.Errorf("the initrd beside %s holds another image", name)
		}
	}
}

// What lies over a medium is also in what is made of it, wherever it was named.
func TestAnOverlayIsInWhatIsMade(t *testing.T) {
	image, over := iso(t, "redhat-fedora-41"), isotest.Tree(t, "-- images/pxeboot/initrd.img --\nan initrd of mine\n-- bootrig/x64/grub/grub.cfg --\n# mine\n")
	for _, paths := range [][]string{{over, image}, {image, over}} {
		s := open(t, config.Media{Paths: paths}, options(debian(t)))
		for name, want := range map[string]string{
			"images/pxeboot/initrd.img": "an initrd of mine\n", "bootrig/x64/grub/grub.cfg": "# mine\n", "images/pxeboot/vmlinuz": string(mediatest.Samples()["kernel-x86_64"]),
		} {
			if got := text(t, at(s, ours), name); got != want {
				t.Errorf("%s is %.100q", name, got)
			}
		}
		if got := text(t, at(s, ours), "bootrig/x64/boot.img"); !strings.Contains(got, "an initrd of mine\n") {
			t.Error("the disk has another initrd")
		}
	}
}

func TestANetbootDirectoryOfOnesOwnIsBootedAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		want []string
	}{
		"pxelinux deep below, and the modules of UEFI": {"a/b/pxelinux.0 <- pxelinux-6\na/b/ldlinux.c32 <- c32-6\n", []string{"BIOS: a/b/pxelinux.0: a/b/pxelinux.0 of DIR"}},
		"the nearest of two":                           {"a/pxelinux.0 <- pxelinux-6\na/b/pxelinux.0 <- pxelinux-6\n", []string{"BIOS: a/pxelinux.0: a/pxelinux.0 of DIR"}},
		"iPXE and its script": {"ipxe.efi <- ipxe-x86_64\n-- menu.ipxe --\n#!ipxe\n", []string{
			"x64 machines that boot by PXE: ipxe.efi then http://{server}/menu.ipxe: ipxe.efi of DIR with menu.ipxe",
			"x64 machines that boot by HTTP: http://{server}/ipxe.efi then http://{server}/menu.ipxe: ipxe.efi of DIR with menu.ipxe",
		}},
		"iPXE among scripts of which none is the usual one": {"ipxe.efi <- ipxe-x86_64\n-- a.ipxe --\n#!ipxe\n-- b.ipxe --\n#!ipxe\n", []string{
			"x64 machines that boot by PXE: ipxe.efi: ipxe.efi of DIR", "x64 machines that boot by HTTP: http://{server}/ipxe.efi: ipxe.efi of DIR",
		}},
		"a shim goes before GRUB": {"shimaa64.efi <- shim-aarch64\ngrubaa64.efi <- grub-aarch64\n", []string{"ARM64 machines that boot by PXE: shimaa64.efi: shimaa64.efi of DIR"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := isotest.Tree(t, mediatest.Complete(t, c.list))
			s := open(t, config.Media{Paths: []string{dir}}, options())
			got := strings.Split(strings.TrimSpace(strings.ReplaceAll(told(s), " of "+filepath.Base(dir), " of DIR")), "\n")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestURLsNameWhereHTTPIs(t *testing.T) {
	image := iso(t, "redhat-fedora-41")
	for name, c := range map[string]struct {
		http config.HTTP
		boot string // of UEFI HTTP boot
		repo string
	}{
		"the port of HTTP":                {config.HTTP{}, "http://{server}/bootrig/x64/boot.img", "inst.repo=http://192.168.9.2/"},
		"another port":                    {config.HTTP{Port: 8080}, "http://{server}:8080/bootrig/x64/boot.img", "inst.repo=http://192.168.9.2:8080/"},
		"one address, whichever is asked": {config.HTTP{Port: 8080, Addr: netip.MustParseAddr("10.0.0.1")}, "http://10.0.0.1:8080/bootrig/x64/boot.img", "inst.repo=http://10.0.0.1:8080/"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(debian(t))
			o.HTTP = c.http
			s := open(t, config.Media{Paths: []string{image}}, o)
			if got := told(s); !strings.Contains(got, " "+c.boot+",") {
				t.Errorf("HTTP boot is not at %s:\n%s", c.boot, got)
			}
			if got := text(t, at(s, ours), "bootrig/bios/pxelinux.cfg/default"); !strings.Contains(got, c.repo) {
				t.Errorf("not %s:\n%s", c.repo, got)
			}
			if got := text(t, at(s, ours), "bootrig/x64/boot.img"); !strings.Contains(got, c.repo) {
				t.Errorf("the disk does not say %s", c.repo)
			}
		})
	}
}

func TestATreesOwnGRUBIsTakenWhereItFindsItsMenu(t *testing.T) {
	tree := filepath.Join(packages(t), "debian-installer-12-netboot-amd64/usr/lib/debian-installer/images/12/amd64/text")
	moved := t.TempDir()
	if err := os.CopyFS(filepath.Join(moved, "x"), os.DirFS(filepath.Join(tree, "debian-installer/amd64"))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path   string
		leases bool
		want   string
	}{
		"beside another DHCP server it is told where we are": {tree, false, "x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubx64.efi of TREE, with its own menu"},
		"as the DHCP server we need not":                     {tree, true, "x64 machines that boot by PXE: debian-installer/amd64/bootnetx64.efi, signed: bootnetx64.efi of TREE, with its own menu"},
		"where its directory has another name it gets ours":  {filepath.Join(moved, "x"), false, "x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubx64.efi of TREE, with a menu"},
		"also as the DHCP server":                            {filepath.Join(moved, "x"), true, "x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubx64.efi of TREE, with a menu"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Leases = c.leases
			s := open(t, config.Media{Paths: []string{c.path}}, o)
			if got := lines(strings.ReplaceAll(told(s), " of "+filepath.Base(c.path)+",", " of TREE,"), "x64 machines that boot by PXE"); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q\nwant\n%q", got, c.want)
			}
			grub := text(t, at(s, ours), "bootrig/x64/grubx64.efi")
			if at := []byte("(tftp,192.168.9.2)/"); !c.leases && !bytes.Contains([]byte(grub), at) {
				t.Error("GRUB is not told where we are")
			}
		})
	}
}

func TestAnswersAreNamedWhereTheInstallerReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		layout, answers, file, want string
	}{
		"before the dashes of Debian, whose own menu is left": {"debian-netboot-12", "-- preseed.cfg --\nd-i x/y string z\n", "bootrig/bios/pxelinux.cfg/default", "preseed/url=http://192.168.9.2/seed/preseed.cfg --- quiet"},
		"of the kernel behind Xen":                            {"xcp-ng-8.3.0", "-- answerfile.xml --\n<installation/>\n", "bootrig/bios/pxelinux.cfg/default", "::boot/vmlinuz console=hvc0 console=tty0 answerfile=http://192.168.9.2/seed/answerfile.xml"},
		"none for what the directory has none for":            {"redhat-fedora-41", "-- preseed.cfg --\nd-i x/y string z\n", "bootrig/bios/pxelinux.cfg/default", "inst.repo=http://192.168.9.2/\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, config.Media{Paths: []string{release(t, c.layout)}, Seed: isotest.Tree(t, c.answers)}, options(debian(t)))
			if got := text(t, at(s, ours), c.file); !strings.Contains(got, c.want) {
				t.Errorf("not %q in\n%s", c.want, got)
			}
		})
	}
	t.Run("without one the tree's own menu stays", func(t *testing.T) {
		s := open(t, config.Media{Paths: []string{release(t, "debian-netboot-12")}, Seed: isotest.Tree(t, "-- ks.cfg --\ntext\n")}, options(debian(t)))
		if got := lines(told(s), "BIOS"); len(got) != 1 || !strings.HasSuffix(got[0], "with its own menu") {
			t.Errorf("%q", got)
		}
	})
}

// The modules of SYSLINUX are of the release of its pxelinux: the host has a newer one, and its modules stay there.
func TestModulesComeFromWherePxelinuxComes(t *testing.T) {
	s := open(t, config.Media{Paths: []string{release(t, "xenserver-7.6")}}, options(debian(t)))
	samples := mediatest.Samples()
	for name, sample := range map[string]string{"pxelinux.0": "pxelinux-4", "menu.c32": "com32r", "mboot.c32": "com32r-mboot"} {
		if got := text(t, at(s, ours), "bootrig/bios/"+name); got != string(samples[sample]) {
			t.Errorf("%s is another: %.60q", name, got)
		}
	}
	if got := text(t, at(s, ours), "bootrig/bios/ldlinux.c32"); !strings.Contains(got, "not exist") {
		t.Errorf("an ldlinux.c32, which this pxelinux has not: %.60q", got)
	}
}

// The image of HTTP boot is a disk in memory: the first entry of each medium goes first, and what has no room is told.
func TestADiskHoldsWhatFits(t *testing.T) {
	large := strings.Replace(mediatest.List(t, "redhat-fedora-41"), "images/pxeboot/initrd.img <- ", "# ", 1)
	dir := isotest.Tree(t, large)
	initrd := filepath.Join(dir, "images/pxeboot/initrd.img")
	if err := os.WriteFile(initrd, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(initrd, 1<<30); err != nil { // a hole
		t.Fatal(err)
	}
	signed := t.TempDir()
	for _, name := range []string{"shim-signed/usr/lib/shim/shimx64.efi.signed", "grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed"} {
		data, err := os.ReadFile(filepath.Join(packages(t), name))
		if err == nil {
			err = os.WriteFile(filepath.Join(signed, path.Base(name)), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, config.Media{Paths: []string{release(t, "alpine-netboot-3.20.3"), dir}, Rule: "RULE"}, options(called(t, "SIGNED", signed)))
	got := lines(strings.ReplaceAll(told(s), " of "+filepath.Base(dir), " of DIR"), "note")
	want := []string{`note: x64 UEFI machines that boot by HTTP get no "Install Fedora 41" of DIR, "Install Fedora 41 from a mirror" of DIR, "Install Fedora 41 in text mode" of DIR, "Rescue a system with Fedora 41" of DIR: a disk for HTTP boot holds 1024 MiB, as much as machines with little memory have room for; or they need ipxe.efi (install ipxe), or linuxx64.efi.stub (install systemd-boot-efi); --programs names a directory that has it`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
