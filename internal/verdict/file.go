package verdict

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

// maxFiles is how many names are remembered, those of the latest facts.
const maxFiles = 40

// A file is what became of a name that was asked for.
type file struct {
	path  string
	asked int
	last  event.Event // how it ended, else the last that was heard of it
	end   event.Kind  // Got, Miss, TFTPError, Abort, Unreachable; "" is under way
	flows bool        // something came
	empty bool        // it has no byte
	block int         // the size of blocks that the server agreed on
	lost  event.Event // in its middle the server said that it knows nothing of the transfer
	probe bool        // it is asked how large it is
	again bool        // something of it was sent again

	options string // that it was asked for with
	unasked string // an option that the server grants and nobody asked for

	kind string // its Content-Type
	asker
	transfer uint64 // that was asked for last
	http     bool
}

// fetch takes a fact about a file.
func (b *Boot) fetch(e event.Event) {
	if b.strays(e) {
		return
	}
	b.goesOn(e)
	f := b.touch(e)
	earlier := f.transfer != e.Xfer && f.transfer != 0      // it has ended for the machine
	stray := f.end == event.Got && e.Attr("by") == "server" // of a request that the wire doubled: the machine took the other
	if e.Kind == event.Abort && (earlier || stray) {
		return
	}
	b.begun = b.begun || e.Kind == event.RRQ
	f.last = e
	f.take(e)
	switch {
	case f.end == event.Got:
		b.got(f)
	case f.end == event.Miss && f.path == deviceTree:
		b.files = slices.DeleteFunc(b.files, func(o *file) bool { return o == f })
	}
}

// take takes a fact about the file.
func (f *file) take(e event.Event) {
	switch e.Kind {
	case event.RRQ:
		f.ask(e, strings.Contains(e.Attr("options"), "tsize"))
	case event.HTTPRequest:
		f.ask(e, e.Attr("method") == "HEAD")
		f.http = true
	case event.Retry:
		if e.Attr("of") == string(event.RRQ) {
			f.asked++
		}
		f.again = true
	case event.OACK:
		f.flows = true
		size, said := agreed(e, "tsize")
		f.empty = f.empty || said && size == 0
		f.block, _ = agreed(e, "blksize")
		f.unasked = unasked(f.options, e.Attr("options"))
	case event.Data:
		f.flows = true
	case event.HTTPResponse:
		f.http = true
		f.responded(e)
	case event.Unreachable:
		switch {
		case f.flows:
			f.lost = e
		case f.end == "":
			f.end = e.Kind
		}
	case event.TFTPError:
		f.end = e.Kind
		if f.flows && e.Code == unknownTransfer {
			f.lost = e
		}
	case event.Abort:
		f.end = e.Kind
		if e.Attr("sent") == "all" { // all but the last ACK
			f.end = event.Got
		}
	default:
		f.end = e.Kind
	}
}

// deviceTree is what U-Boot asks for beside a UEFI program, where its environment names none. It boots without it (U-Boot
// include/config_distro_bootcmd.h).
const deviceTree = "dtb/"

// unknownTransfer is ERROR 5 (RFC 1350, appendix I).
const unknownTransfer = 5

func (f *file) ask(e event.Event, probe bool) {
	f.again = f.asked > 0 && f.end == ""
	f.transfer = e.Xfer
	if e.Source == "server" {
		f.from(e.Peer)
	}
	f.asked++
	f.end, f.flows, f.probe, f.empty, f.block = "", false, probe, false, 0
	f.lost = event.Event{}
	f.options, f.unasked = e.Attr("options"), ""
}

// unasked is the first option of an OACK that its request did not have.
func unasked(asked, granted string) string {
	names := map[string]bool{}
	for pair := range slices.Chunk(strings.Fields(strings.ToLower(asked)), 2) {
		names[pair[0]] = true
	}
	for pair := range slices.Chunk(strings.Fields(granted), 2) {
		if len(names) > 0 && !names[strings.ToLower(pair[0])] {
			return pair[0]
		}
	}
	return ""
}

// agreed is the number of an option in an OACK.
func agreed(e event.Event, option string) (n int, said bool) {
	words := strings.Fields(strings.ToLower(e.Attr("options")))
	at := slices.Index(words, option)
	if at < 0 || at+1 == len(words) {
		return 0, false
	}
	n, err := strconv.Atoi(words[at+1])
	return n, err == nil
}

