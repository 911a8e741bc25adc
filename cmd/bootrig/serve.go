package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/state"
	"github.com/bootrig/bootrig/wire/event"
)

// ServeCmd is `bootrig serve`.
type ServeCmd struct {
	source
	State string `name:"state" default:"/var/lib/bootrig/state.db" placeholder:"FILE" help:"Where leases are kept; used only if the configuration has address ranges (${default})."`
	JSON  bool   `name:"json" help:"Print every fact as one line of JSON."`

	Verbose bool `short:"v" help:"Tell every fact: requests that have an answer, each name that is not there, retries."`
}

// Help is what `bootrig serve --help` adds.
func (ServeCmd) Help() string {
	return `It answers PXE clients only, gives no addresses and leaves the DHCP server beside it alone, even on the same host. With address ranges (dhcp-range=START,END, or leases in a bootrig.yaml) it is the DHCP server of an isolated lab itself. Every answer and every silence is told with the line of the configuration that decided.

Examples:

  sudo bootrig serve
      x86 BIOS and x64 UEFI machines on every network of this host boot a small program
      that prints which server it reached: the quickest proof that the wire is right.

  sudo bootrig serve ./netboot
      a netboot.tar.gz, unpacked: its pxelinux.0, its menus, its kernels, for x86 BIOS
      machines. What others would get: bootrig check ./netboot --explain 'arch=7'

  sudo bootrig serve -C dnsmasq.conf --http 80=/mnt/xeniso
      the configuration you have, and an installation source over HTTP.

  bootrig convert dnsmasq.conf >bootrig.yaml && sudo bootrig serve -c bootrig.yaml
      the same in readable words, which say more: offers, iPXE scripts, HTTP.

^C ends it. Ports 67, 4011 and 69 want root, or once:
  sudo setcap cap_net_bind_service,cap_net_raw+ep $(command -v bootrig)

Exit code: 0 ended by ^C, 1 something is wrong (one line says what), 2 used wrongly.`
}

// Run serves until ^C.
func (c *ServeCmd) Run(ctx context.Context) error {
	links, err := hostLinks(c.Interface)
	if err != nil {
		return err
	}
	settings, err := c.settings(links)
	if err != nil {
		return err
	}
	all, err := hostInterfaces()
	if err != nil {
		return err
	}
	if len(c.Interface) == 0 {
		if links, err = limit(links, settings.Interfaces); err != nil {
			return err
		}
	}
	events, flush := c.events(settings.TFTP.Quiet)
	defer flush()
	cfg := server.Config{Links: links, Others: without(all, links), Settings: settings, Events: events}
	if len(settings.Leases.Ranges) > 0 {
		store, err := state.Open(c.State)
		if err != nil {
			return err
		}
		defer store.Close()
		if cfg.Known, err = store.Leases(); err != nil {
			return err
		}
		cfg.Store = store.Apply
	}
	s, err := server.New(cfg)
	if err != nil {
		return err
	}
	notes := slices.DeleteFunc(slices.Clone(settings.Notices), func(n config.Notice) bool { return n.ID != "" })
	for _, notice := range append(notes, findings(&settings)...) {
		fmt.Fprintf(os.Stderr, "bootrig: %s: warning: %s\n", notice.Rule, notice.Text)
	}
	return s.Run(ctx)
}

// limit keeps the links that the configuration wants.
func limit(links []dhcp.Link, wanted config.Interfaces) ([]dhcp.Link, error) {
	kept := wanted.Limit(links)
	if len(kept) == 0 && len(links) > 0 {
		return nil, fmt.Errorf("%s: none of the interfaces %s is up and has an IPv4 address", wanted.Rule, wanted)
	}
	return kept, nil
}

// events prints facts; flush prints the last of them.
func (c *ServeCmd) events(quiet bool) (events event.Recorder, flush func()) {
	if c.JSON {
		return &teller.JSON{W: os.Stdout}, func() {}
	}
	p := &teller.Printer{W: os.Stdout, Quiet: quiet, Verbose: c.Verbose}
	return p, p.Flush
}
