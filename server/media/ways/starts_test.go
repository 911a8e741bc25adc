package ways_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// starting opens a medium with what is started of it.
func starting(t testing.TB, o ways.Options, path string, starts ...config.Start) *ways.Served {
	t.Helper()
	return open(t, config.Media{Paths: []string{path}, Starts: starts, Rule: "x:1"}, o)
}

// Each kind of machine with a tag has a file of its own, and behind it everything else.
func TestWhatSomeMachinesStart(t *testing.T) {
	image := iso(t, "redhat-fedora-41")
	s := starting(t, options(debian(t)), image, config.Start{Entry: "text", Args: "console=ttyS0", Tags: policy.Wants{"lab"}, Rule: "x:3"})
	want := []string{
		"BIOS: bootrig/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu",
		"x64 machines that boot by PXE: bootrig/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu",
		"x64 machines that boot by HTTP: http://{server}/bootrig/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu",
		"BIOS with tag:lab: bootrig/text-2d917eca/bios/pxelinux.0: pxelinux.0 of DEBIAN, with a menu, and starts text with console=ttyS0",
		"x64 machines that boot by PXE with tag:lab: bootrig/text-2d917eca/x64/grubx64.efi: grubnetx64.efi of DEBIAN, with a menu, and starts text with console=ttyS0",
		"x64 machines that boot by HTTP with tag:lab: http://{server}/bootrig/text-2d917eca/x64/boot.img, signed: a disk image with shimx64.efi and grubx64.efi of DEBIAN and a menu, and starts text with console=ttyS0",
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(neutral(told(s), image)), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const dir = "bootrig/text-2d917eca/"
	pxelinux, grub := text(t, at(s, ours), dir+"bios/pxelinux.cfg/default"), text(t, at(s, ours), dir+"x64/grub/grub.cfg")
	for _, said := range []string{"PROMPT 0\nDEFAULT text\n\nLABEL text\n", " console=ttyS0\n\nLABEL install\n"} {
		if !strings.Contains(pxelinux, said) {
			t.Errorf("pxelinux is not told %q:\n%s", said, pxelinux)
		}
	}
	for _, said := range []string{"set timeout=0\nset default=0\n\nmenuentry ", " --id text {\n"} {
		if !strings.Contains(grub, said) {
			t.Errorf("GRUB is not told %q:\n%s", said, grub)
		}
	}
	if disk := text(t, at(s, ours), dir+"x64/boot.img"); !strings.Contains(disk, grub) {
		t.Error("the disk has another menu")
	}
	for _, other := range []string{"bootrig/bios/pxelinux.cfg/default", "bootrig/x64/grub/grub.cfg"} {
		if got := text(t, at(s, ours), other); strings.Contains(got, "console=ttyS0") {
			t.Errorf("all others have it too:\n%s", got)
		}
	}
	if n := strings.Count(pxelinux, "console=ttyS0"); n != 1 {
		t.Errorf("%d entries have the arguments:\n%s", n, pxelinux)
	}
}

// Loaders with a script, a boot.cfg or no menu at all have it too.
func TestEveryLoaderIsToldWhatToStart(t *testing.T) {
	for name, c := range map[string]struct {
		layout, programs string
		start            config.Start
		file             string // behind its directory
		says             []string
	}{
		"iPXE": {"redhat-fedora-41", "ipxe", config.Start{Entry: "text", Args: "a=1"}, "bios/autoexec.ipxe", []string{"\ngoto text\n\n:start\n", " a=1 || goto failed"}},
		"ESXi, whose arguments stand in its boot.cfg": {"esxi-8.0U3", "ipxe", config.Start{Args: "ks=http://{server}/ks"}, "esxi-8.0U3-install-boot.cfg", []string{" ks=http://192.168.9.2/ks\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := starting(t, options(called(t, "DEBIAN", filepath.Join(packages(t), c.programs))), iso(t, c.layout), c.start)
			last := s.Ways[len(s.Ways)-1]
			dir, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(last.Boot.File, "http://{server}/"), "bootrig/"), "/")
			got := text(t, at(s, ours), "bootrig/"+dir+"/"+c.file)
			for _, said := range c.says {
				if !strings.Contains(got, said) {
					t.Errorf("%s of %s lacks %q:\n%.2000q", c.file, dir, said, got)
				}
			}
		})
	}
}

// Arguments without an entry leave the menu as it is, and go to all entries. A tree's own menu is not asked.
func TestArgumentsForAllEntries(t *testing.T) {
	tree := release(t, "debian-netboot-12")
	s := starting(t, options(debian(t)), tree, config.Start{Args: "console=ttyS0", Rule: "x:2"})
	bios := s.Ways[3]
	if !strings.HasPrefix(bios.Boot.File, "bootrig/args-") {
		t.Fatalf("BIOS machines get %s", bios.Boot.File)
	}
	got := text(t, at(s, ours), strings.TrimSuffix(bios.Boot.File, "pxelinux.0")+"pxelinux.cfg/default")
	if !strings.Contains(got, "TIMEOUT 100\n") {
		t.Errorf("the menu does not wait:\n%s", got)
	}
	for _, line := range lines(got, "  APPEND") {
		if !strings.Contains(line, "console=ttyS0 ---") {
			t.Errorf("%s: the arguments are not those of the installer", line)
		}
	}
	settings := s.Settings(config.Config{})
	boot, _ := policy.Choose(settings.DHCP.Boot, func(b proxydhcp.Boot) policy.Wants { return b.Tags }, nil)
	if boot.Rule != "x:2" || boot.Starts != "the menu with console=ttyS0" {
		t.Errorf("everybody gets %+v", boot)
	}
}

