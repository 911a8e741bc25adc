package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/host"
	"github.com/bootrig/bootrig/server/state"
	"github.com/bootrig/bootrig/wire/event"
)

// ServeCmd is `bootrig serve`.
type ServeCmd struct {
	source
	State string `name:"state" default:"/var/lib/bootrig/state.db" placeholder:"FILE" help:"Where leases are kept, if the configuration has address ranges (${default}). What cannot be used is told, and leases are in memory until it can."`
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

Links and addresses may come and go while it runs, and those it is to serve may not be there yet: it says what it
waits for, and a service manager is told when it is ready (Type=notify).

^C ends it. Ports 67, 4011 and 69 want root, or once:
  sudo setcap cap_net_bind_service,cap_net_raw+ep $(command -v bootrig)

Exit code: 0 ended by ^C, 1 something is wrong (one line says what), 2 used wrongly.`
}

// Run serves until ^C.
func (c *ServeCmd) Run(ctx context.Context) error {
	_, stop := endure()
	defer stop()
	watcher, err := host.New()
	if err != nil {
		return err
	}
	defer watcher.Close()
	now, err := watcher.Snapshot()
	if err != nil {
		return err
	}
	settings, err := c.settings(dnsmasq.Source{}, nil) // of all links, as they come
	if err != nil {
		return err
	}
	if err := bound(now, c.Interface, settings.Interfaces); err != nil {
		return err
	}
	log := newLog(os.Stdout, c.JSON, settings.TFTP.Quiet, c.Verbose)
	defer log.Close()
	h := here(now, c.Interface, settings.Interfaces)
	cfg := server.Config{Links: h.Links, Others: h.Others, Missing: h.Missing, Waits: true, Settings: settings, Events: log}
	if len(settings.Leases.Ranges) > 0 {
		store, err := state.Open(c.State, func(text string) {
			log.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Text: text})
		})
		if err != nil {
			return err
		}
		defer store.Close()
		cfg.Known, cfg.Store, cfg.Clock = store.Leases(), store.Apply, store.Now
	}
	s, err := server.New(cfg)
	if err != nil {
		return err
	}
	remarks := newTape(os.Stderr, func(n int) []byte { return fmt.Appendf(nil, "bootrig: %d lines are missing here\n", n) })
	defer remarks.Close()
	notes := slices.DeleteFunc(slices.Clone(settings.Notices), func(n config.Notice) bool { return n.ID != "" || n.Note })
	for _, notice := range append(notes, findings(&settings)...) {
		fmt.Fprintf(remarks, "bootrig: %s: warning: %s\n", notice.Rule, notice.Text)
	}
	return c.follow(ctx, s, watcher, log, settings)
}

// follow serves, and tells the server when its host changes.
func (c *ServeCmd) follow(ctx context.Context, s *server.Server, w *host.Watcher, log *log, settings config.Config) error {
	group, ctx := errgroup.WithContext(ctx)
	ctx, cancel := context.WithCancel(ctx)
	group.Go(func() error { defer cancel(); return s.Run(ctx) })
	group.Go(func() error { log.manager.patient(ctx, s.Ready()); return nil })
	group.Go(func() error {
		moved := func(now host.Snapshot) { s.Move(here(now, c.Interface, settings.Interfaces)) }
		for err := w.Watch(ctx, moved); err != nil; err = w.Watch(ctx, moved) {
			log.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Text: err.Error()})
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Second):
			}
		}
		return nil
	})
	return group.Wait()
}
