package media

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

// said is what Recognise finds, a line for each medium.
func said(t *testing.T, src content.Source) string {
	t.Helper()
	found, err := Recognise(src)
	var unknown *Unknown
	if errors.As(err, &unknown) {
		return "unknown"
	}
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range found {
		lines = append(lines, fmt.Sprintf("%s: %s", m.Dir, m.Title))
	}
	return strings.Join(lines, "\n")
}

func TestSeveralMediaInATree(t *testing.T) {
	tree := func(release string) content.Source { return mediatest.Source(t, mediatest.List(t, release)) }
	debian, xcp := tree("debian-netboot-12"), tree("xcp-ng-8.3.0")
	beside := mediatest.Source(t, mediatest.Complete(t, "mirror/xcp/8.3/a size=1\nnotes.txt size=10\n"))
	for rule, c := range map[string]struct {
		src  content.Source
		want string
	}{
		"each below its name": {content.Mount(map[string]content.Source{"xcp-ng": xcp, "debian": debian}),
			"debian: Debian 12 installer\nxcp-ng: XCP-ng 8.3.0"},
		"one at the top, another below it": {content.Overlay(debian, content.Mount(map[string]content.Source{"xenserver": xcp})),
			".: Debian 12 installer\nxenserver: XCP-ng 8.3.0"},
		"two in one directory": {content.Overlay(debian, xcp), ".: Debian 12 installer\n.: XCP-ng 8.3.0"},
		"a few levels down": {content.Overlay(beside, content.Mount(map[string]content.Source{"mirror": content.Mount(map[string]content.Source{"xcp": xcp})})),
			"mirror/xcp: XCP-ng 8.3.0"},
		"a netboot tree is one medium, and not the directory of its kernel another": {debian, ".: Debian 12 installer"},
		"a memory test in a directory":                                              {content.Mount(map[string]content.Source{"memtest": tree("memtest-7.20"), "notes": beside}), "memtest: Memtest86+ 7.20"},
		"an empty tree":                                                             {content.Mount(nil), "unknown"},
	} {
		t.Run(rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, said(t, c.src)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What looks like a medium, and would not boot.
func TestNearMisses(t *testing.T) {
	for rule, c := range map[string]struct{ release, without, with string }{
		"Xen without its installer":                 {"xcp-ng-8.3.0", "install.img", ""},
		"Xen without Linux":                         {"xenserver-7.6", "boot/vmlinuz", ""},
		"an installer without Xen":                  {"xenserver-8", "boot/xen.gz", ""},
		"the Debian installer without its initrd":   {"debian-netboot-12", "debian-installer/amd64/initrd.gz", ""},
		"an initrd that is a link to nowhere":       {"debian-netboot-12", "debian-installer/amd64/initrd.gz", "debian-installer/amd64/initrd.gz -> ../gone"},
		"a kernel that is a directory":              {"debian-netboot-12-bare", "linux", "linux/"},
		"a kernel called linux, and nothing of d-i": {"", "", "linux <- kernel-x86_64\ninitrd.gz <- initrd.gz"},
		"a netboot tree of the live server, no URL": {"ubuntu-server-netboot-24.04.4-arm64", "arm64/grub/grub.cfg", ""},
		"a live server without its kernel":          {"ubuntu-server-24.04.3", "casper/vmlinuz", ""},
		"Fedora's installer without its initrd":     {"redhat-fedora-41", "images/pxeboot/initrd.img", ""},
		"kernel and initrd in pxeboot, and no more": {"", "", "images/pxeboot/vmlinuz <- kernel-x86_64\nimages/pxeboot/initrd.img <- initrd.xz"},
		"Arch without its root":                     {"arch-2025.10.01", "arch/x86_64/airootfs.sfs", ""},
		"Proxmox that does not say so":              {"proxmox-ve-8.2", ".cd-info", ""},
		"ESXi without boot.cfg":                     {"esxi-8.0U3", "boot.cfg", ""},
		"Windows without its image":                 {"windows-11", "sources/boot.wim", ""},
		"an error page called netboot.xyz.efi":      {"", "", "-- netboot.xyz.efi --\n<html>"},
		"a Memtest by name only":                    {"", "", "memtest.efi <- efi-x86_64"},
	} {
		t.Run(rule, func(t *testing.T) {
			list := c.with
			if c.release != "" {
				list = without(t, mediatest.List(t, c.release), c.without)
				list = c.with + "\n" + list
			} else {
				list = mediatest.Complete(t, list)
			}
			if got := said(t, mediatest.Source(t, list)); got != "unknown" {
				t.Errorf("it is found to be %s", got)
			}
		})
	}
}

// without is a list with one file less.
func without(t *testing.T, list, name string) string {
	t.Helper()
	var kept []string
	gone, inside := false, false
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "-- ") {
			inside = strings.TrimSpace(line) == "-- "+name+" --"
			gone = gone || inside
		}
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if inside || word == name {
			gone = true
			continue
		}
		kept = append(kept, line)
	}
	if !gone {
		t.Fatalf("there is no %s in the list", name)
	}
	return strings.Join(kept, "")
}

// An image with neither Rock Ridge nor Joliet has its names in upper case.
func TestNamesAreFoundWithoutCase(t *testing.T) {
	list := mediatest.Complete(t, `BOOT/XEN.GZ <- xen.gz
BOOT/VMLINUZ <- kernel-x86_64
INSTALL.IMG size=10
-- .TREEINFO --
[branding]
name = XenServer
version = 7.6.0
`)
	found, err := Recognise(mediatest.Source(t, list))
	if err != nil {
		t.Fatal(err)
	}
	want := Entry{Name: "install", Title: "Install XenServer 7.6.0", CPU: "x86_64", Kind: Multiboot, Kernel: "BOOT/XEN.GZ",
		Args:    "dom0_max_vcpus=1-16 dom0_mem=max:8192M com1=115200,8n1 console=com1,vga",
		Modules: []Module{{"BOOT/VMLINUZ", "console=hvc0 console=tty0"}, {File: "INSTALL.IMG"}}}
	if diff := cmp.Diff(want, found[0].Entries[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswersGoWhereLinuxReadsThem(t *testing.T) {
	seed := Answer{Args: "preseed/url={answer}"}
	for rule, c := range map[string]struct{ e, want Entry }{
		"behind the others":                 {Entry{Kind: Linux, Args: "ip=dhcp"}, Entry{Kind: Linux, Args: "ip=dhcp preseed/url={answer}"}},
		"before those of what is installed": {Entry{Kind: Linux, Args: "priority=low --- quiet"}, Entry{Kind: Linux, Args: "priority=low preseed/url={answer} --- quiet"}},
		"before nothing but the dashes":     {Entry{Kind: Linux, Args: "ip=dhcp ---"}, Entry{Kind: Linux, Args: "ip=dhcp preseed/url={answer} ---"}},
		"before dashes alone":               {Entry{Kind: Linux, Args: "--- quiet"}, Entry{Kind: Linux, Args: "preseed/url={answer} --- quiet"}},
		"to Linux, and not to Xen": {
			Entry{Kind: Multiboot, Args: "dom0_mem=1G", Modules: []Module{{"vmlinuz", "console=hvc0"}, {"install.img", ""}}},
			Entry{Kind: Multiboot, Args: "dom0_mem=1G", Modules: []Module{{"vmlinuz", "console=hvc0 preseed/url={answer}"}, {"install.img", ""}}}},
		"a menu of its own is told nothing": {Entry{Kind: Own, Kernel: "pxelinux.0"}, Entry{Kind: Own, Kernel: "pxelinux.0"}},
	} {
		t.Run(rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.e.Answered(seed)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownTreesAreToldWithAWayOut(t *testing.T) {
	list := mediatest.Complete(t, `boot/xen.gz <- xen.gz
boot/vmlinuz <- kernel-x86_64
boot/initrd.img <- initrd.zst
pxelinux.0 <- pxelinux-6
-- .treeinfo --
[branding]
name = XenServer
`)
	_, err := Recognise(mediatest.Source(t, list))
	want := `no medium that is known
  kernels: boot/xen.gz (multiboot x86_64), boot/vmlinuz (linux x86_64)
  boot programs: pxelinux.0 (pxelinux i386)
  nearly xenserver: install.img is missing
`
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Fatalf("(-want +got):\n%s", cmp.Diff(want, fmt.Sprint(err)))
	}
	_, example, _ := strings.Cut(err.Error(), "takes it:\n\n")
	mine, err := parse("mine.yaml", []byte(example))
	if err != nil {
		t.Fatalf("the example is none: %v\n%s", err, example)
	}
	families := &Families{}
	families.put(mine)
	found, err := families.Recognise(mediatest.Source(t, list))
	if err != nil {
		t.Fatal(err)
	}
	wantEntries := []Entry{{Name: "boot", Title: "Boot My system", CPU: "x86_64", Kind: Multiboot, Kernel: "boot/xen.gz", Args: "ip=dhcp", Modules: []Module{{File: "boot/vmlinuz"}, {File: "boot/initrd.img"}}}}
	if diff := cmp.Diff(wantEntries, found[0].Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestImagesInADirectoryAreNamed(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"a.img": strings.Repeat("\x00", 0x8001) + "CD001\x01", "b": "\x1f\x8b\x08\x00" + strings.Repeat("\x00", 20), "notes.txt": "read me",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := content.OpenDir(dir, "/")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	_, err = Recognise(d.Source())
	want := "no medium that is known\n  kernels: none\n  boot programs: none\n  images: a.img, b: name them, and not the directory they are in"
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
