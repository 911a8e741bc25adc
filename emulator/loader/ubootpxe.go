package loader

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/syslinux"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
)

func reasonOf(err *tftp.Error) rom.Reason { return rom.Reason(err.Reason) }

// config is the address where `pxe get` leaves what `pxe boot` reads.
const config = "pxefile_addr_r"

// pxeGet looks for a file of pxelinux.cfg (U-Boot cmd/pxe.c, do_pxe_get): by MAC address, by the IP address cut digit by
// digit, by processor and board, and "default". The UUID only where somebody has set pxeuuid.
func (b *board) pxeGet() {
	a := b.Handover.Addr.As4()
	var names []string
	if id := b.vars["pxeuuid"]; id != "" {
		names = append(names, id)
	}
	names = append(names, bootif(b.Handover))
	for digits := fmt.Sprintf("%02X%02X%02X%02X", a[0], a[1], a[2], a[3]); digits != ""; digits = digits[:len(digits)-1] {
		names = append(names, digits)
	}
	for _, name := range slices.Concat(names, b.Profile.Configs, []string{"default"}) {
		if content, ok := b.beside("pxelinux.cfg/" + name); ok {
			b.memory[config] = content
			b.say("Config file '%s' found", b.vars["bootfile"])
			return
		}
	}
	b.say("Config file not found")
}

// beside reads a file whose name is relative to the directory of the boot file (boot/pxe_utils.c, get_relfile).
func (b *board) beside(name string) ([]byte, bool) {
	if dir, _ := path.Split(b.vars["bootfile"]); !path.IsAbs(name) {
		name = dir + name
	}
	b.say("Retrieving file: %s", name)
	server, _ := netip.ParseAddr(b.vars["serverip"])
	return b.read(server, name)
}

// pxeBoot boots the default label, which TIMEOUT gives whole seconds to, and the others in turn where that fails
// (boot/pxe_utils.c, handle_pxe_menu).
func (b *board) pxeBoot() {
	c := syslinux.Parse(b.memory[config], syslinux.Loader{Open: b.beside})
	labels := c.Entries
	if first := c.Find(c.Default); first != nil {
		labels = append([]*syslinux.Entry{first}, slices.DeleteFunc(slices.Clone(labels), func(e *syslinux.Entry) bool { return e == first })...)
	}
	if c.Timeout > 0 {
		b.say("Enter choice:")
		b.key(b.now.Add(time.Duration((c.Timeout+9)/10) * time.Second))
	}
	for n, e := range labels {
		b.say("%d:\t%s", n+1, e.Display)
		b.label(e)
	}
}

// label fetches the initrd first, then the kernel (label_boot).
func (b *board) label(e *syslinux.Entry) {
	_, rest, _ := strings.Cut(e.Append, "initrd=")
	named, _, _ := strings.Cut(rest, " ")
	var initrd []Module
	if name := cmp.Or(e.Initrd, named); name != "" {
		content, ok := b.beside(name)
		if !ok {
			b.say("Skipping %s for failure retrieving initrd", e.Label)
			return
		}
		initrd = append(initrd, NewModule(name, "", content))
	}
	kernel, ok := b.beside(e.Kernel)
	if !ok {
		b.say("Skipping %s for failure retrieving kernel", e.Label)
		return
	}
	b.say("append: %s", e.Append)
	b.boot(e.Kernel, kernel, e.Append, initrd)
}

// boot starts a kernel, if it is one for this processor.
func (b *board) boot(name string, kernel []byte, args string, initrd []Module) {
	if complaint := foreign(b.Profile.Machine, kernel); complaint != "" {
		b.say("%s", complaint)
		return
	}
	b.say("Starting kernel ...")
	b.end(Outcome{Handoff: &Handoff{Kind: "linux", Cmdlines: []string{args}, Modules: append([]Module{NewModule(name, args, kernel)}, initrd...)}})
}

// foreign says what U-Boot says of a file that is no kernel for a processor, "" if it is one: each has its mark in the
// header (arch/arm/lib/image.c, arch/arm/lib/zimage.c, arch/riscv/lib/image.c, arch/x86/lib/zimage.c).
func foreign(machine uint16, kernel []byte) string {
	for _, its := range []struct {
		machine   uint16
		at        int
		mark      string
		complaint string
	}{
		{0xaa64, 56, "ARM\x64", "Bad Linux ARM64 Image magic!"},
		{0x1c2, 36, "\x18\x28\x6f\x01", "zimage: Bad magic!"},
		{0x5064, 56, "RSC\x05", "Bad Linux RISCV Image magic!"},
		{0x14c, 0x202, "HdrS", "## Kernel loading failed ..."},
	} {
		if its.machine == machine && !bytes.HasPrefix(kernel[min(its.at, len(kernel)):], []byte(its.mark)) {
			return its.complaint
		}
	}
	return ""
}
