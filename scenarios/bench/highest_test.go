package bench

import (
	"errors"
	"testing"
)

func TestTheHighestRateIsWhatIsBorne(t *testing.T) {
	for name, c := range map[string]struct {
		bears         int // answers a second
		room          int // answers a second that the load can take
		lowest, found int // the highest that is found is between
	}{
		"in the middle":               {27_300, 1 << 30, 26_000, 27_300},
		"less than is asked at first": {600, 1 << 30, 560, 600},
		"nothing":                     {0, 1 << 30, 0, 0},
		"the load has no room for it": {60_000, 40_000, 39_500, 40_000},
	} {
		t.Run(name, func(t *testing.T) {
			best, err := highest(func(rate int) (Sample, error) {
				const seconds = 2
				came := min(rate, c.bears, c.room-max(rate-c.room, 0)/20) // who has no room loses time too
				lost := min(rate, c.bears) - came
				return Sample{Value: float64(came), Clients: rate * seconds, Failed: (rate - came) * seconds, Dropped: lost * seconds}, nil
			})
			if got := int(best.Value); err != nil || got < c.lowest || got > c.found {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
}

func TestAThousandthMayBeMissing(t *testing.T) {
	for name, c := range map[string]struct {
		s     Sample
		borne bool
	}{
		"all came":                       {Sample{Clients: 2000}, true},
		"one in a thousand is missing":   {Sample{Clients: 2000, Failed: 2}, true},
		"more are":                       {Sample{Clients: 2000, Failed: 3}, false},
		"more are, the load had no room": {Sample{Clients: 2000, Failed: 30, Dropped: 28}, true},
		"and more are beside those":      {Sample{Clients: 2000, Failed: 31, Dropped: 28}, false},
		"nobody asked":                   {Sample{}, false},
	} {
		if got := c.s.borne(); got != c.borne {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARateThatCannotBeAskedEndsTheSearch(t *testing.T) {
	broken := errors.New("perfdhcp ended")
	asked := 0
	_, err := highest(func(rate int) (Sample, error) {
		asked++
		if asked == 3 {
			return Sample{}, broken
		}
		return Sample{Value: float64(rate), Clients: rate}, nil
	})
	if !errors.Is(err, broken) || asked != 3 {
		t.Errorf("%d asked, %v", asked, err)
	}
}
