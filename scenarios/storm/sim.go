package storm

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/wire/event"
)

// Sim lets a storm loose in virtual time: LAN after LAN, as many at once as there are processors. Each boot is heard
// when it has ended, one at a time. Facts are those of Config.Only, and may be nil.
func Sim(ctx context.Context, ground *runner.Ground, cfg Config, facts event.Recorder, heard func(Boot)) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	boots := make(chan []Boot)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	ended := make(chan error, 1)
	go func() {
		for number, clients := range cfg.lans() {
			group.Go(func() error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return simulate(ctx, ground, cfg, number, clients, facts, boots)
			})
		}
		ended <- group.Wait()
	}()
	for {
		select {
		case some := <-boots:
			for _, b := range some {
				heard(b)
			}
		case err := <-ended:
			return err
		}
	}
}

// simulate runs one LAN.
func simulate(ctx context.Context, ground *runner.Ground, cfg Config, number, clients int, facts event.Recorder, boots chan<- []Boot) error {
	facts = only(cfg, facts)
	c, err := newCrowd(cfg, number, clients, runner.SimStart, facts)
	if err != nil {
		return err
	}
	lan, err := ground.Sim(c.seed, facts)
	if err != nil {
		return err
	}
	return c.run(ctx, lan, func(ended []Boot) { boots <- ended })
}

// run is the life of a crowd on a LAN in virtual time.
func (c *crowd) run(ctx context.Context, lan *link.LAN, heard func([]Boot)) error {
	world := sim.New(lan, c.began)
	for steps := 0; !c.over(); steps++ {
		c.expel(world.Now())
		c.arrive(world.Now(), lan)
		at, more := c.next()
		due, some := lan.Deadline()
		switch {
		case more && (!some || at.Before(due)):
			world.Run(at, nil)
		case !some:
			world.Run(world.Now().Add(lastWords), nil)
		default:
			world.Step()
		}
		if ended := c.settle(world.Now(), lan); len(ended) > 0 {
			heard(ended)
		}
		if steps%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}
