package ways

import (
	"fmt"
	"path"
	"slices"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// ownBIOS is the pxelinux of a netboot tree, which finds its own menus beside it.
func ownBIOS(w *world, _ firmware) (Way, error) {
	own, ok := w.own(func(e media.Entry) bool { return e.Kind == media.Own && e.CPU == "i386" })
	if !ok {
		return Way{}, errNothing
	}
	return Way{
		Boot:  proxydhcp.Boot{File: own.in(own.Medium, own.Entry.Kernel)},
		Title: fmt.Sprintf("%s of %s, with its own menu", path.Base(own.Entry.Kernel), own.called()),
		make:  func(*made, at) error { return nil },
	}, nil
}

// biosDir is where our pxelinux lies: it looks for its configuration and its modules below its own directory.
const biosDir = reserved + "/bios"

// pxelinux is one with our menu.
func pxelinux(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, bios)
	if len(entries) == 0 || slices.ContainsFunc(entries, windows) {
		return Way{}, errNothing
	}
	modules := []string{"menu.c32"}
	for _, c := range entries {
		if c.Entry.Kind == media.Multiboot && !slices.Contains(modules, "mboot.c32") {
			modules = append(modules, "mboot.c32")
		}
	}
	files, err := program.Modules(program.PXELINUX, modules, w.programs...)
	if err != nil {
		return Way{}, err
	}
	core := files[0]
	return Way{
		Boot:  proxydhcp.Boot{File: biosDir + "/" + core.Name},
		Title: fmt.Sprintf("%s of %s, with a menu", core.Name, core.Place.Name),
		makes: len(entries),
		make: func(m *made, a at) error {
			for _, f := range files {
				if err := m.program(biosDir+"/"+f.Name, f); err != nil {
					return err
				}
			}
			m.text(biosDir+"/pxelinux.cfg/default", w.menu(entries, a, syslinux, func(i *menu.Item, _ chosen) { i.Starter = "mboot.c32" }).Pxelinux("menu.c32"))
			return nil
		},
	}, nil
}

// bios tells what can be started on a BIOS: by pxelinux, or if it is Windows by iPXE and wimboot.
func bios(c chosen) bool {
	switch c.Entry.Kind {
	case media.Linux, media.Multiboot, media.Windows:
		return true
	case media.ESXi:
		return path.Ext(c.Entry.Kernel) == ".c32"
	}
	return false
}

func windows(c chosen) bool { return c.Entry.Kind == media.Windows }

// undionly is iPXE over the card's own driver: the way where there is Windows in the menu, or no pxelinux.
func undionly(w *world, f firmware) (Way, error) {
	esxi := func(c chosen) bool { return c.Entry.Kind != media.ESXi }
	entries := w.entries(f.cpus, func(c chosen) bool { return bios(c) && esxi(c) })
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	ipxe, err := program.Find(program.Want{Kind: program.UNDIonly}, w.programs...)
	if err != nil {
		return Way{}, err
	}
	return w.byIPXE(f, ipxe, entries)
}
