package ways

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A netboot directory that is of no family has boot programs all the same, and whoever made it knows what they do: the
// one nearest to its top is started. Distributions put theirs at the top or deep below.

// plainBIOS is the pxelinux, or else the iPXE, of such a directory.
func plainBIOS(c choice, _ []chosen) (Way, error) {
	return c.plain(func(l media.Loader) bool { return l.BIOS }, header.PXELINUX, header.LPXELINUX, header.IPXE)
}

// plainUEFI is its program for UEFI. A shim goes before what it loads, and those that need nobody's help before both.
// One that is nothing we know has a name by which firmware would start it from a disk, or distributions call theirs.
func plainUEFI(c choice, _ []chosen) (Way, error) {
	ours := func(l media.Loader) bool { return l.UEFI && l.CPU == c.cpus[0] }
	way, err := c.plain(ours, header.UKI, header.IPXE, header.SyslinuxEFI, header.Shim, header.GRUB, header.SystemdBoot)
	for _, name := range []string{"boot", "bootnet", "shim", "grub", "grubnet"} {
		if err != nil {
			called := func(l media.Loader) bool {
				return ours(l) && strings.EqualFold(path.Base(l.Path), name+c.suffix()+".efi")
			}
			way, err = c.plain(called, header.EFI)
		}
	}
	return way, err
}

// plainByHTTP is one that the firmware's HTTP boot can start: it needs no more, or speaks HTTP itself.
func plainByHTTP(c choice, _ []chosen) (Way, error) {
	way, err := c.plain(func(l media.Loader) bool { return l.UEFI && l.CPU == c.cpus[0] }, header.UKI, header.IPXE)
	way.Boot.File = anywhere(c.HTTP).web(way.Boot.File)
	return way, err
}

func (w *world) plain(fits func(media.Loader) bool, kinds ...header.Kind) (Way, error) {
	for _, kind := range kinds {
		for _, p := range w.pieces {
			l, ok := nearest(p.loaders, func(l media.Loader) bool { return l.Kind == kind && fits(l) })
			if !p.plain() || !ok {
				continue
			}
			way := Way{
				Boot:  proxydhcp.Boot{File: path.Join(p.name, l.Path)},
				Title: fmt.Sprintf("%s of %s", l.Path, p.called()),
				make:  func(*made, at) error { return nil },
			}
			if script := p.script(); kind == header.IPXE && script != "" {
				way.Boot.Script = anywhere(w.HTTP).web(path.Join(p.name, script))
				way.Title += " with " + script
			}
			return way, nil
		}
	}
	return Way{}, errNothing
}

// nearest is the one nearest to the top that fits.
func nearest(loaders []media.Loader, fits func(media.Loader) bool) (found media.Loader, ok bool) {
	for _, l := range loaders {
		if fits(l) && (!ok || strings.Count(l.Path, "/") < strings.Count(found.Path, "/")) {
			found, ok = l, true
		}
	}
	return found, ok
}

// script is the script for iPXE at the top of a directory, if there is one by a usual name, or one only.
func (p *piece) script() string {
	entries, err := p.src.ReadDir(".")
	if err != nil {
		return ""
	}
	var all []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".ipxe") && !e.IsDir() {
			all = append(all, e.Name())
		}
	}
	for _, usual := range []string{autoexec, "boot.ipxe", "menu.ipxe"} {
		if slices.Contains(all, usual) {
			return usual
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return ""
}
