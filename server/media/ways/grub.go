package ways

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A grub is one that was found.
type grub struct {
	program.File
	shim    program.File // that trusts it; without a name there is none
	program build.Part
	*build.GRUB
}

// needs are the modules that a GRUB wants to start some entries.
func needs(entries []chosen) []string {
	all := []string{"linux"}
	for _, c := range entries {
		switch c.Entry.Kind {
		case media.Multiboot:
			all = append(all, "multiboot2", "gzio") // Xen is compressed
		case media.Xen:
			all = append(all, "xen_boot")
		case media.EFI:
			all = append(all, "chain")
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// byGRUB tells what GRUB can start.
func byGRUB(c chosen) bool {
	return slices.Contains([]media.Kind{media.Linux, media.Multiboot, media.Xen, media.EFI}, c.Entry.Kind)
}

// grub finds one with these modules inside, with a shim beside it if that is wanted. What a distribution built for the
// network, a disk or a CD differs in little but its prefix.
func (c choice) grub(cpu string, shimmed bool, modules ...string) (grub, error) {
	var failed error
	for _, place := range c.programs {
		for _, kind := range []program.Kind{program.GRUB, program.GRUBNet, program.GRUBCD} {
			g, err := c.findGRUB(kind, cpu, shimmed, place)
			switch {
			case err != nil:
				failed = cmp.Or(failed, err)
			case g.Has(modules...):
				return g, nil
			default:
				failed = fmt.Errorf("%s of %s lacks one of the modules %s", g.Name, place.Name, strings.Join(modules, " "))
			}
		}
	}
	if failed == nil {
		_, failed = program.Find(program.Want{Kind: program.GRUB, CPU: cpu})
	}
	return grub{}, failed
}

func (c choice) findGRUB(kind program.Kind, cpu string, shimmed bool, place program.Place) (g grub, err error) {
	if shimmed {
		g.shim, g.File, err = program.Shimmed(kind, cpu, place)
	} else {
		g.File, err = program.Find(program.Want{Kind: kind, CPU: cpu}, place)
	}
	if err != nil {
		return g, err
	}
	if g.program, err = c.tried.read(g.File); err != nil {
		return g, err
	}
	if g.GRUB, err = build.ReadGRUB(g.program); err != nil {
		err = fmt.Errorf("%s of %s: %w", g.Path, g.Place.Name, err)
	}
	return g, err
}

// server is the device of GRUB that is our TFTP server.
func (a at) device() string { return "(tftp," + a.server + ")" }

// grubMenu is a GRUB with our menu.
func grubMenu(c choice, entries []chosen) (Way, error) {
	g, err := c.grub(c.cpus[0], false, append(needs(entries), "tftp")...)
	if err != nil {
		return Way{}, err
	}
	return c.byTFTP(g, fmt.Sprintf("%s of %s, with a menu", g.Name, g.Place.Name), "/"+c.dir("grub"), entries), nil
}

// byTFTP is a GRUB that looks for its grub.cfg in a directory of our TFTP server. Without entries that is there.
func (c choice) byTFTP(g grub, title, prefix string, entries []chosen) Way {
	name := c.dir("grub" + c.suffix() + ".efi")
	return Way{
		Boot:    proxydhcp.Boot{File: name},
		Title:   title,
		entries: entries,
		make: func(m *made, a at) error {
			told, err := g.At(a.device()+prefix, "")
			if err != nil {
				return err
			}
			m.part(name, told)
			if len(entries) > 0 {
				m.text(path.Join(prefix[1:], "grub.cfg"), c.menu(entries, a, tftp, func(*menu.Item, chosen) {}).GRUB())
			}
			return nil
		},
	}
}
