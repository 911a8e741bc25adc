package ways

import (
	"fmt"
	"path"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// unified is a unified kernel image of the first entry: there is no menu, and nothing more to fetch.
func unified(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, func(c chosen) bool { return c.Entry.Kind == media.Linux })
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	stub, err := program.Find(program.Want{Kind: program.Stub, CPU: f.cpus[0]}, w.programs...)
	if err != nil {
		return Way{}, err
	}
	first, name := entries[0], path.Join(reserved, f.suffix(), "linux.efi")
	return Way{
		Boot:  proxydhcp.Boot{File: name},
		Title: fmt.Sprintf("%s at once, in one file (a unified kernel image), with no menu", first.Entry.Title),
		makes: 1,
		make: func(m *made, a at) error {
			u, err := w.uki(m, first, a, stub)
			if err == nil {
				m.part(name, u)
			}
			return err
		},
	}, nil
}

// unifiedByHTTP is the same, fetched by the firmware's HTTP boot.
func unifiedByHTTP(w *world, f firmware) (Way, error) {
	way, err := unified(w, f)
	way.Boot.File = anywhere(w.HTTP).web(way.Boot.File)
	return way, err
}

func (w *world) uki(m *made, c chosen, a at, stub program.File) (build.Part, error) {
	i := w.item(c, a, func(file string) string { return file })
	u := build.UKI{Args: i.Args, Title: i.Title}
	var err error
	if u.Stub, err = read(stub); err != nil {
		return build.Part{}, err
	}
	if u.Kernel, err = m.file(w, i.Kernel); err != nil {
		return build.Part{}, err
	}
	if u.Initrds, err = m.parts(w, i); err != nil {
		return build.Part{}, err
	}
	return u.Image()
}

// parts are an item's initrds.
func (m *made) parts(w *world, i menu.Item) (all []build.Part, err error) {
	for _, name := range i.Initrds {
		p, err := m.file(w, name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// ownUEFI is the loader of a netboot tree, where we are the DHCP server too: it asks that for its files.
func ownUEFI(w *world, f firmware) (Way, error) {
	own, ok := w.own(func(e media.Entry) bool { return e.Kind == media.Own && e.CPU == f.cpus[0] })
	if !ok || !w.Leases {
		return Way{}, errNothing
	}
	return Way{
		Boot:   proxydhcp.Boot{File: own.in(own.Medium, own.Entry.Kernel)},
		Title:  fmt.Sprintf("%s of %s, with its own menu", path.Base(own.Entry.Kernel), own.called()),
		Secure: true,
		make:   func(*made, at) error { return nil },
	}, nil
}
