package verdict

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

// fileCauses are about files that do not come.
func fileCauses() []Cause {
	return []Cause{
		{
			ID: "file-empty", Name: "A file is empty",
			Shows: "the last thing that was asked for has no byte", Refutes: "the machine went on",
			Fix: "copy the file again: to pxelinux an empty file is none", Source: "RFC 2349; syslinux core/fs/pxe/tftp.c, tftp_open",
			find: fileEmpty,
		},
		{
			ID: "server-restarted", Name: "The boot server stopped in the middle of a transfer",
			Shows: "a closed port, or ERROR 5, in the middle of a file", Refutes: "the file came whole later",
			Fix: "see the boot server's log: it was stopped, or started again, and boot programs do not begin a file anew; switch the machine on again", Source: "RFC 1350, section 4; RFC 792",
			find: serverRestarted,
		},
		{
			ID: "oack-unasked", Name: "The server grants an option that nobody asked for",
			Shows: "an OACK with an option that its request lacks, and the machine stops", Refutes: "the machine goes on, as iPXE does",
			Fix: "take another TFTP server, or another version: pxelinux and EDK2 stop there", Source: "RFC 2347; syslinux core/fs/pxe/tftp.c, tftp_open; EDK2 Mtftp4Rrq.c, Mtftp4RrqOackValid",
			find: oackUnasked,
		},
		{
			ID: "blocks-lost", Name: "Small packets pass, and blocks of a file do not",
			Shows: "an OACK of blocks of more than 512 bytes, and no block", Refutes: "a block came, of another file too",
			Fix: "find what drops large packets on the way (a tunnel, a VPN, a switch without jumbo frames), and have the server send smaller blocks (tftp-mtu, tftp-no-blocksize)", Source: "RFC 2348; RFC 4459",
			find: blocksLost,
		},
		{
			ID: "stalled", Name: "A transfer stalls",
			Shows: "the server gives a transfer up, nothing more comes of one that began, or nothing at all of a server that gave files before", Refutes: "the file came whole later",
			Fix: "let UDP from ports above 1023 pass, look at the MTU on the way, and try smaller blocks (tftp-mtu, tftp-no-blocksize)", Source: "PXE-E35; RFC 2348",
			find: stalled,
		},
		{
			ID: "no-ldlinux", Name: "pxelinux does not find ldlinux.c32",
			Shows: "pxelinux.0 came, ldlinux.c32 is not there", Refutes: "ldlinux.c32 came",
			Fix: "put ldlinux.c32 of the same syslinux version beside pxelinux.0: version 5 and later cannot do without", Source: "syslinux core/elflink/load_env32.c",
			find: noLdlinux,
		},
		{
			ID: "no-configuration", Name: "The boot program finds no configuration",
			Shows: "no name of its search is there, the last one not either", Refutes: "one of them came",
			Fix: "write pxelinux.cfg/default beside pxelinux.0, or grub.cfg where GRUB's prefix says", Source: "syslinux core/fs/pxe/pxe.c, pxe_open_config",
			find: noConfiguration,
		},
		{
			ID: "url-for-name", Name: "The firmware takes a URL for the name of a file",
			Shows: "a name with :// in it was asked for by TFTP", Refutes: "it came",
			Fix: "name the file, and its server in siaddr: PXE firmware knows no URLs, but for that of HTTP boot and iPXE", Source: "PXE 2.1, section 2.2.3; EDK2 PxeBcBoot.c",
			find: urlForName,
		},
		{
			ID: "file-missing", Name: "A file is not there",
			Shows: "the last thing that was asked for is not there", Refutes: "the machine went on and fetched something else",
			Fix: "put the file where the name says, below the root: capital letters count, and pxelinux puts the directory it came from before every name", Source: "PXE-E3B, PXE-T01; RFC 1350, appendix I",
			find: fileMissing,
		},
		{
			ID: "redirected", Name: "HTTP sends the machine elsewhere",
			Shows: "the last answer is an HTTP status from 300 to 399, and nothing is asked for there", Refutes: "it followed, and has the file from there",
			Fix: "serve the file under the name that is asked for: UEFI firmware follows no redirects; where iPXE is sent, the machine must reach", Source: "RFC 9110, section 15.4; EDK2 HttpBootDxe; iPXE src/net/tcp/httpcore.c",
			find: redirected,
		},
		{
			ID: "file-refused", Name: "A file is refused",
			Shows: "the last answer is an ERROR other than that the file is not there, or an HTTP status of 400 and more", Refutes: "the machine went on",
			Fix: "look at the file's mode and owner, at links that leave the root, and by HTTP at who is let in (403) and asked for a password (401), which firmware has not; in the middle of a file at the server's disk", Source: "PXE-E3C, PXE-T02; RFC 1350, appendix I",
			find: fileRefused,
		},
		{
			ID: "client-stopped", Name: "The machine stops a transfer",
			Shows: "an ERROR of the machine in the middle of a file", Refutes: "it only asked for the size, or fetched the file after all",
			Fix: "see its text: no memory, a file too large for it, or an option it did not ask for", Source: "RFC 2347; EDK2 Mtftp4Rrq.c",
			find: clientStopped,
		},
	}
}