// Of those that fit a machine the last counts, and who has a file of its own in the configuration has that.
func TestWhichStartCounts(t *testing.T) {
	s := starting(t, options(debian(t)), iso(t, "redhat-fedora-41"), config.Start{Entry: "text", Tags: policy.Wants{"lab"}, Rule: "x:2"},
		config.Start{Entry: "rescue", Tags: policy.Wants{"sick"}, Rule: "x:3"}, config.Start{Entry: "text", Tags: policy.Wants{"other"}, Rule: "x:4"})
	cfg := config.Config{DHCP: proxydhcp.Config{Boot: []proxydhcp.Boot{{File: "memtest.0", Tags: policy.Wants{"mem"}, Rule: "x:9"}}}}
	settings := s.Settings(cfg)
	for tags, want := range map[string]string{"": "x:1", "lab": "x:2", "lab sick": "x:3", "other": "x:4", "lab mem": "x:9"} {
		has := policy.Tags{}
		for tag := range strings.FieldsSeq(tags) {
			has[tag] = ""
		}
		boot, _ := policy.Choose(settings.DHCP.Boot, func(b proxydhcp.Boot) policy.Wants { return b.Tags }, has)
		if boot.Rule != want {
			t.Errorf("who has the tags %q gets %+v, want that of %s", tags, boot, want)
		}
	}
	made, err := s.Made(ours)
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]bool{}
	for name := range made {
		if _, rest, ok := strings.Cut(name, "bootrig/"); ok {
			dir, _, _ := strings.Cut(rest, "/")
			dirs[dir] = true
		}
	}
	if len(dirs) != 4 { // bios, x64, text-..., rescue-...
		t.Errorf("two rules with one start have two directories: %v", dirs)
	}
}

// A name that no medium has is a mistake, and so are arguments for what takes none.
func TestStartsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		layouts []string
		start   config.Start
		want    string
	}{
		"a name that is nearly one":    {[]string{"redhat-fedora-41"}, config.Start{Entry: "tetx"}, `x:3: no medium has an entry "tetx": did you mean text?`},
		"a name like none":             {[]string{"redhat-fedora-41"}, config.Start{Entry: "memtest86plus"}, `x:3: no medium has an entry "memtest86plus": there are install, install-net, text, rescue`},
		"of several the medium's name": {[]string{"redhat-fedora-41", "alpine-netboot-3.20.3"}, config.Start{Entry: "text"}, `x:3: no medium has an entry "text": there are redhat-fedora-41-install, redhat-fedora-41-install-net, redhat-fedora-41-text, redhat-fedora-41-rescue, alpine-netboot-3.20.3-lts, alpine-netboot-3.20.3-virt`},
		"a medium's own menu":          {[]string{"debian-netboot-12"}, config.Start{Entry: "menu-uefi"}, `x:3: no medium has an entry "menu-uefi": there are install, expert, rescue`},
		"what is no kernel":            {[]string{"windows-pe"}, config.Start{Entry: "setup", Args: "a"}, `x:3: setup is no kernel, and takes no arguments: drop args`},
	} {
		t.Run(name, func(t *testing.T) {
			m := config.Media{Starts: []config.Start{c.start}, Rule: "x:1"}
			m.Starts[0].Rule = "x:3"
			for _, layout := range c.layouts {
				m.Paths = append(m.Paths, release(t, layout))
			}
			s, err := ways.Open(m, options(debian(t), programs(t, "wimboot <- wimboot-x86_64\n")))
			if err == nil {
				s.Close()
				t.Fatal("it is taken")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Who cannot start it boots as ever, and that is told.
func TestAStartForOneKindOfMachine(t *testing.T) {
	tree := release(t, "debian-netboot-12-multi")
	files := func(entry string) (all []string) {
		s := starting(t, options(debian(t)), tree, config.Start{Entry: entry, Tags: policy.Wants{"lab"}, Rule: "x:3"})
		for _, w := range s.Ways {
			if len(w.Boot.Tags) > 0 {
				all = append(all, w.Firmware)
			}
		}
		for _, n := range s.Notices {
			if n.Rule == "x:3" {
				all = append(all, "note: "+n.Text)
			}
		}
		return all
	}
	for entry, want := range map[string][]string{
		"install": {"BIOS machines with tag:lab", "x64 UEFI machines that boot by PXE with tag:lab", "x64 UEFI machines that boot by HTTP with tag:lab"},
		"install-i386": {
			"BIOS machines with tag:lab",
			"note: x64 UEFI machines that boot by PXE do not start install-i386, and boot as all others: there is no such entry for them",
			"note: x64 UEFI machines that boot by HTTP do not start install-i386, and boot as all others: there is no such entry for them",
		},
	} {
		if diff := cmp.Diff(want, files(entry)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", entry, diff)
		}
	}
}

// A loader that starts other entries, and not this one, is no way to start it.
func TestALoaderThatCannotStartItIsNoWay(t *testing.T) {
	m := config.Media{Paths: []string{iso(t, "esxi-8.0U3"), iso(t, "redhat-fedora-41")}, Starts: []config.Start{{Entry: "esxi-8.0U3-install-bios", Rule: "x:3"}}, Rule: "x:1"}
	s, err := ways.Open(m, options(debian(t)))
	if err == nil {
		defer s.Close()
		t.Fatalf("it is started:\n%s", told(s))
	}
	const want = "x:3: no machine could start esxi-8.0U3-install-bios: the mboot.c32 of VMware starts by a pxelinux of SYSLINUX 3 or 4, and "
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v\nwant\n%s...", err, want)
	}
}