func (f *file) responded(e event.Event) {
	f.kind = e.Attr("type")
	switch {
	case e.Code == 404 || e.Code == 410:
		f.end = event.Miss
	case e.Code >= 300: // of a redirect only who follows it has anything
		f.end = event.TFTPError
	case f.probe:
		f.end = event.Abort
	default:
		f.end = event.Got
	}
}

// touch finds the file of a fact, and has it be the latest if it is asked for.
func (b *Boot) touch(e event.Event) *file {
	n := slices.IndexFunc(b.files, func(f *file) bool { return f.path == e.Path })
	f := &file{path: e.Path}
	switch asked := e.Kind == event.RRQ || e.Kind == event.HTTPRequest; {
	case n >= 0 && !asked:
		return b.files[n]
	case n >= 0:
		f = b.files[n]
		b.files = slices.Delete(b.files, n, n+1)
	case len(b.files) == maxFiles:
		b.files = slices.Delete(b.files, 0, 1)
	}
	b.files = append(b.files, f)
	return f
}

// latest is the file of the last fact, nil if none was asked for since DHCP began.
func (b *Boot) latest() *file {
	if len(b.files) == 0 {
		return nil
	}
	return b.files[len(b.files)-1]
}

// trailing are the files at the end that ended so, the last one first: after each of them nothing went well.
func (b *Boot) trailing(ends ...event.Kind) (all []*file) {
	for _, f := range slices.Backward(b.files) {
		if !slices.Contains(ends, f.end) {
			break
		}
		all = append(all, f)
	}
	return all
}

// pending are those that are under way.
func (b *Boot) pending() (all []*file) {
	for _, f := range b.files {
		if f.end == "" {
			all = append(all, f)
		}
	}
	return all
}

// A role is what a file is in a boot, as far as its name says.
type role int

const (
	program role = iota
	module
	configuration
	kernel
	ramdisk
)

var (
	programEnds = []string{".0", ".kpxe", ".kkpxe", ".pxe", ".efi", ".n12", ".bin", ".uki", ".lkrn"}
	moduleEnds  = []string{".c32", ".mod", ".lst", ".pf2", ".e64", ".e32", ".png", ".jpg", ".txt", ".msg", ".der", ".f1", ".mo"}
	configEnds  = []string{".cfg", ".conf", ".ipxe", ".menu", ".yaml", ".yml", ".xml", ".ks", ".seed"}
	ramdiskIn   = []string{"initrd", "initramfs", "install.img", "rootfs", ".cpio", "uinitrd", "ramdisk"}
)

// kernelIn are parts of the names of kernels.
var kernelIn = []string{"vmlinu", "linux", "bzimage", "kernel", "xen"}

// roleOf tells by the name, and by what the file is. The first file is the boot program, whatever it is called.
func (b *Boot) roleOf(f *file) role {
	lower := strings.ToLower(f.path)
	base := path.Base(lower)
	has := func(ends []string) bool {
		return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(base, end) })
	}
	contains := func(part string) bool { return strings.Contains(base, part) }
	is := f.last.Attr("is")
	switch {
	case is == magic.Script, is == magic.Text && !slices.ContainsFunc(kernelIn, contains):
		return configuration
	case strings.Contains(lower, "pxelinux.cfg/"), strings.HasPrefix(base, "grub.cfg"), has(configEnds):
		return configuration
	case has(moduleEnds):
		return module
	case has(programEnds), strings.HasPrefix(base, "ipxe"), b.stage < Loaded:
		return program
	case slices.ContainsFunc(ramdiskIn, contains):
		return ramdisk
	}
	return kernel
}

// got notes that a file came whole.
func (b *Boot) got(f *file) {
	b.progress = b.now
	if b.out != nil {
		b.out.back = event.Event{}
	}
	switch b.roleOf(f) {
	case program:
		b.program, b.is = f.path, f.is()
		b.reach(Loaded)
	case module:
		b.reach(Loaded)
	case configuration:
		b.reach(Configured)
	case kernel:
		if b.stage < Kernel {
			b.kernel = f.path
		}
		b.reach(Kernel)
	case ramdisk:
		b.reach(RAMDisk)
	}
}
