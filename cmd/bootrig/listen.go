package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// listen tells the boots that pass an interface, each when it ends.
func (t *explaining) listen(ctx context.Context, name string, server netip.Addr) error {
	live, err := observe.Listen(name)
	if err != nil {
		return usage(err)
	}
	fmt.Fprintf(os.Stderr, "listening on %s; ^C ends it\n", teller.Clean(name))
	watch := verdict.Watch{Server: server, Tell: t.tell}
	wire := observe.Wire{Events: event.Func(watch.Record)}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return live.Run(ctx, func(now time.Time, frame []byte) {
			mu.Lock()
			defer mu.Unlock()
			wire.Frame(now, frame)
		})
	})
	group.Go(func() error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case now := <-ticker.C:
				mu.Lock()
				watch.Expire(now)
				mu.Unlock()
			}
		}
	})
	if err := group.Wait(); err != nil {
		return err
	}
	watch.End()
	return t.end("on " + teller.Clean(name))
}
