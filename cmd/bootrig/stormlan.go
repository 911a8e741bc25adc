package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/bootrig/bootrig/emulator/raw"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/storm"
	"github.com/bootrig/bootrig/wire/event"
)

// onLAN storms the network of an interface.
func (c *StormCmd) onLAN(ctx context.Context) error {
	if len(c.Paths) > 0 || c.YAML != "" || c.Conf != "" || c.Offer != "" || c.HTTP != "" || c.Server != "ours" || c.As != runner.Sim || len(c.Fault) > 0 || c.Scale != "" || c.Only > 0 {
		return usage(errors.New("storm: with -i servers and wire are those of that network: a PATH, -c, -C, --offer, --http, --server, --as, --fault, --scale and --only are for a lab of its own"))
	}
	cfg, err := c.config()
	if err == nil {
		err = cfg.CheckLAN()
	}
	if err != nil {
		return notStormed(err)
	}
	if card, err := net.InterfaceByName(c.Interface); err == nil {
		sum := sha256.Sum256(card.HardwareAddr)
		cfg.Mark = [2]byte(sum[:2])
	}
	lab, _, err := raw.Join(c.Interface, cfg.Seed)
	if err != nil {
		return notTried(err)
	}
	(&player{interfac: c.Interface}).warn()
	c.announce(cfg)
	err = c.loose(ctx, cfg, func(heard func(storm.Boot), _ event.Recorder) (*storm.Usage, error) {
		return nil, storm.LAN(ctx, lab, cfg, heard)
	})
	if broke := lab.Close(); broke != nil {
		return notTried(broke)
	}
	return err
}

// announce says what is about to happen to a network that others need too.
func (c *StormCmd) announce(cfg storm.Config) {
	first, last := cfg.MACs()
	fmt.Fprintf(os.Stderr, "storm: on %s, scripted machines %s to %s, of which %d at most have an address at the same time: they ask whoever is there for it, "+
		"fetch what they would boot, run nothing, and give it back. ^C ends it, and gives back all.\n",
		teller.Clean(c.Interface), first, last, min(cfg.Clients, cfg.Together))
}
