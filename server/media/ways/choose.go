package ways

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
)

// A choice is being made for a firmware. What a way generates is tried on tried.
type choice struct {
	*world
	firmware
	tried *made
	start start // what is started without being asked
}

// dir is where what is made for these machines lies.
func (c choice) dir(names ...string) string {
	return path.Join(append([]string{reserved, c.start.dir(), c.suffix()}, names...)...)
}

// entries are what can stand in a menu, by those of them that a way can start.
func (c choice) entries(can func(chosen) bool) []chosen {
	return c.start.of(c.world.entries(c.cpus, can), c.several())
}

// errNothing says that the media hold nothing for some machines.
var errNothing = errors.New("there is nothing in it that they can start")

// A best is what was chosen for a kind of machine, and what else there is.
type best struct {
	way, signed *Way // nil: there is none
	all         []chosen
	lacking     []lack
}

// best is the way with its own menu, else the one that starts most, of equals the first. What cannot be made of these
// media is no way, and neither is what does not start what it must.
func (s *Served) best(c choice) (b best) {
	for _, way := range c.ways {
		entries := c.entries(way.starts)
		if way.starts != nil && len(entries) == 0 || way.starts == nil && !c.start.none() {
			continue
		}
		b.all = more(b.all, entries)
		w, err := way.with(c, entries)
		if err == nil {
			err = w.make(c.tried, anywhere(c.HTTP))
		}
		switch {
		case errors.Is(err, errNothing):
			continue
		case err != nil:
			b.lacking = append(b.lacking, lack{err, entries})
			continue
		case w.lacks != nil:
			b.lacking = append(b.lacking, lack{w.lacks, less(entries, w.entries)})
		}
		if c.start.entry != "" && !w.entries[0].same(entries[0]) {
			continue
		}
		if b.way == nil || len(w.entries) > len(b.way.entries) {
			b.way = &w
		}
		if w.Secure && b.signed == nil {
			b.signed = &w
		}
		if len(w.entries) == 0 {
			break
		}
	}
	return b
}

// choose takes the best for a kind of machine, and tells what that lacks.
func (s *Served) choose(c choice) {
	b := s.best(c)
	best, signed := b.way, b.signed
	if best != nil {
		best.Boot.Archs, best.Boot.Rule, best.Firmware = c.archs, s.rule, c.name
		s.Ways = append(s.Ways, *best)
	}
	s.tell(c.name, best, b.all, b.lacking)
	if best != nil && !best.Secure && signed != nil {
		s.Notices = append(s.Notices, config.Notice{Rule: s.rule, Text: fmt.Sprintf("%s with Secure Boot start nothing: %s is not signed. %s is, and starts no %s: "+
			"serve that by itself for them", c.name, best.Title, signed.Title, strings.Join(names(less(best.entries, signed.entries)), ", "))})
	}
}

// A lack is why some entries are not to be had by a way.
type lack struct {
	error
	of []chosen
}

// tell says what some machines do not get, and why. For whom the media hold nothing is not told of.
func (s *Served) tell(who string, w *Way, all []chosen, lacking []lack) {
	if w != nil {
		if len(w.entries) == 0 {
			return
		}
		all = less(all, w.entries)
		lacking = slices.DeleteFunc(lacking, func(l lack) bool { return len(less(all, l.of)) == len(all) })
	}
	because := reasons(lacking)
	switch {
	case w == nil && because != "":
		s.Notices = append(s.Notices, config.Notice{Rule: s.rule, Text: fmt.Sprintf("%s get nothing: %s", who, because)})
	case w != nil && len(all) > 0:
		because = cmp.Or(because, "what starts the others cannot start them too")
		s.Notices = append(s.Notices, config.Notice{Rule: s.rule, Text: fmt.Sprintf("%s get no %s: %s", who, strings.Join(names(all), ", "), because), Note: true})
	}
}

// reasons are what is wrong, and last all the programs that would help.
func reasons(lacking []lack) string {
	var reasons, programs []string
	for _, l := range lacking {
		if missing := (*program.MissingError)(nil); errors.As(l.error, &missing) && len(missing.Wrong) == 0 {
			programs = append(programs, missing.Brief())
			continue
		}
		reasons = append(reasons, l.Error())
	}
	slices.Sort(reasons)
	if slices.Sort(programs); len(programs) > 0 {
		reasons = append(reasons, fmt.Sprintf("they need %s; --programs names a directory that has it", strings.Join(slices.Compact(programs), ", or ")))
	}
	return strings.Join(slices.Compact(reasons), "; or ")
}

// same tells one entry by where it is.
func (c chosen) same(d chosen) bool {
	return c.piece == d.piece && c.Medium.Dir == d.Medium.Dir && c.Medium.Family == d.Medium.Family && c.Entry.Name == d.Entry.Name && c.Entry.CPU == d.Entry.CPU
}

// less are those that are not among some.
func less(all, some []chosen) []chosen {
	return slices.DeleteFunc(slices.Clone(all), func(c chosen) bool { return slices.ContainsFunc(some, c.same) })
}

// more are both, each once.
func more(all, others []chosen) []chosen { return append(all, less(others, all)...) }

// names are how people call them.
func names(all []chosen) (texts []string) {
	for _, c := range all {
		texts = append(texts, fmt.Sprintf("%q of %s", c.Entry.Title, c.called()))
	}
	return texts
}

// linux tells what a unified kernel image can be made of.
func linux(c chosen) bool { return c.Entry.Kind == media.Linux }
