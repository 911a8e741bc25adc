package loader

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestHowPxelinuxEnds(t *testing.T) {
	const mbootCfg = "default x\nlabel x\nkernel mboot.c32\nappend xen a=1  --- mod b  --- initrd.gz\n"
	for _, tc := range []struct {
		name  string
		files tree
		want  string
	}{
		{"a label boots", with(six, nil), "linux: BOOT_IMAGE=linux x initrd=initrd.gz"},
		{"pxelinux 4: a label boots", with(four, nil), "linux: BOOT_IMAGE=linux x initrd=initrd.gz"},
		{"words behind the label in DEFAULT follow its own", with(six, cfg("default a extra=2\nlabel a\nlinux linux\nappend x \n")), "linux: BOOT_IMAGE=linux x  extra=2"},
		{"initrd= inside APPEND may name several", with(six, cfg("default a\nlabel a\nlinux linux\nappend initrd=initrd.gz,mod x\n")), "linux: BOOT_IMAGE=linux initrd=initrd.gz,mod x"},
		{"SYSAPPEND 7 follows the initrd", with(six, cfg("default a\nlabel a\nlinux linux\nsysappend 7\n")),
			"linux: BOOT_IMAGE=linux ip=192.168.9.100:192.168.9.2:192.168.9.1:255.255.255.0 BOOTIF=01-52-54-00-12-34-56 SYSUUID=33221100-5544-7766-8800-000000000000"},
		{"LOCALBOOT leaves", with(six, cfg("default a\nlabel a\nlocalboot 0\n")), "local: "},
		{"mboot.c32 loads modules", with(six, cfg(mbootCfg)), "multiboot: a=1 | b"},
		{"pxelinux 4: mboot.c32 loads modules", with(four, cfg(mbootCfg)), "multiboot: a=1 | b"},

		// The texts of pxelinux 6 below were read on the console of real boots.
		{"ldlinux.c32 missing", with(six, tree{"ldlinux.c32": ""}),
			"Failed to load ldlinux.c32: not found as ldlinux.c32, /boot/isolinux/ldlinux.c32, /isolinux/ldlinux.c32, /boot/syslinux/ldlinux.c32, /syslinux/ldlinux.c32, /ldlinux.c32"},
		{"no configuration", with(six, tree{"pxelinux.cfg/default": ""}),
			"Unable to locate configuration file: no pxelinux.cfg file is there, not even pxelinux.cfg/default"},
		{"kernel missing", with(six, tree{"linux": ""}), "Loading linux... failed: No such file or directory: linux is not there"},
		{"initrd missing", with(six, tree{"initrd.gz": ""}), "Loading initrd.gz...failed: No such file or directory: initrd.gz is not there"},
		{"mboot.c32 of syslinux 4", with(six, tree{"mboot.c32": com, "pxelinux.cfg/default": mbootCfg}),
			"Failed to load COM32 file mboot.c32: mboot.c32 is a module of syslinux 4 (COM32R), pxelinux 6 takes ELF only"},
		{"a library missing", with(six, tree{"libcom32.c32": "", "pxelinux.cfg/default": mbootCfg}),
			"Failed to load COM32 file mboot.c32: its library libcom32.c32 is missing or unfit"},
		{"a multiboot file missing", with(six, tree{"mod": "", "pxelinux.cfg/default": mbootCfg}), "No files found!: Loading mod... failed!"},
		{"kernel truncated", with(six, tree{"linux": bzImage(8192)[:4096]}),
			"the machine resets while the kernel starts: kernel truncated: linux has 4096 bytes, its header says 8192"},
		{"kernel that is none", with(six, tree{"linux": "hello"}), "Booting kernel failed: Invalid argument: linux is not a Linux kernel"},
		{"dom0 kernel truncated", with(six, tree{"mod": bzImage(8192)[:4096], "pxelinux.cfg/default": mbootCfg}),
			"Panic on CPU 0: Could not construct domain 0: kernel truncated: mod has 4096 bytes, its header says 8192"},
		{"memory too small", with(six, tree{"initrd.gz": strings.Repeat("i", 1<<20)}),
			"Could not allocate memory.: initrd.gz makes 1056768 bytes of files, the machine has 1048576"},
		{"an unknown module", with(six, tree{"x.c32": elfModule(), "pxelinux.cfg/default": "default x.c32"}),
			"the scripted pxelinux has no x.c32: it knows menu.c32, vesamenu.c32 and mboot.c32"},

		{"pxelinux 4: kernel missing", with(four, tree{"linux": ""}), "Could not find kernel image: linux: linux is not there"},
		{"pxelinux 4: initrd missing", with(four, tree{"initrd.gz": ""}), "Could not find ramdisk image: initrd.gz: initrd.gz is not there"},
		{"pxelinux 4: mboot.c32 of syslinux 6", with(four, tree{"mboot.c32": elfModule("libcom32.c32"), "pxelinux.cfg/default": mbootCfg}),
			"mboot.c32: not a COM32R image: mboot.c32 is a module of syslinux 5 or 6 (ELF), pxelinux 4 takes COM32R only"},
		{"ONERROR runs a command with the failed one behind it", with(six, cfg("default a\nonerror b\nlabel a\nlinux gone\nlabel b\nlinux linux\n")),
			"linux: BOOT_IMAGE=linux a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := run(t, tc.files)
			if diff := cmp.Diff(tc.want, ending(got.outcome)); diff != "" {
				t.Errorf("end (-want +got):\n%s\nconsole:\n%s", diff, strings.Join(got.lines, "\n"))
			}
		})
	}
}

func TestPxelinuxChains(t *testing.T) {
	for _, line := range []string{"kernel other.0", "pxe other.0", "boot other.bs", "kernel other.bin"} {
		name := line[strings.LastIndexByte(line, ' ')+1:]
		got := run(t, with(six, tree{name: "another program", "pxelinux.cfg/default": "default a\nlabel a\n" + line + "\n"}))
		if h := got.outcome.Chain; h == nil || string(h.Program) != "another program" || h.Name != name || h.Server.String() != "192.168.9.2" {
			t.Errorf("%s: leaves for %+v, ends with %s", line, h, ending(got.outcome))
		}
		gone := run(t, with(six, cfg("default a\nlabel a\n"+line+"\n")))
		if want := "Could not find kernel image: " + name + ": " + name + " is not there"; ending(gone.outcome) != want {
			t.Errorf("%s without the file ends with %q, want %q", line, ending(gone.outcome), want)
		}
	}
}

func TestTheEndOfSilenceIsPatience(t *testing.T) {
	n := testnet.New(func(name string) ([]byte, bool) { return []byte(with(six, nil)[name]), true })
	n.Drop = func(toGuest bool, d machine.Datagram) bool {
		return !toGuest && strings.Contains(string(d.Payload), "initrd.gz")
	}
	p, _ := Start(testnet.Start(), Config{Handover: handed(t, n, six, "pxelinux.0")})
	defer p.Close()
	took := n.Run(p, testnet.Start(), testnet.Start().Add(2*time.Hour), func() bool { _, ok := p.Outcome(); return ok }).Sub(testnet.Start())
	o, _ := p.Outcome()
	if o.Failure == nil || !o.Failure.Patience || took < 2*time.Minute {
		t.Errorf("ended with %s after %s, want patience to run out", ending(o), took)
	}
}
