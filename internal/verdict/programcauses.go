package verdict

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

// programCauses are about what came whole, and does not run.
func programCauses() []Cause {
	return []Cause{
		{
			ID: "boot-loop", Name: "iPXE fetches iPXE for ever",
			Shows: "iPXE asks by DHCP, is told of iPXE, and asks by DHCP again", Refutes: "it was told of a script, or went on",
			Fix: "answer iPXE (option 77 or 175) with a script: script: in bootrig.yaml, dhcp-match=set:ipxe,175 in a dnsmasq.conf", Source: "ipxe.org, howto/chainloading",
			find: loop,
		},
		{
			ID: "wrong-program", Name: "The boot program is one for another kind of machine",
			Shows: "a program came whole whose header, or name, is of another kind than the machine", Refutes: "it asked for something afterwards",
			Fix: "name a program for this client architecture", Source: "UEFI 2.10, section 2.1.1; iPXE pxe_image.c",
			find: wrongProgram,
		},
		{
			ID: "wrong-module", Name: "A module of another syslinux",
			Shows: "a .c32 file came that is not of pxelinux's generation, or none at all", Refutes: "the machine went on",
			Fix: "take pxelinux.0 and all .c32 files from one syslinux version", Source: "syslinux com32/lib/sys/module",
			find: wrongModule,
		},
		{
			ID: "not-a-configuration", Name: "The configuration, or the script, is none",
			Shows: "what was fetched as one is a page of a web server, a pointer of git-lfs, or nothing that people write", Refutes: "it is text; the machine went on",
			Fix: "look at the file where the server has it; iPXE wants #!ipxe at its beginning", Source: "iPXE image/script.c; what was served",
			find: notAConfiguration,
		},
		{
			ID: "not-a-kernel", Name: "The kernel is none",
			Shows: "what was fetched as a kernel is a page of a web server, a pointer of git-lfs, or nothing", Refutes: "its header is that of a kernel",
			Fix: "fetch the kernel again, and look at it: file NAME says what it is", Source: "Documentation/arch/x86/boot.rst; Thinstation issue 294",
			find: notAKernel, despite: true,
		},
		{
			ID: "kernel-truncated", Name: "The kernel was cut off",
			Shows: "it has fewer bytes than its header says", Refutes: "its size is right",
			Fix: "copy the kernel again", Source: "Documentation/arch/x86/boot.rst, syssize",
			find: truncated, despite: true,
		},
	}
}

// last is the file that came whole if that was the last that was heard; nil else.
func (b *Boot) last() *file {
	if f := b.latest(); f != nil && f.end == event.Got {
		return f
	}
	return nil
}

func loop(b *Boot) *found {
	if b.loops < 2 || b.stage >= Configured {
		return nil
	}
	return certain(fmt.Sprintf("iPXE fetched %s, which is iPXE, and so on, %d times", b.program, b.loops+1))
}

// is tells what a file is, as its first bytes say.
func (f *file) is() string { return f.last.Attr("is") }

// cpus are the processors of client architectures, as magic has them.
var cpus = map[int]string{6: "ia32", 7: "x64", 9: "x64", 10: "arm32", 11: "arm64", 15: "ia32", 16: "x64", 18: "arm32", 19: "arm64", 25: "riscv32", 27: "riscv64", 39: "loongarch64"}

func wrongProgram(b *Boot) *found {
	f := b.last()
	if f == nil || f.path != b.program || len(b.files) > 1 && b.trailing(event.Got)[0] != f || b.stage > Loaded || b.fetched() > 1 {
		return nil
	}
	is, base := f.is(), strings.ToLower(path.Base(f.path))
	cpu, efi := strings.CutPrefix(is, magic.PE)
	cpu, _, _ = strings.Cut(cpu, " ") // signed or not
	bios := strings.HasSuffix(base, ".0") || strings.HasSuffix(base, "kpxe")
	wanted := cpus[b.client.arch]
	page := is == magic.HTML || is == magic.LFS || is == magic.Empty
	switch {
	case page:
		return certain(fmt.Sprintf("%s came whole, and is no program: %s", f.path, is), f.last)
	case b.client.arch == 0 && efi:
		return certain(fmt.Sprintf("%s came whole, and is a UEFI program (%s): this machine is a BIOS (client architecture 0)", f.path, cpu), f.last)
	case wanted != "" && efi && cpu != wanted:
		return certain(fmt.Sprintf("%s came whole, and is a UEFI program for %s: this machine is %s (client architecture %d)", f.path, cpu, wanted, b.client.arch), f.last)
	case b.client.uefi() && bios && !efi:
		return certain(fmt.Sprintf("%s came whole, and is no UEFI program for this machine (client architecture %d)", f.path, b.client.arch), f.last)
	case strings.HasPrefix(b.outcome().said.Text, "BdsDxe: failed to load") && !b.denied():
		return certain(fmt.Sprintf("%s came whole, and is no UEFI program for this machine (client architecture %d)", f.path, b.client.arch), f.last)
	}
	return nil
}

