package storm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Tally counts boots as they end.
type Tally struct {
	Boots []Boot // all that have ended
	lost  int
	again int
}

// Add counts one.
func (t *Tally) Add(b Boot) {
	t.Boots = append(t.Boots, b)
	switch {
	case b.Lost != nil:
		t.lost++
	case b.Again > 0:
		t.again++
	}
}

// Lost is how many were lost.
func (t *Tally) Lost() int { return t.lost }

// A Summary is what a storm comes to.
type Summary struct {
	Clients   int           `json:"clients"`
	Completed int           `json:"completed"`
	Retried   int           `json:"retried"` // of those that completed: packets had to be sent again
	Lost      int           `json:"lost"`
	Impatient int           `json:"impatient"`         // of those that are lost: only their firmware's patience ran out
	Unended   int           `json:"unended,omitempty"` // the storm was ended before they were
	Seed      uint64        `json:"seed"`
	Span      time.Duration `json:"span"`    // from the first power on to the last end, the longest LAN's
	Elapsed   time.Duration `json:"elapsed"` // real time
	Phases    []Quantiles   `json:"phases"`  // of those that completed
	Reasons   []Reason      `json:"reasons,omitempty"`
	Server    *Usage        `json:"server,omitempty"` // in real time
}

// Quantiles are how long a phase took.
type Quantiles struct {
	Phase Phase         `json:"phase"`
	Boots int           `json:"boots"` // that had it
	P50   time.Duration `json:"p50"`
	P90   time.Duration `json:"p90"`
	P99   time.Duration `json:"p99"`
	Max   time.Duration `json:"max"`
}

// A Reason is why boots were lost.
type Reason struct {
	Profile string `json:"profile"`
	Boots   int    `json:"boots"`
	Loss           // the first one's
	First   []Boot `json:"-"` // some of them
}

// Summary counts what has ended. The phases of no boot are left out.
func (t *Tally) Summary(cfg Config) Summary {
	slices.SortFunc(t.Boots, func(a, b Boot) int { return cmp.Or(a.LAN-b.LAN, a.Client-b.Client) }) // LANs end in any order
	s := Summary{Clients: cfg.Clients, Completed: len(t.Boots) - t.lost, Retried: t.again, Lost: t.lost, Unended: cfg.Clients - len(t.Boots), Seed: cfg.Seed, Phases: []Quantiles{}}
	for _, b := range t.Boots {
		s.Span = max(s.Span, b.Ended)
		if b.Lost != nil && b.Lost.Patience {
			s.Impatient++
		}
	}
	for _, p := range phases {
		if q := t.quantiles(p); q.Boots > 0 {
			s.Phases = append(s.Phases, q)
		}
	}
	s.Reasons = t.reasons()
	return s
}

func (t *Tally) quantiles(p Phase) Quantiles {
	var all []time.Duration
	for _, b := range t.Boots {
		if d, had := b.Took[p]; had && b.Lost == nil {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return Quantiles{Phase: p, Boots: len(all), P50: Rank(all, 50), P90: Rank(all, 90), P99: Rank(all, 99), Max: Rank(all, 100)}
}

// Rank is the least of the sorted values that so many percent are not above (the nearest rank).
func Rank(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}

// examples are how many boots of a reason are named.
const examples = 3

// reasons are why boots were lost, the most frequent first. What a program says is the reason; addresses and file names
// in the cause may differ from boot to boot.
func (t *Tally) reasons() []Reason {
	found := map[string]*Reason{}
	for _, b := range t.Boots {
		if b.Lost == nil {
			continue
		}
		key := fmt.Sprint(b.Profile, b.Lost.Patience, b.Lost.Text)
		if found[key] == nil {
			found[key] = &Reason{Profile: b.Profile, Loss: *b.Lost}
		}
		r := found[key]
		if r.Boots++; len(r.First) < examples {
			r.First = append(r.First, b)
		}
	}
	all := slices.Collect(maps.Values(found))
	slices.SortFunc(all, func(a, b *Reason) int {
		return cmp.Or(b.Boots-a.Boots, cmp.Compare(a.Profile, b.Profile), cmp.Compare(a.Text, b.Text))
	})
	var reasons []Reason
	for _, r := range all {
		reasons = append(reasons, *r)
	}
	return reasons
}
