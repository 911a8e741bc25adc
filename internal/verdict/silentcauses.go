package verdict

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

// silentCauses are about programs that came whole, and ask for nothing here.
func silentCauses() []Cause {
	return []Cause{
		{
			ID: "shim-from-ipxe", Name: "A shim that iPXE started does not start GRUB",
			Shows: "iPXE fetched shim, shim fetched GRUB, and nothing was asked for", Refutes: "any question of GRUB",
			Fix: "have iPXE start GRUB itself (chain grubx64.efi, without Secure Boot), or take an iPXE that has the shim command: an older one tells shim a wrong size of GRUB", Source: "ipxe.org, cmd/shim; shim says: Malformed binary after Attribute Certificate Table",
			find: shimFromIPXE,
		},
		{
			ID: "grub-asks-elsewhere", Name: "GRUB asks the DHCP server for its files",
			Shows: "GRUB came whole, and asks for nothing here", Refutes: "its configuration was asked for; an address whose server it would have asked, and did not",
			Fix: "boot it by HTTP from an image, build a GRUB with this server in its prefix, or have the DHCP server name this one as next server: signed GRUB asks who gave the address", Source: "rhboot/shim issue 165; rhboot/grub2 pull request 87",
			find: grubElsewhere,
		},
		{
			ID: "grub-by-http", Name: "A GRUB that came by HTTP asks for nothing",
			Shows: "GRUB came whole by HTTP, and nothing was asked for", Refutes: "any question of it",
			Fix: "serve a disk image (.img, .iso) with shim, GRUB and its grub.cfg in place of the program, or a GRUB with the http module and this server in its prefix: a signed one has neither, and stands at grub>", Source: "grub-core/net/net.c, grub_net_open_real; Debian's grub-efi-amd64-signed",
			find: grubByHTTP,
		},
		{
			ID: "bare-kernel", Name: "The boot file is a kernel by itself",
			Shows: "the firmware was told of a Linux kernel as its program, and nothing more was asked for", Refutes: "an initrd was asked for",
			Fix: "make one file of kernel, initrd and command line (a UKI), or start it from iPXE or GRUB: firmware gives a program no arguments, so it finds no initrd and no root", Source: "Documentation/admin-guide/efi-stub.rst",
			find: bareKernel,
		},
		{
			ID: "program-silent", Name: "The boot program asks for nothing",
			Shows: "a boot program came whole that cannot do without more, and nothing was asked for", Refutes: "any question of it",
			Fix: "look at the screen: Secure Boot refuses unsigned programs (Access Denied), and a program that was cut off hangs", Source: "EDK2 BdsDxe; syslinux",
			find: silentProgram,
		},
	}
}

// alone tells that a program is the last that was fetched, and what it is called.
func (b *Boot) alone() (f *file, base string) {
	if f = b.last(); f == nil || f.path != b.program || b.stage > Configured {
		return nil, ""
	}
	return f, strings.ToLower(path.Base(f.path))
}

// came tells whether somebody had a file.
func came(e event.Event) bool {
	return e.Kind == event.Got || e.Kind == event.HTTPResponse && e.Code < 400
}

func (b *Boot) grubAlone() *file {
	if f, base := b.alone(); f != nil && strings.Contains(base, "grub") {
		return f
	}
	return nil
}

func grubElsewhere(b *Boot) *found {
	other := b.of(otherFile)
	if strings.Contains(other.last.Path, "grub") && b.stage == Loaded && !came(other.last) {
		return certain(fmt.Sprintf("GRUB asks %s for %s, and not the boot server", other.last.Peer.Addr(), other.last.Path), other.last)
	}
	f := b.grubAlone()
	if f == nil || f.http {
		return nil
	}
	lease := b.of(otherAck).last
	next, set := siaddr(lease)
	switch {
	case !b.Witnessed || lease.Attr("siaddr") == "":
		return likely(fmt.Sprintf("%s came whole and asks for nothing here: GRUB asks the DHCP server", f.path), f.last)
	case !set:
		return likely(fmt.Sprintf("%s came whole and asks nobody: GRUB asks the server that siaddr of the lease names, and that of %s names none", f.path, sender(lease)), f.last, lease)
	}
	return possible(fmt.Sprintf("%s came whole and asks for nothing here: GRUB would ask %s", f.path, next), f.last, lease)
}

func grubByHTTP(b *Boot) *found {
	if f := b.grubAlone(); f != nil && f.http {
		return likely(fmt.Sprintf("%s came whole by HTTP and asks for nothing: a signed GRUB does not know from where, and has no HTTP", f.path), f.last)
	}
	return nil
}

func shimFromIPXE(b *Boot) *found {
	f := b.grubAlone()
	if f == nil || !b.client.ipxe {
		return nil
	}
	for _, shim := range b.files {
		if base := strings.ToLower(path.Base(shim.path)); shim != f && shim.end == f.end && b.roleOf(shim) == program && (strings.Contains(base, "shim") || strings.HasPrefix(base, "bootnet") || strings.HasPrefix(base, "bootx64")) {
			return likely(fmt.Sprintf("iPXE started %s, that fetched %s, and nothing was asked for since: shim refuses what an older iPXE hands it", shim.path, f.path), shim.last, f.last)
		}
	}
	return nil
}

// bareKernel knows a kernel by its header, else by names that nobody gives to anything else.
func bareKernel(b *Boot) *found {
	f, base := b.alone()
	if f == nil || b.fetched() > 1 || b.client.ipxe {
		return nil
	}
	text := fmt.Sprintf("%s is a kernel by itself: firmware starts it without a command line and without an initrd", f.path)
	switch is := f.is(); {
	case is == magic.Linux:
		return likely(text, f.last)
	case is == "" && (strings.HasPrefix(base, "vmlinu") || strings.HasPrefix(base, "bzimage") || base == "linux" || base == "linux.efi"):
		return possible(text, f.last)
	}
	return nil
}

// loaders are boot programs that are nothing by themselves.
var loaders = []string{"pxelinux", "grub", "shim", "bootnet", "bootx64.efi", "bootaa64.efi", "bootia32.efi", "syslinux", "ipxe", "snponly", "undionly", "wdsnbp", "bootmgfw", "mboot.efi", "snp.efi"}

func silentProgram(b *Boot) *found {
	f, base := b.alone()
	if f == nil || !slices.ContainsFunc(loaders, func(part string) bool { return strings.Contains(base, part) }) {
		return nil
	}
	text := fmt.Sprintf("%s came whole, and asks for nothing", f.path)
	if b.client.uefi() {
		text += "; " + b.refusal("Secure Boot, where it is on, refuses what is not signed for it")
	}
	return likely(text, f.last)
}
