package ways

import (
	"errors"
	"fmt"

	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// unified is a unified kernel image of the first entry: there is no menu, and nothing more to fetch.
func unified(c choice, entries []chosen) (Way, error) {
	stub, err := program.Find(program.Want{Kind: program.Stub, CPU: c.cpus[0]}, c.programs...)
	if err != nil {
		return Way{}, err
	}
	first, name := entries[0], c.dir("linux.efi")
	return Way{
		Boot:    proxydhcp.Boot{File: name},
		Title:   fmt.Sprintf("%s at once, in one file (a unified kernel image), with no menu", first.Entry.Title),
		entries: entries[:1],
		lacks:   errors.New("a unified kernel image has one entry"),
		make: func(m *made, a at) error {
			u, err := c.uki(m, first, a, stub)
			if err == nil {
				m.part(name, u)
			}
			return err
		},
	}, nil
}

// unifiedByHTTP is the same, fetched by the firmware's HTTP boot.
func unifiedByHTTP(c choice, entries []chosen) (Way, error) {
	way, err := unified(c, entries)
	way.Boot.File = anywhere(c.HTTP).web(way.Boot.File)
	return way, err
}

func (w *world) uki(m *made, c chosen, a at, stub program.File) (build.Part, error) {
	i := w.item(c, a, func(file string) string { return file })
	u := build.UKI{Args: i.Args, Title: i.Title}
	var err error
	if u.Stub, err = m.read(stub); err != nil {
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
