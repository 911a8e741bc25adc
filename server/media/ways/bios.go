package ways

import (
	"fmt"
	"path"
	"slices"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// lengthy is how much takes too long with TFTP, which waits for every block: 153 MB took QEMU's BIOS 38 s by pxelinux
// and 4 s by iPXE. lpxelinux has a TCP of its own, which had 8 MB in 10 s there, and gave up on the 153.
const lengthy = 64 << 20

// pxelinux is one with our menu, which it looks for below its own directory, as for its modules; or iPXE where that starts the same and the files are many MiB.
func pxelinux(c choice, entries []chosen) (Way, error) {
	if c.largest(entries) >= lengthy && !slices.ContainsFunc(entries, func(e chosen) bool { return !byUndionly(e) }) {
		if way, err := undionly(c, entries); err == nil {
			return way, nil
		}
	}
	modules := []string{"menu.c32"}
	if slices.ContainsFunc(entries, func(e chosen) bool { return e.Entry.Kind == media.Multiboot }) {
		modules = append(modules, "mboot.c32")
	}
	files, err := program.Modules(program.PXELINUX, modules, c.programs...)
	if err != nil {
		return Way{}, err
	}
	core := files[0]
	starts, lacks, err := c.startedBy(core, entries)
	if err != nil {
		return Way{}, err
	}
	return Way{
		Boot:    proxydhcp.Boot{File: c.dir(core.Name)},
		Title:   fmt.Sprintf("%s of %s, with a menu", core.Name, core.Place.Name),
		entries: starts,
		lacks:   lacks,
		make: func(m *made, a at) error {
			for _, f := range files {
				if err := m.program(c.dir(f.Name), f); err != nil {
					return err
				}
			}
			m.text(c.dir("pxelinux.cfg/default"), c.menu(starts, a, syslinux, func(i *menu.Item, _ chosen) { i.Starter = "mboot.c32" }).Pxelinux("menu.c32"))
			return nil
		},
	}, nil
}

// largest is how much the entry with the largest files has to fetch, as far as that can be told.
func (c choice) largest(entries []chosen) (most int64) {
	for _, e := range entries {
		sum := int64(0)
		files, _ := c.sizes(e)
		for _, size := range files {
			sum += size
		}
		most = max(most, sum)
	}
	return most
}

// startedBy are the entries that this pxelinux can start: VMware's mboot.c32 is a module of SYSLINUX 3, which newer ones
// than 4 refuse.
func (c choice) startedBy(core program.File, entries []chosen) (some []chosen, lacks, err error) {
	part, err := c.tried.read(core)
	if err != nil {
		return nil, nil, err
	}
	head := make([]byte, part.Size)
	if _, err := part.ReadAt(head, 0); err != nil {
		return nil, nil, err
	}
	const last = 4
	if header.Pxelinux(head) <= last {
		return entries, nil, nil
	}
	esxi := func(e chosen) bool { return e.Entry.Kind == media.ESXi }
	if some = slices.DeleteFunc(slices.Clone(entries), esxi); len(some) < len(entries) {
		lacks = fmt.Errorf("the mboot.c32 of VMware starts by a pxelinux of SYSLINUX 3 or 4, and %s of %s is a newer one: name a directory that has such a one, and its menu.c32, with --programs", core.Path, core.Place.Name)
	}
	if len(some) == 0 {
		return nil, nil, lacks
	}
	return some, lacks, nil
}

// byPxelinux tells what pxelinux can start.
func byPxelinux(c chosen) bool {
	switch c.Entry.Kind {
	case media.Linux, media.Multiboot:
		return true
	case media.ESXi:
		return path.Ext(c.Entry.Kernel) == ".c32"
	}
	return false
}

// byUndionly tells what iPXE can start on a BIOS. It unpacks no Xen, which all media have packed.
func byUndionly(c chosen) bool { return c.Entry.Kind == media.Linux || windows(c) }

func windows(c chosen) bool { return c.Entry.Kind == media.Windows }

// undionly is iPXE over the card's own driver: the way where there is Windows in the menu, or no pxelinux.
func undionly(c choice, entries []chosen) (Way, error) {
	ipxe, err := program.Find(program.Want{Kind: program.UNDIonly}, c.programs...)
	if err != nil {
		return Way{}, err
	}
	return c.byIPXE(c.dir(), ipxe, entries)
}