func fileEmpty(b *Boot) *found {
	if f := b.latest(); f != nil && (f.empty || f.is() == magic.Empty) {
		return certain(fmt.Sprintf("%s is empty", f.path), f.last)
	}
	return nil
}

func serverRestarted(b *Boot) *found {
	f := b.latest()
	switch {
	case f == nil || f.lost.Kind == "" || f.end == event.Got:
		return nil
	case f.lost.Kind == event.Unreachable:
		return certain(fmt.Sprintf("the boot server stopped in the middle of %s: the transfer's port is closed", f.path), f.lost)
	}
	return certain(fmt.Sprintf("the boot server was started again in the middle of %s: it does not know the transfer (TFTP ERROR %d)", f.path, f.lost.Code), f.lost)
}

func oackUnasked(b *Boot) *found {
	f := b.latest()
	if f == nil || f.unasked == "" || f.end != event.Abort || f.last.Attr("by") == "server" {
		return nil
	}
	return certain(fmt.Sprintf("the server grants %s for %s, which nobody asked for: the machine stops (%s)", f.unasked, f.path, f.last.Text), f.last)
}

func blocksLost(b *Boot) *found {
	f := b.latest()
	if f == nil || f.end != "" && f.end != event.Abort || !f.large() || f.last.Bytes > 0 {
		return nil
	}
	if slices.ContainsFunc(b.files, func(o *file) bool { return o.large() && o.last.Bytes > minBlock }) {
		return nil
	}
	if f.end == event.Abort && f.last.Attr("by") != "server" {
		return nil
	}
	return likely(fmt.Sprintf("the server agreed on blocks of %d bytes of %s, and none arrives", f.block, f.path), f.last)
}

// minBlock is the size of blocks that nobody asked to be another (RFC 1350).
const minBlock = 512

func (f *file) large() bool { return f.block > minBlock }

func stalled(b *Boot) *found {
	f := b.latest()
	switch {
	case f == nil, blocksLost(b) != nil:
		return nil
	case f.end == event.Abort && (f.last.Attr("by") == "server" || f.last.Attr("by") == "icmp"):
		return likely(fmt.Sprintf("%s stopped after %s: %s", f.path, event.Size(f.last.Bytes), f.last.Text), f.last)
	case f.end == "" && f.flows:
		return likely(fmt.Sprintf("nothing more comes of %s after %s", f.path, event.Size(f.last.Bytes)), f.last)
	case f.end == "" && !f.http && b.Witnessed && b.served():
		return likely(fmt.Sprintf("the server answers no more: %s was asked for %d times", f.path, f.asked), f.last)
	}
	return nil
}

// served tells that the server has answered for files in this boot.
func (b *Boot) served() bool { return b.stage >= Loaded || b.answered() }

// missed are the names at the end that are not there, the last one first.
func (b *Boot) missed() []*file { return b.trailing(event.Miss) }

func noLdlinux(b *Boot) *found {
	all := b.missed()
	if len(all) == 0 || !strings.HasPrefix(path.Base(all[0].path), "ldlinux.") {
		return nil
	}
	first := all[len(all)-1]
	for _, f := range all {
		if strings.HasPrefix(path.Base(f.path), "ldlinux.") {
			first = f
		}
	}
	return certain(b.lacks(first), first.last)
}

// lacks says what the server has not.
func (b *Boot) lacks(f *file) string {
	how := "TFTP ERROR 1"
	if f.http {
		how = fmt.Sprintf("HTTP %d", f.last.Code)
	}
	text := fmt.Sprintf("the server has no %s (%s)", f.path, how)
	if like := b.likes[f.path]; like != "" {
		text += fmt.Sprintf("; there is %s: did you mean it?", like)
	}
	return text
}

