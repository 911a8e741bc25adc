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

// autoexec is the name of the script that iPXE 2 looks for beside itself (ipxe.org/appnote/autoexec).
const autoexec = "autoexec.ipxe"

// iPXE is the one of the host, over the firmware's own driver where there is that: it starts seconds sooner.
func iPXE(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, w.byUEFI(f))
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	ipxe, err := program.Find(program.Want{Kind: program.SNPonly, CPU: f.cpus[0]}, w.programs...)
	if err != nil {
		ipxe, err = program.Find(program.Want{Kind: program.IPXE, CPU: f.cpus[0]}, w.programs...)
	}
	if err != nil {
		return Way{}, err
	}
	return w.byIPXE(f, ipxe, entries)
}

// byIPXE is a way with a program that fetches our script, by the name that DHCP tells it or beside itself.
func (w *world) byIPXE(f firmware, ipxe program.File, entries []chosen) (Way, error) {
	dir := path.Join(reserved, f.suffix())
	script := path.Join(dir, autoexec)
	var wimboot program.File
	if slices.ContainsFunc(entries, windows) {
		var err error
		if wimboot, err = program.Find(program.Want{Kind: program.Wimboot, CPU: "x86_64"}, w.programs...); err != nil {
			return Way{}, err
		}
	}
	a := anywhere(w.HTTP)
	return Way{
		Boot:  proxydhcp.Boot{File: path.Join(dir, ipxe.Name), Script: a.web(script)},
		Title: fmt.Sprintf("%s of %s, with a menu", ipxe.Name, ipxe.Place.Name),
		makes: len(entries),
		make: func(m *made, a at) error {
			if wimboot.Name != "" {
				if err := m.program(path.Join(dir, "wimboot"), wimboot); err != nil {
					return err
				}
			}
			m.text(script, w.menu(entries, a, a.web, func(i *menu.Item, c chosen) {
				if c.Entry.Kind == media.Windows {
					i.Starter = a.web(path.Join(dir, "wimboot"))
				}
			}).IPXE())
			return m.program(path.Join(dir, ipxe.Name), ipxe)
		},
	}, nil
}

// byUEFI tells what iPXE can start on a UEFI machine.
func (w *world) byUEFI(f firmware) func(chosen) bool {
	return func(c chosen) bool {
		switch c.Entry.Kind {
		case media.Linux, media.EFI:
			return true
		case media.Windows:
			return f.cpus[0] == "x86_64"
		case media.ESXi:
			return path.Ext(c.Entry.Kernel) == ".efi"
		}
		return false
	}
}

// iPXEByHTTP is the same, fetched by the firmware's HTTP boot.
func iPXEByHTTP(w *world, f firmware) (Way, error) {
	way, err := iPXE(w, f)
	way.Boot.File = anywhere(w.HTTP).web(way.Boot.File)
	return way, err
}

// signedIPXE is an iPXE that is signed, behind the shim that knows by whom: it boots under Secure Boot too.
func signedIPXE(w *world, f firmware) (Way, error) {
	entries := w.entries(f.cpus, w.byUEFI(f))
	if len(entries) == 0 {
		return Way{}, errNothing
	}
	shim, second, err := program.Shimmed(program.IPXESB, f.cpus[0], w.programs...)
	if err != nil {
		return Way{}, errNothing // who has none is told of the unsigned one
	}
	way, err := w.byIPXE(f, second, entries)
	if err != nil {
		return way, err
	}
	dir := path.Join(reserved, f.suffix())
	unsigned := way.make
	way.Boot.File, way.Secure = path.Join(dir, shim.Name), true
	way.Title = fmt.Sprintf("%s and %s of %s, with a menu", shim.Name, second.Name, shim.Place.Name)
	way.make = func(m *made, a at) error {
		// The shim asks for its second stage by this name, in its own directory or at the top (ipxe issue 1684).
		for _, name := range []string{path.Join(dir, program.SecondStage(shim)), program.SecondStage(shim)} {
			if err := m.program(name, second); err != nil {
				return err
			}
		}
		if err := m.program(path.Join(dir, shim.Name), shim); err != nil {
			return err
		}
		return unsigned(m, a)
	}
	return way, nil
}
