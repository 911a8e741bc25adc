package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/storm"
	"github.com/bootrig/bootrig/wire/event"
)

// A let lets a storm loose; the story that is asked for goes to facts, which may be nil.
type let func(heard func(storm.Boot), facts event.Recorder) (*storm.Usage, error)

// loose has a storm let loose, and tells of it.
func (c *StormCmd) loose(ctx context.Context, cfg storm.Config, let let) error {
	began, tally, live := time.Now(), &storm.Tally{}, newCountdown(cfg.Clients, c.JSON || cfg.Only > 0)
	heard := func(b storm.Boot) {
		if cfg.Only > 0 && b.Client != cfg.Only {
			return
		}
		c.name(cfg, &b)
		tally.Add(b)
		live.tell(tally)
		if c.JSON {
			_ = c.print(map[string]any{"boot": b}) // nobody is left to tell
		}
	}
	story, flush := c.story()
	used, err := let(heard, story)
	flush()
	live.end()
	if err != nil && ctx.Err() == nil {
		return notStormed(err)
	}
	if cfg.Only > 0 {
		cfg.Clients = 1
	}
	s := tally.Summary(cfg)
	s.Elapsed, s.Server = time.Since(began), used
	return c.conclude(ctx, tally, s)
}

// notStormed tells what this host lacks from a mistake and from what broke.
func notStormed(err error) error {
	var lacks *runner.Lacking
	if errors.As(err, &lacks) {
		fmt.Fprintln(os.Stderr, "storm: not tested:", lacks.Reason)
		return exitNotTested
	}
	return wrong(err)
}

// story tells the facts of the one client that is asked for.
func (c *StormCmd) story() (facts event.Recorder, flush func()) {
	switch {
	case c.Only == 0:
		return nil, func() {}
	case c.JSON:
		return event.Func(func(e event.Event) { _ = c.print(map[string]any{"event": e}) }), func() {}
	}
	p := &teller.Printer{W: os.Stdout, Clock: teller.Seconds, Witnessed: true, Verbose: true}
	return p, p.Flush
}

func (c *StormCmd) print(v any) error { return (&teller.JSON{W: os.Stdout}).Print(v) }

// name says by which command a lost boot comes again. Real time has no such command.
func (c *StormCmd) name(cfg storm.Config, b *storm.Boot) {
	if b.Lost == nil || c.As != runner.Sim || c.Interface != "" {
		return
	}
	b.Lost.Again = c.replay(min(cfg.Together, cfg.Clients-b.LAN*cfg.Together), cfg.Seed+uint64(b.LAN), b.Client)
}

// replay is the command that runs one LAN again, as long as what the paths name is the same.
func (c *StormCmd) replay(clients int, seed uint64, client int) string {
	words := append([]string{"bootrig", "storm"}, c.Paths...)
	add := func(flag string, values ...string) {
		for _, v := range values {
			if v != "" {
				words = append(words, flag, v)
			}
		}
	}
	add("-c", c.YAML)
	add("-C", c.Conf)
	add("--offer", c.Offer)
	add("--http", c.HTTP)
	size := strconv.Itoa(clients)
	add("-n", size)
	add("--together", size)
	add("--profile", c.Profile...)
	add("--arrive", c.Arrive)
	add("--fault", c.Fault...)
	add("--scale", c.Scale)
	add("--key", c.Key...)
	add("--seed", strconv.FormatUint(seed, 10))
	add("--only", strconv.Itoa(client))
	for i, word := range words {
		words[i] = shellWord(word)
	}
	return strings.Join(words, " ")
}

// shellWord is a word as a shell takes it for one.
func shellWord(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !strings.ContainsRune(plainWord, r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+:,./@%"

func (c *StormCmd) conclude(ctx context.Context, tally *storm.Tally, s storm.Summary) error {
	var err error
	if c.JSON {
		err = c.print(map[string]any{"storm": s})
	} else {
		err = s.Print(os.Stdout)
	}
	if err == nil && c.SVG != "" {
		err = draw(c.SVG, tally)
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return interrupted(ctx, ctx.Err())
	case s.Completed < s.Clients:
		return exitFailed
	}
	return nil
}

func draw(name string, tally *storm.Tally) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(tally.SVG(f), f.Close())
}

// countdown is a line on a terminal that says how far a storm is.
type countdown struct {
	w       io.Writer // nil: there is no terminal
	clients int
	next    time.Time
}

func newCountdown(clients int, silent bool) *countdown {
	p := &countdown{clients: clients}
	if !silent && term.IsTerminal(int(os.Stderr.Fd())) {
		p.w = os.Stderr
	}
	p.tell(&storm.Tally{})
	return p
}

func (p *countdown) tell(t *storm.Tally) {
	if now := time.Now(); p.w != nil && !now.Before(p.next) {
		p.next = now.Add(time.Second / 10)
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d: %d booted, %d lost", len(t.Boots), p.clients, len(t.Boots)-t.Lost(), t.Lost())
	}
}

func (p *countdown) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