func noConfiguration(b *Boot) *found {
	all := b.missed()
	if len(all) == 0 || b.stage >= Configured || b.roleOf(all[0]) != configuration || b.bootFile(all[len(all)-1]) {
		return nil
	}
	told := all[0]
	if meant := slices.IndexFunc(all, func(f *file) bool { return b.likes[f.path] != "" }); meant > 0 {
		told = all[meant]
	}
	return certain(fmt.Sprintf("the boot program finds no configuration: %s; %s", names(len(all)), b.lacks(told)), told.last)
}

func urlForName(b *Boot) *found {
	for _, f := range b.trailing(event.Miss, event.TFTPError) {
		if strings.Contains(f.path, "://") && !f.http {
			return certain(fmt.Sprintf("%s was asked for by TFTP, as if it were the name of a file", f.path), f.last)
		}
	}
	return nil
}

// bootFile tells whether a file is that which the firmware was told of, and no program's.
func (b *Boot) bootFile(f *file) bool {
	told := b.brought().Path
	if _, path, url := strings.Cut(told, "://"); url {
		_, told, _ = strings.Cut(path, "/")
	}
	return told != "" && strings.TrimPrefix(f.path, "/") == strings.TrimPrefix(told, "/")
}

func names(n int) string {
	if n == 1 {
		return "it asked for one name"
	}
	return fmt.Sprintf("it asked for %d names", n)
}

// optional are what boot programs ask for and do without.
var optional = []string{"revocations", "shim_certificate", "autoexec.ipxe", ".lst", "splash", "libcom32", "libutil", ".png", ".pf2", ".mo"}

func fileMissing(b *Boot) *found {
	for _, f := range b.missed() {
		if !b.mayLack(f) {
			return certain(b.lacks(f), f.last)
		}
	}
	if all := b.missed(); len(all) > 0 && b.library(all[0]) {
		return likely(b.lacks(all[0]), all[0].last)
	}
	// What it does without is all that is known; it may have been the first that it could not.
	if all := b.missed(); len(all) > 0 && b.stage < Kernel {
		return possible(b.lacks(all[0]), all[0].last)
	}
	return nil
}

// library tells whether a file is a library of a module that is nowhere.
func (b *Boot) library(f *file) bool {
	base := path.Base(f.path)
	return strings.HasPrefix(base, "lib") && strings.HasSuffix(base, ".c32") &&
		!slices.ContainsFunc(b.files, func(o *file) bool { return path.Base(o.path) == base && o.end == event.Got })
}

// mayLack tells whether a boot program does without a file: an include of its configuration too.
func (b *Boot) mayLack(f *file) bool {
	if b.stage >= Configured && b.roleOf(f) == configuration {
		return true
	}
	for _, part := range optional {
		if strings.Contains(path.Base(f.path), part) {
			return true
		}
	}
	return false
}

func fileRefused(b *Boot) *found {
	all := b.trailing(event.TFTPError)
	if len(all) == 0 {
		return nil
	}
	f := all[0]
	if f.http && f.last.Code < 400 {
		return nil
	}
	if f.http {
		return certain(fmt.Sprintf("HTTP %d for %s", f.last.Code, f.path), f.last)
	}
	if f.flows {
		return certain(fmt.Sprintf("the server stops in the middle of %s: %s (TFTP ERROR %d)", f.path, f.last.Text, f.last.Code), f.last)
	}
	return certain(fmt.Sprintf("the server refuses %s: %s (TFTP ERROR %d)", f.path, f.last.Text, f.last.Code), f.last)
}

func redirected(b *Boot) *found {
	all := b.trailing(event.TFTPError)
	if len(all) == 0 || !all[0].http || all[0].last.Code >= 400 || came(b.of(otherFile).last) {
		return nil
	}
	e := all[0].last
	where := cmp.Or(e.Attr("location"), "elsewhere")
	return certain(fmt.Sprintf("HTTP %d for %s sends the machine to %s, and it gets nothing there", e.Code, all[0].path, where), e)
}

func clientStopped(b *Boot) *found {
	f := b.latest()
	if f == nil || f.end != event.Abort || f.http || f.last.Attr("by") == "server" || f.last.Attr("by") == "icmp" {
		return nil
	}
	if f.probe && f.last.Bytes == 0 {
		return possible(fmt.Sprintf("the machine asked how large %s is, and never for it: it may be too large", f.path), f.last)
	}
	return likely(fmt.Sprintf("the machine stopped %s after %s: %s", f.path, event.Size(f.last.Bytes), f.last.Text), f.last)
}