// fetched is how many files came whole since DHCP began.
func (b *Boot) fetched() (n int) {
	for _, f := range b.files {
		if f.end == event.Got {
			n++
		}
	}
	return n
}

func wrongModule(b *Boot) *found {
	f := b.lastModule()
	if f == nil || b.stage >= Kernel {
		return nil
	}
	six := slices.ContainsFunc(b.files, func(o *file) bool { return strings.HasPrefix(path.Base(o.path), "ldlinux.") && o.end == event.Got })
	switch is := f.is(); {
	case is == "" || is == magic.GZIP:
	case six && is == magic.COM32R:
		return certain(f.path+" is a module of syslinux 4 (COM32R), and pxelinux 5 and later take ELF only", f.last)
	case !six && is == magic.ELF:
		return certain(f.path+" is a module of syslinux 5 or later (ELF), and pxelinux 4 takes COM32R only", f.last)
	case is != magic.ELF && is != magic.COM32R:
		return certain(fmt.Sprintf("%s is no module: %s", f.path, is), f.last)
	}
	return nil
}

// lastModule is the module that came last, if nothing came after it.
func (b *Boot) lastModule() *file {
	for _, f := range slices.Backward(b.files) {
		switch {
		case f.end == event.Miss:
			continue // of libraries that it looks for
		case f.end == event.Got && strings.HasSuffix(f.path, ".c32"):
			return f
		}
		break
	}
	return nil
}

func notAConfiguration(b *Boot) *found {
	f := b.last()
	if f == nil || b.roleOf(f) != configuration {
		return nil
	}
	switch is := f.is(); {
	case is == magic.HTML, is == magic.LFS, is == magic.ELF, is == magic.GZIP, strings.HasPrefix(is, magic.PE):
		return certain(fmt.Sprintf("%s is no configuration: %s", f.path, is), f.last)
	case is == magic.Text && strings.HasSuffix(f.path, ".ipxe"):
		return likely(f.path+" does not begin with #!ipxe", f.last)
	}
	return nil
}

func notAKernel(b *Boot) *found {
	for _, f := range b.trailing(event.Got) {
		is := f.is()
		if r := b.roleOf(f); (r == kernel || r == ramdisk) && (is == magic.HTML || is == magic.LFS || is == magic.Empty || is == magic.Text) {
			return certain(fmt.Sprintf("%s is not a Linux kernel, nor any: %s", f.path, is), f.last)
		}
	}
	if f := b.loaded(); f != nil && (f.is() == magic.GZIP || strings.HasPrefix(f.is(), magic.PE) || f.is() == magic.ELF) {
		return likely(fmt.Sprintf("%s is not a Linux kernel: %s", f.path, f.is()), f.last)
	}
	return nil
}

// loaded is the file that pxelinux starts as a Linux kernel: the first behind its configuration, if no module loads
// it; nil else.
func (b *Boot) loaded() *file {
	pxelinux := false
	for _, f := range b.files {
		base := path.Base(f.path)
		switch r := b.roleOf(f); {
		case f.end != event.Got:
		case strings.Contains(base, "pxelinux") && r == program:
			pxelinux = true
		case base == "mboot.c32", base == "linux.c32", base == "chain.c32", base == "memdisk":
			return nil
		case r == kernel || r == ramdisk:
			if !pxelinux {
				return nil
			}
			return f
		}
	}
	return nil
}

func truncated(b *Boot) *found {
	for _, f := range b.trailing(event.Got) {
		if is, cut := strings.CutPrefix(f.is(), magic.Cut); cut {
			var has, wants int64
			_, _ = fmt.Sscan(is, &has, &wants)
			return certain(fmt.Sprintf("kernel truncated: %s has %d bytes, its header says %d", f.path, has, wants), f.last)
		}
	}
	return nil
}

// refusal is what Secure Boot makes of the program, as far as that is known; else something else.
func (b *Boot) refusal(other string) string {
	switch {
	case !b.client.uefi():
	case strings.HasSuffix(b.is, magic.Unsigned):
		return "Secure Boot, where it is on, refuses it, since nobody signed it"
	case strings.HasSuffix(b.is, magic.Signed):
		return "Secure Boot, where it is on, refuses it if the firmware does not know its signer"
	}
	return other
}

func cameBack(b *Boot) *found {
	often := ""
	if b.backs > 1 {
		often = fmt.Sprintf(" (%d times in a row)", b.backs)
	}
	switch {
	case b.outcome().back.Kind == "":
		return nil
	case b.stage == Loaded:
		return certain(fmt.Sprintf("the firmware asks anew after it fetched %s: %s, or it ended%s", b.program, b.refusal("it refused to run it"), often), b.outcome().back)
	case b.stage == Configured:
		return certain(fmt.Sprintf("the firmware asks anew: %s ended, or the machine was reset%s", b.program, often), b.outcome().back)
	}
	return nil
}
