package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/trial"
)

// onLAN boots scripted firmware on the network of an interface.
func (c *BootCmd) onLAN(ctx context.Context) error {
	if c.YAML != "" || c.Conf != "" || c.Offer != "" || c.HTTP != "" || c.Server != "ours" {
		return usage(errors.New("boot: with -i the servers are those of that network: -c, -C, --offer, --http and --server are for a lab of its own"))
	}
	profiles, err := scripted(c.Words)
	if err != nil {
		return usage(fmt.Errorf("boot: %w", err))
	}
	x, err := c.player(c.Interface)
	if err != nil {
		return usage(fmt.Errorf("boot: %w", err))
	}
	x.offersOnly = c.DiscoverOnly
	x.warn()
	for _, p := range profiles {
		t, broke := c.played(ctx, x, p)
		if broke != nil {
			return broke
		}
		if !t.Boots {
			err = exitFailed
		}
	}
	return err
}

// played tells of a firmware what comes of it, as it comes.
func (c *BootCmd) played(ctx context.Context, x *player, p rom.Profile) (t trial.Trial, err error) {
	if c.JSON {
		if t, err = x.play(ctx, p, nil); err == nil {
			err = c.print(t)
		}
		return t, err
	}
	fmt.Printf("%s as %s on %s\n", p.Name, x.mac, teller.Clean(x.interfac))
	if t, err = x.play(ctx, p, func(a trial.Answer) { a.Tell(os.Stdout) }); err == nil {
		t.Tell(os.Stdout)
	}
	return t, err
}
