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
func iPXE(c choice, entries []chosen) (Way, error) {
	ipxe, err := program.Find(program.Want{Kind: program.SNPonly, CPU: c.cpus[0]}, c.programs...)
	if err != nil {
		ipxe, err = program.Find(program.Want{Kind: program.IPXE, CPU: c.cpus[0]}, c.programs...)
	}
	if err != nil {
		return Way{}, err
	}
	return c.byIPXE(c.dir(), ipxe, entries)
}

// byIPXE is a way with a program that fetches our script, by the name that DHCP tells it or beside itself.
func (c choice) byIPXE(dir string, ipxe program.File, entries []chosen) (Way, error) {
	script := path.Join(dir, autoexec)
	var wimboot program.File
	if slices.ContainsFunc(entries, windows) {
		var err error
		if wimboot, err = program.Find(program.Want{Kind: program.Wimboot, CPU: "x86_64"}, c.programs...); err != nil {
			return Way{}, err
		}
	}
	a := anywhere(c.HTTP)
	return Way{
		Boot:    proxydhcp.Boot{File: path.Join(dir, ipxe.Name), Script: a.web(script)},
		Title:   fmt.Sprintf("%s of %s, with a menu", ipxe.Name, ipxe.Place.Name),
		entries: entries,
		make: func(m *made, a at) error {
			if wimboot.Name != "" {
				if err := m.program(path.Join(dir, "wimboot"), wimboot); err != nil {
					return err
				}
			}
			m.text(script, c.menu(entries, a, a.web, func(i *menu.Item, e chosen) {
				if e.Entry.Kind == media.Windows {
					i.Starter = a.web(path.Join(dir, "wimboot"))
				}
			}).IPXE())
			return m.program(path.Join(dir, ipxe.Name), ipxe)
		},
	}, nil
}

// byIPXE tells what iPXE can start on a UEFI machine.
func byIPXE(c chosen) bool {
	switch c.Entry.Kind {
	case media.Linux, media.EFI:
		return true
	case media.Windows:
		return c.Entry.CPU == "x86_64"
	case media.ESXi:
		return path.Ext(c.Entry.Kernel) == ".efi"
	}
	return false
}

// iPXEByHTTP is the same, fetched by the firmware's HTTP boot.
func iPXEByHTTP(c choice, entries []chosen) (Way, error) {
	way, err := iPXE(c, entries)
	way.Boot.File = anywhere(c.HTTP).web(way.Boot.File)
	return way, err
}

// signedIPXE is an iPXE that is signed, behind the shim that knows by whom: it boots under Secure Boot too. They have a
// directory of their own, as an unsigned iPXE for HTTP boot has the same name.
func signedIPXE(c choice, entries []chosen) (Way, error) {
	shim, second, err := program.Shimmed(program.IPXESB, c.cpus[0], c.programs...)
	if err != nil {
		return Way{}, errNothing // who has none is told of the unsigned one
	}
	dir := c.dir("signed")
	way, err := c.byIPXE(dir, second, entries)
	if err != nil {
		return way, err
	}
	unsigned := way.make
	way.Boot.File, way.Secure = path.Join(dir, shim.Name), true
	way.Title = fmt.Sprintf("%s and %s of %s, with a menu", shim.Name, second.Name, shim.Place.Name)
	way.make = func(m *made, a at) error {
		// The shim asks for its second stage by this name, in its own directory or at the top (ipxe issue 1684).
		for _, name := range []string{path.Join(dir, program.SecondStage(shim)), program.SecondStage(shim)} {
			if _, taken := m.files[name]; taken && path.Dir(name) == "." {
				continue // by that of a CPU that goes before
			}
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
