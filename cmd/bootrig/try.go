package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/trial"
)

// try plays firmware on the network of an interface, and holds what it is answered against others, or a capture.
func (c *ExplainCmd) try(ctx context.Context) error {
	if c.Interface == "" || c.Server != "" {
		return usage(errors.New("--try asks the servers of a network: say which by -i, and no --server"))
	}
	x, err := c.player(c.Interface)
	if err != nil {
		return usage(err)
	}
	tries, err := c.tries()
	if err != nil {
		return usage(err)
	}
	x.warn()
	e := &trying{x: x, json: c.JSON, done: map[string]trial.Trial{}}
	for _, try := range tries {
		if err := e.compare(ctx, try); err != nil {
			return err
		}
	}
	if e.failed {
		return exitFailed
	}
	return nil
}

// An attempt is firmware that is played, and what its answers are held against, if that is a capture.
type attempt struct {
	profiles []rom.Profile
	captured []trial.Column
}

// tries says what is to be played.
func (c *ExplainCmd) tries() ([]attempt, error) {
	profiles, err := scripted(c.Profile)
	switch {
	case err != nil:
		return nil, err
	case c.Capture != "":
		return c.again(profiles)
	case len(profiles) == 0:
		profiles, err = scripted([]string{"intel-undi", "ovmf-x64", "ovmf-x64-http"})
	}
	return []attempt{{profiles: profiles}}, err
}

// again plays what the machines of a capture are like.
func (c *ExplainCmd) again(profiles []rom.Profile) (all []attempt, err error) {
	facts, _, err := captured(c.Capture)
	if err != nil {
		return nil, err
	}
	for _, machine := range slices.Sorted(maps.Keys(facts)) {
		boots := verdict.Boots(facts[machine], netip.Addr{}, time.Time{})
		like, known := trial.Like(facts[machine])
		switch {
		case len(boots) == 0:
			continue
		case len(profiles) > 0:
		case !known:
			fmt.Fprintf(os.Stderr, "%s in %s: no scripted firmware is like it: say which by --profile\n", teller.Clean(machine), teller.Clean(c.Capture))
			continue
		}
		story := boots[0].Story
		if story.Stage > verdict.Loaded { // its program ran, and that is as far as firmware is played
			story = verdict.Story{ID: verdict.Booted}
		}
		a := attempt{profiles: profiles, captured: []trial.Column{{Name: machine + " in the capture", Facts: facts[machine], Story: story}}}
		if len(profiles) == 0 {
			a.profiles = []rom.Profile{like}
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no machine in it is one to play", c.Capture)
	}
	return all, nil
}

// A trying is what was played.
type trying struct {
	x      *player
	json   bool
	done   map[string]trial.Trial // by profile: none is played twice
	failed bool
}

// compare plays firmware, and tells the table.
func (e *trying) compare(ctx context.Context, try attempt) error {
	var columns []trial.Column
	for _, p := range try.profiles {
		t, err := e.play(ctx, p)
		if err != nil {
			return err
		}
		columns = append(columns, t.Column())
		e.failed = e.failed || !t.Boots
	}
	table := trial.Compare(append(columns, try.captured...)...)
	e.failed = e.failed || len(try.captured) > 0 && table.Differs()
	switch {
	case e.json:
		return (&teller.JSON{W: os.Stdout}).Print(table)
	case len(table.Columns) < 2:
		return nil
	}
	fmt.Println()
	return table.Tell(os.Stdout)
}

// play plays a firmware once, and tells what came of it.
func (e *trying) play(ctx context.Context, p rom.Profile) (t trial.Trial, err error) {
	if t, ok := e.done[p.Name]; ok {
		return t, nil
	}
	defer func() { e.done[p.Name] = t }()
	return e.x.play(ctx, p, e.json)
}
