package ways

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// Machines that start something of their own are told so by DHCP, which knows who they are: their boot file lies in a
// directory of its own, and whatever it asks for next, a menu, a script, a disk, lies beside it. So every kind of loader
// has it, nobody need be known by an address, and a machine that has begun goes on as it began, whatever its tags become.

// A start is what is started without being asked. There is one for all machines that are to start the same.
type start struct {
	entry, args string
}

// none is that of all other machines.
func (s start) none() bool { return s == start{} }

// dir is where its files lie, whatever else is configured: what a machine was told yesterday is there today.
func (s start) dir() string {
	if s.none() {
		return ""
	}
	const longest = 40 // TFTP's names are 127 bytes at most
	sum := fnv.New32a()
	fmt.Fprintf(sum, "%s\x00%s", s.entry, s.args)
	name := strings.ReplaceAll(plainName(cmp.Or(s.entry, "args")), "_", "-") // pxelinux takes what is before a _ for all of it
	return fmt.Sprintf("%s-%08x", name[:min(len(name), longest)], sum.Sum32())
}

// String is what it starts, in words.
func (s start) String() string {
	what := cmp.Or(s.entry, "the menu")
	if s.args != "" {
		what += " with " + s.args
	}
	return what
}

// of are the entries of a menu, with the one that is started as the first. Without that there are none.
func (s start) of(all []chosen, several bool) []chosen {
	if s.none() {
		return all
	}
	more := func(c chosen) chosen {
		if s.args != "" && c.Entry.TakesArgs() {
			c.Entry, c.own = c.Entry.With(s.args), s.dir()
		}
		return c
	}
	if s.entry == "" {
		for i, c := range all {
			all[i] = more(c)
		}
		return all
	}
	i := slices.IndexFunc(all, func(c chosen) bool { return c.label(several) == s.entry })
	if i < 0 {
		return nil
	}
	first := more(all[i])
	return append([]chosen{first}, slices.Delete(all, i, i+1)...)
}

// startAll chooses what machines with a start of their own boot.
func (s *Served) startAll(starts []config.Start, tried *made) error {
	ordinary := s.Ways
	done := map[start][]Way{}
	var mistakes []error
	for _, rule := range starts {
		of := start{rule.Entry, rule.Args}
		if err := s.world.known(rule); err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		ways, again := done[of]
		if !again {
			var lacking []lack
			if ways, lacking = s.started(of, rule.Rule, ordinary, tried); len(ways) == 0 {
				mistakes = append(mistakes, fmt.Errorf("%s: no machine could start %s: %s", rule.Rule, of, reasons(lacking)))
			}
			done[of] = ways
		}
		for _, w := range ways {
			if again {
				w.make = func(*made, at) error { return nil }
			}
			w.Boot.Tags, w.Boot.Rule, w.Boot.Starts = rule.Tags, rule.Rule, of.String()
			w.Firmware, w.Title = w.Firmware+who(rule.Tags), w.Title+", and starts "+of.String()
			s.Ways = append(s.Ways, w)
		}
	}
	return errors.Join(mistakes...)
}

// who are those with some tags.
func who(tags policy.Wants) string {
	if len(tags) == 0 {
		return ""
	}
	return " with " + tags.String()
}

// started are the ways by which machines of each kind start it. A kind that boots these media, but not so, is told of.
func (s *Served) started(of start, rule string, ordinary []Way, tried *made) (ways []Way, lacking []lack) {
	for _, f := range firmwares() {
		b := s.best(choice{s.world, f, tried, of})
		if b.way != nil {
			b.way.Boot.Archs, b.way.Firmware = f.archs, f.name
			ways = append(ways, *b.way)
			continue
		}
		lacking = append(lacking, b.lacking...)
		if slices.ContainsFunc(ordinary, func(w Way) bool { return w.Firmware == f.name }) {
			because := cmp.Or(reasons(b.lacking), "there is no such entry for them")
			s.Notices = append(s.Notices, config.Notice{Rule: rule, Text: fmt.Sprintf("%s do not start %s, and boot as all others: %s", f.name, of, because), Note: true})
		}
	}
	return ways, lacking
}

// known tells whether there is such an entry, and else which there are.
func (w *world) known(rule config.Start) error {
	var all []string
	found, takes := rule.Entry == "", rule.Entry == "" || rule.Args == ""
	for _, c := range w.named() {
		name := c.label(w.several())
		if name == rule.Entry {
			found, takes = true, takes || c.Entry.TakesArgs()
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	near := config.Nearest(rule.Entry, all)
	switch {
	case found && takes:
		return nil
	case found:
		return fmt.Errorf("%s: %s is no kernel, and takes no arguments: drop args", rule.Rule, rule.Entry)
	case near != "":
		return fmt.Errorf("%s: no medium has an entry %q: did you mean %s?", rule.Rule, rule.Entry, near)
	case len(all) == 0:
		return fmt.Errorf("%s: no medium has an entry %q: all they have is menus of their own", rule.Rule, rule.Entry)
	}
	return fmt.Errorf("%s: no medium has an entry %q: there are %s", rule.Rule, rule.Entry, strings.Join(all, ", "))
}

// named are all entries that have a name: a menu of the medium's own has none for us.
func (w *world) named() (all []chosen) {
	for _, p := range w.pieces {
		for _, m := range p.media {
			for _, e := range m.Entries {
				if e.Kind != media.Own {
					all = append(all, chosen{piece: p, Medium: m, Entry: e})
				}
			}
		}
	}
	return all
}

// boots are the lines of DHCP that the ways make beside those of a configuration, of which the last that fits counts:
// who has a file of its own there has that, and who starts something of its own that.
func boots(ways []Way, given []proxydhcp.Boot) []proxydhcp.Boot {
	var tagged, others []proxydhcp.Boot
	for _, w := range ways {
		if len(w.Boot.Tags) > 0 {
			tagged = append(tagged, w.Boot)
		} else {
			others = append(others, w.Boot)
		}
	}
	return slices.Concat(tagged, given, others)
}
