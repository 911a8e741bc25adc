package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/server/machines"
)

// MachinesWatchCmd is `bootrig machines watch`.
type MachinesWatchCmd struct {
	stated
	JSON bool `name:"json" help:"Print JSON, a machine a line: all that have come further, however many."`
}

// Help is what `bootrig machines watch --help` adds.
func (MachinesWatchCmd) Help() string {
	return fmt.Sprintf(`Every second it tells of %d machines at most, as many as a person can read of. Where more have come further, those that are stuck go first, then those that were silent longest; how many of the others are where is told in one line, and each of them when it is its turn. So the last line of a machine is how it stands.`, atOnce)
}

// Run prints until ^C, or until the server ends.
func (c *MachinesWatchCmd) Run(ctx context.Context) error {
	w := watcher{}
	for tick := time.NewTicker(time.Second); ; {
		all, lines, err := c.machines(ctx)
		if err != nil {
			return unlessEnded(ctx, err)
		}
		if c.JSON {
			err = printed(os.Stdout, w.further(all, lines))
		} else {
			_, err = fmt.Print(strings.Join(w.look(time.Now(), all), ""))
		}
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// atOnce is how many machines are told of in a second.
const atOnce = 8

// A watcher tells how machines come further.
type watcher struct {
	told map[string]string // of each machine, at last
}

// look gives the lines that say who has come further by now.
func (w *watcher) look(now time.Time, all []machines.Machine) (lines []string) {
	first := w.told == nil
	behind := w.behind(all)
	slices.SortStableFunc(behind, func(m, n machines.Machine) int {
		switch s, t := stuck(now, m), stuck(now, n); {
		case s && !t:
			return -1
		case t && !s:
			return 1
		}
		return m.Last.Compare(n.Last)
	})
	told, rest := behind, []machines.Machine(nil)
	if len(behind) > atOnce+1 { // a line about one is its own
		told, rest = behind[:atOnce], behind[atOnce:]
	}
	for _, m := range told {
		w.told[m.MAC] = standing(m)
		lines = append(lines, fmt.Sprintf("%s %s %s\n", heard(m), m.MAC, standing(m)))
	}
	if len(rest) == 0 {
		return lines
	}
	more := ""
	if first { // nobody has waited for them
		more = " (bootrig machines lists them)"
		for _, m := range rest {
			w.told[m.MAC] = standing(m)
		}
	}
	return append(lines, fmt.Sprintf("%s and %d more: %s%s\n", now.Local().Format(time.TimeOnly), len(rest), places(rest), more))
}

// further gives the lines of those that have come further, with no bound: programs read them.
func (w *watcher) further(all []machines.Machine, lines []string) (further []string) {
	for i, m := range all {
		if len(w.behind(all[i:i+1])) > 0 {
			w.told[m.MAC] = standing(m)
			further = append(further, lines[i])
		}
	}
	return further
}

// behind are the machines of which something else was told than is so now. Who was forgotten is told of anew.
func (w *watcher) behind(all []machines.Machine) (behind []machines.Machine) {
	if w.told == nil {
		w.told = map[string]string{}
	}
	for _, m := range all {
		if told, known := w.told[m.MAC]; !known || told != standing(m) {
			behind = append(behind, m)
		}
	}
	return behind
}

// standing is how a machine stands.
func standing(m machines.Machine) string {
	if mark := marked(m); mark != "" {
		return fmt.Sprintf("[%s] %s", teller.Clean(mark), m.Boot.Line())
	}
	return m.Boot.Line()
}

// heard is when a machine was heard, if it was.
func heard(m machines.Machine) string {
	if m.Last.IsZero() {
		return "--:--:--"
	}
	return m.Last.Local().Format(time.TimeOnly)
}

// stuck tells whether a boot failed, or waits after something went wrong: many a boot program asks for names that are
// not there, and goes on at once.
func stuck(now time.Time, m machines.Machine) bool {
	switch m.Boot.Verdict {
	case verdict.Booted, verdict.AtMenu:
		return false
	case "":
		return m.Boot.Trouble != "" && now.Sub(m.Last) >= 2*time.Second
	}
	return true
}

// places says how many machines are where, the most first.
func places(all []machines.Machine) string {
	const most = 4
	count := map[string]int{}
	for _, m := range all {
		count[place(m.Boot)]++
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		if n := count[b] - count[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	var parts []string
	for _, name := range names[:min(len(names), most)] {
		parts = append(parts, fmt.Sprintf("%d %s", count[name], name))
		delete(count, name)
	}
	elsewhere := 0
	for _, n := range count {
		elsewhere += n
	}
	if elsewhere > 0 {
		parts = append(parts, fmt.Sprintf("%d elsewhere", elsewhere))
	}
	return strings.Join(parts, ", ")
}

// place is how far a boot came, in two words.
func place(b machines.Boot) string {
	switch {
	case b.Done != "":
		return "installed"
	case b.Verdict != "":
		return b.Verdict
	case b.Getting != "":
		return "getting " + teller.Clean(path.Base(b.Getting))
	case b.Trouble != "":
		return "in trouble"
	case b.Files > 0:
		return "got " + teller.Clean(path.Base(b.File))
	case b.Given != "":
		return "given " + teller.Clean(path.Base(b.Given))
	}
	return "told nothing"
}
