package steps

import (
	"slices"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// Acts hands out what is to be done to guests now: all steps above have matched. The caller does it.
func (j *Judge) Acts(now time.Time) (acts []script.Act) {
	for _, g := range j.guests {
		for g.failed == nil && g.next < len(g.steps) && !j.Waits(g.name) {
			act, ok := g.steps[g.next].Statement.(script.Act)
			if !ok {
				break
			}
			acts = append(acts, act)
			switch act.Do {
			case script.Reset:
				g.gaveUp, g.anew, g.accident = time.Time{}, len(g.facts), ""
			case script.PowerOff:
				g.accident = "it was switched off"
			case script.Unplug:
				g.accident = "its cable was pulled, and is not plugged in again"
			case script.Plug:
				g.accident = ""
			}
			g.pass(now)
			j.follow(g)
		}
	}
	return acts
}

// Looks names the guests whose screens are waited for.
func (j *Judge) Looks() (guests []string) {
	for _, g := range j.guests {
		if _, waits := j.screen(g); waits {
			guests = append(guests, g.name)
		}
	}
	return guests
}

func (j *Judge) screen(g *guest) (want script.Screen, waits bool) {
	if g.failed == nil && g.next < len(g.steps) && !j.Waits(g.name) {
		want, waits = g.steps[g.next].Statement.(script.Screen)
	}
	return want, waits
}

// Show says what stands on a guest's screen. One that changes is progress.
func (j *Judge) Show(name string, now time.Time, lines []string) {
	for _, g := range j.guests {
		if g.name != name {
			continue
		}
		if !slices.Equal(g.shown, lines) {
			g.shown, g.progress = lines, later(g.progress, now)
		}
		if want, waits := j.screen(g); waits && slices.ContainsFunc(lines, want.Text.MatchString) {
			g.pass(now)
			j.follow(g)
		}
	}
}
