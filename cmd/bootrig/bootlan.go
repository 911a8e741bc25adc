package main

import (
	"context"
	"errors"
	"fmt"
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
		t, broke := x.play(ctx, p, c.JSON)
		if broke != nil {
			return broke
		}
		if !t.Boots {
			err = exitFailed
		}
	}
	return err
}
