package ways

import (
	"fmt"

	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// disk is a volume with shim, GRUB and all that they boot: as a file of HTTP boot it needs nobody's help, and boots
// under Secure Boot.
func disk(c choice, entries []chosen) (Way, error) {
	modules := append(needs(entries), "fat")
	g, err := c.grub(c.cpus[0], true, modules...)
	if err != nil {
		var alone error
		if g, alone = c.grub(c.cpus[0], false, modules...); alone != nil {
			return Way{}, err
		}
	}
	fit, lacks, err := c.fitting(entries)
	if err != nil {
		return Way{}, err
	}
	name := c.dir("boot.img")
	way := Way{
		Boot:    proxydhcp.Boot{File: anywhere(c.HTTP).web(name)},
		Title:   fmt.Sprintf("a disk image with %s of %s and a menu", g.Name, g.Place.Name),
		Secure:  g.shim.Name != "",
		entries: fit,
		lacks:   lacks,
		make: func(m *made, a at) error {
			p, err := c.disk(m, a, g, fit)
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

func (c choice) disk(m *made, a at, g grub, entries []chosen) (build.Part, error) {
	d := build.Disk{GRUB: g.program, Files: map[string]build.Part{}}
	if g.shim.Name != "" {
		var err error
		if d.Shim, err = m.read(g.shim); err != nil {
			return build.Part{}, err
		}
	}
	list := c.menu(entries, a, tftp, func(*menu.Item, chosen) {})
	d.Config = list.GRUB()
	for _, i := range list.Items {
		for _, name := range i.Files() {
			p, err := m.file(c.world, name[1:])
			if err != nil {
				return build.Part{}, err
			}
			d.Files[name[1:]] = p
		}
	}
	return d.Image()
}

// spacious is how much such a disk may hold: machines have it in memory before they start, and unpack it there.
const spacious = 1 << 30

// fitting are the entries that go on a disk together: the first whatever it takes, the others as long as there is
// room. lacks says why some are not among them.
func (c choice) fitting(entries []chosen) (fit []chosen, lacks, err error) {
	on, sum := map[string]bool{}, int64(0)
	for _, e := range entries {
		files, err := c.sizes(e)
		if err != nil {
			return nil, nil, err
		}
		size := int64(0)
		for name, n := range files {
			if !on[name] {
				size += n
			}
		}
		if len(fit) > 0 && sum+size > spacious {
			lacks = fmt.Errorf("a disk for HTTP boot holds %d MiB, as much as machines with little memory have room for", spacious>>20)
			continue
		}
		for name := range files {
			on[name] = true
		}
		fit, sum = append(fit, e), sum+size
	}
	return fit, lacks, nil
}

// sizes are those of the files that an entry is started from.
func (c choice) sizes(e chosen) (map[string]int64, error) {
	all := map[string]int64{}
	for _, name := range c.item(e, anywhere(c.HTTP), func(file string) string { return file }).Files() {
		p, err := c.tried.file(c.world, name)
		if err != nil {
			return nil, err
		}
		all[name] = p.Size
	}
	return all, nil
}
