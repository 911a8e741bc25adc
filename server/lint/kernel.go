package lint

import (
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/lint/syslinux"
	"github.com/bootrig/bootrig/server/media/header"
)

// ours is a file that a loader names, where it is asked of us and can be read. Each is looked at once: a thousand
// machines may have the same kernel, each in a configuration of its own.
func (l *loader) ours(what string, file syslinux.Value) (name string, p program, ok bool) {
	name, ours := l.served(file.Text)
	if !ours {
		return name, p, false
	}
	p = l.head(name)
	key := what + " " + strings.TrimPrefix(path.Clean("/"+name), "/")
	if p.size == 0 || l.looked[key] {
		return name, p, false
	}
	l.looked[key] = true
	return name, p, true
}

// kernel finds what pxelinux would not start as a Linux kernel, or what was cut off.
func (l *loader) kernel(file syslinux.Value) {
	name, p, ok := l.ours("kernel", file)
	switch {
	case !ok:
	case !header.Bootable(p.data):
		l.found("kernel-none", file.Rule, "%s is no Linux kernel that %s starts%s: put the kernel there", name, l.boot.Name, p.but())
	default:
		l.whole(file.Rule, name, p)
	}
}

// whole finds a kernel that was cut off. No loader looks.
func (s *site) whole(rule, name string, p program) {
	if want := header.Whole(p.data); p.size < want {
		s.found("kernel-short", rule, "the kernel %s has %d bytes, and its header says %d at least: copy it again", name, p.size, want)
	}
}

// multiboot finds what is certainly no multiboot kernel, and what was cut off.
func (l *loader) multiboot(file syslinux.Value) {
	name, p, ok := l.ours("multiboot", file)
	if ok && p.junk() {
		l.found("kernel-none", file.Rule, "%s is no multiboot kernel%s: put the hypervisor there", name, p.but())
	}
	if ok {
		l.whole(file.Rule, name, p)
	}
}

// initrd finds what is certainly no initial RAM disk.
func (l *loader) initrd(file syslinux.Value) {
	if name, p, ok := l.ours("initrd", file); ok {
		l.disk(file.Rule, name, p)
	}
}

// disk finds what is certainly no initial RAM disk: a page that an error left, or the kernel.
func (s *site) disk(rule, name string, p program) {
	if p.junk() || p.Kind == header.Linux {
		s.found("initrd-none", rule, "%s is no initial RAM disk%s: put that there", name, p.but())
	}
}

// junk tells what is nothing that boots, and has got there by mistake.
func (p program) junk() bool {
	switch header.Format(p.data) {
	case header.HTML, header.Pointer, header.PGP, header.Mangled:
		return p.Kind == ""
	}
	return false
}

// but says what a file is that is not what it should be; "" where nothing tells.
func (p program) but() string {
	if is := p.is(); is != "" {
		return ", but " + is
	}
	return ""
}
