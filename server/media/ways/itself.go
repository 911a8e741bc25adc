package ways

import (
	"errors"
	"fmt"
	"path"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// byItself tells what firmware starts with no help: a program that is no kernel.
func byItself(c chosen) bool { return c.Entry.Kind == media.EFI }

// itself is the first of such programs, as it is: where it is all there is, nobody wants a menu before it.
func itself(_ choice, entries []chosen) (Way, error) {
	first := entries[0]
	return Way{
		Boot:    proxydhcp.Boot{File: first.in(first.Medium, first.Entry.Kernel)},
		Title:   fmt.Sprintf("%s of %s, by itself", path.Base(first.Entry.Kernel), first.called()),
		entries: entries[:1],
		lacks:   errors.New("without a loader with a menu there is one program"),
		make:    func(*made, at) error { return nil },
	}, nil
}

// itselfByHTTP is the same, fetched by the firmware's HTTP boot.
func itselfByHTTP(c choice, entries []chosen) (Way, error) {
	way, err := itself(c, entries)
	way.Boot.File = anywhere(c.HTTP).web(way.Boot.File)
	return way, err
}
