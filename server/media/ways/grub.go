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
func (w *world) grub(cpu string, shimmed bool, modules ...string) (grub, error) {
	var failed error
	for _, place := range w.programs {
		for _, kind := range []program.Kind{program.GRUB, program.GRUBNet, program.GRUBCD} {
			g, err := findGRUB(kind, cpu, shimmed, place)
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

func findGRUB(kind program.Kind, cpu string, shimmed bool, place program.Place) (g grub, err error) {
	if shimmed {
		g.shim, g.File, err = program.Shimmed(kind, cpu, place)
	} else {
		g.File, err = program.Find(program.Want{Kind: kind, CPU: cpu}, place)
	}
	if err != nil {
		return g, err
	}
	if g.program, err = read(g.File); err != nil {
		return g, err
	}
	g.GRUB, err = build.ReadGRUB(g.program)
	return g, err
}

// server is the device of GRUB that is our TFTP server.
func (a at) device() string { return "(tftp," + a.server + ")" }

// ownGRUB is the GRUB of a netboot tree with its own menu. As it is it would look for that on the DHCP server, so it is
// told to look here, and is signed no more.
func ownGRUB(w *world, f firmware) (Way, error) {
	own, ok := w.own(func(e media.Entry) bool { return e.Kind == media.Own && e.CPU == f.cpus[0] })
	if !ok {
		return Way{}, errNothing
	}
	g, err := findGRUB(program.GRUB, f.cpus[0], false, w.programs[0])
	if err != nil || !strings.HasPrefix(g.Prefix, "/") || !g.Has("tftp", "linux") {
		return Way{}, errNothing
	}
	return w.byTFTP(f, g, fmt.Sprintf("%s of %s, with its own menu", g.Name, own.called()), g.Prefix, nil), nil
}

// grubMenu is a GRUB with our menu.
func grubMenu(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, byGRUB)
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	g, err := w.grub(f.cpus[0], false, append(needs(entries), "tftp")...)
	if err != nil {
		return Way{}, err
	}
	return w.byTFTP(f, g, fmt.Sprintf("%s of %s, with a menu", g.Name, g.Place.Name), "/"+path.Join(reserved, f.suffix(), "grub"), entries), nil
}

// byTFTP is a GRUB that looks for its grub.cfg in a directory of our TFTP server. Without entries that is there.
func (w *world) byTFTP(f firmware, g grub, title, prefix string, entries []chosen) Way {
	name := path.Join(reserved, f.suffix(), "grub"+f.suffix()+".efi")
	return Way{
		Boot:  proxydhcp.Boot{File: name},
		Title: title,
		makes: len(entries),
		make: func(m *made, a at) error {
			told, err := g.At(a.device()+prefix, "")
			if err != nil {
				return err
			}
			m.part(name, told)
			if len(entries) > 0 {
				m.text(path.Join(prefix[1:], "grub.cfg"), w.menu(entries, a, tftp, func(*menu.Item, chosen) {}).GRUB())
			}
			return nil
		},
	}
}

// disk is a volume with shim, GRUB and all that they boot: as a file of HTTP boot it needs nobody's help, and boots
// under Secure Boot.
func disk(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, byGRUB)
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	modules := append(needs(entries), "fat")
	g, err := w.grub(f.cpus[0], true, modules...)
	if err != nil {
		var alone error
		if g, alone = w.grub(f.cpus[0], false, modules...); alone != nil {
			return Way{}, err
		}
	}
	name := path.Join(reserved, f.suffix(), "boot.img")
	way := Way{
		Boot:   proxydhcp.Boot{File: anywhere(w.HTTP).web(name)},
		Title:  fmt.Sprintf("a disk image with %s of %s and a menu", g.Name, g.Place.Name),
		Secure: g.shim.Name != "",
		makes:  len(entries),
		make: func(m *made, a at) error {
			p, err := w.disk(m, a, g, entries)
			if err == nil {
				m.part(name, p)
			}
			return err
		},
	}
	if way.Secure {
		way.Title = fmt.Sprintf("a disk image with %s and %s of %s and a menu", g.shim.Name, g.Name, g.Place.Name)
	}
	return way, nil
}

func (w *world) disk(m *made, a at, g grub, entries []chosen) (build.Part, error) {
	d := build.Disk{GRUB: g.program, Files: map[string]build.Part{}}
	if g.shim.Name != "" {
		var err error
		if d.Shim, err = read(g.shim); err != nil {
			return build.Part{}, err
		}
	}
	list := w.menu(entries, a, tftp, func(*menu.Item, chosen) {})
	d.Config = list.GRUB()
	for _, i := range list.Items {
		for _, name := range i.Files() {
			p, err := m.file(w, name[1:])
			if err != nil {
				return build.Part{}, err
			}
			d.Files[name[1:]] = p
		}
	}
	return d.Image()
}
