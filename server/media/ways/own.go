package ways

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A netboot tree has loaders that know its own menu, which says more than ours: they go first. That menu knows nothing
// of answer files, nor of other media.

// own is the loader of a medium's own that has its own menu, where there is one medium: of several none has a say.
func (w *world) own(cpu string) (chosen, bool) {
	var all []chosen
	several := 0
	for _, p := range w.pieces {
		for _, m := range p.media {
			several++
			for _, e := range m.Entries {
				if e.Kind == media.Own && e.CPU == cpu {
					all = append(all, chosen{piece: p, Medium: m, Entry: e})
				}
			}
		}
	}
	if several != 1 || len(all) == 0 {
		return chosen{}, false
	}
	_, unattended := w.answer(all[0].Medium, at{})
	return all[0], !unattended
}

// ownBIOS is the pxelinux of a netboot tree, which finds its own menus beside it.
func ownBIOS(c choice, _ []chosen) (Way, error) {
	own, ok := c.own("i386")
	if !ok {
		return Way{}, errNothing
	}
	return own.asItIs(own.Entry.Kernel), nil
}

// asItIs is a way by a loader of the medium with nothing made for it.
func (c chosen) asItIs(kernel string) Way {
	return Way{
		Boot:  proxydhcp.Boot{File: c.in(c.Medium, kernel)},
		Title: fmt.Sprintf("%s of %s, with its own menu", path.Base(kernel), c.called()),
		make:  func(*made, at) error { return nil },
	}
}

// ownUEFI is the loader of a netboot tree, where we are the DHCP server too: it asks that for its files.
func ownUEFI(c choice, _ []chosen) (Way, error) {
	own, _, ok := c.ownGRUB()
	if !ok || !c.Leases {
		return Way{}, errNothing
	}
	way := own.asItIs(own.Entry.Kernel)
	way.Secure = slices.ContainsFunc(own.loaders, func(l media.Loader) bool {
		return l.Kind == header.Shim && l.Path == path.Join(own.Medium.Dir, own.Entry.Kernel)
	})
	return way, nil
}

// ownGRUB is the GRUB of a netboot tree with its own menu. As it is it would look for that on the DHCP server, so it is
// told to look here, and is signed no more.
func ownGRUB(c choice, _ []chosen) (Way, error) {
	own, g, ok := c.ownGRUB()
	if !ok {
		return Way{}, errNothing
	}
	return c.byTFTP(g, fmt.Sprintf("%s of %s, with its own menu", g.Name, own.called()), g.Prefix, nil), nil
}

// ownGRUB finds the GRUB beside the tree's own loader for UEFI, if it finds its menu in the tree: it looks for that at
// the place that was built in.
func (c choice) ownGRUB() (own chosen, g grub, ok bool) {
	if own, ok = c.own(c.cpus[0]); !ok {
		return own, g, false
	}
	dir := path.Dir(path.Join(own.Medium.Dir, own.Entry.Kernel))
	for _, l := range own.loaders {
		if l.Kind != header.GRUB || l.CPU != c.cpus[0] || path.Dir(l.Path) != dir {
			continue
		}
		tree := content.Of(own.src, "/")
		want := program.Want{Kind: program.GRUB, CPU: l.CPU}
		g.File = program.File{Want: want, Name: path.Base(l.Path), Path: l.Path, Place: program.Medium(own.called(), tree, nil)}
		var err error
		if g.program, err = c.tried.read(g.File); err != nil {
			continue
		}
		if g.GRUB, err = build.ReadGRUB(g.program); err != nil || !strings.HasPrefix(g.Prefix, "/") || !g.Has("tftp", "linux") {
			continue
		}
		if f, err := content.Of(c.everything(), "/").Open(path.Join(g.Prefix, "grub.cfg")); err == nil {
			f.Close()
			return own, g, true
		}
	}
	return own, g, false
}
