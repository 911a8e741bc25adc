package storm

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// An Arrival is how clients are switched on. The zero Arrival is all at once.
type Arrival struct {
	Ramp time.Duration `json:"ramp,omitempty"` // evenly in this time
	Rate float64       `json:"rate,omitempty"` // so many a second on average, each by chance (a Poisson process)
}

// ParseArrival reads at-once, ramp=DURATION or poisson=N/s.
func ParseArrival(text string) (a Arrival, err error) {
	kind, value, _ := strings.Cut(text, "=")
	switch kind {
	case "at-once":
		if value == "" {
			return a, nil
		}
	case "ramp":
		if a.Ramp, err = time.ParseDuration(value); err == nil && a.Ramp > 0 {
			return a, nil
		}
	case "poisson":
		number, each, _ := strings.Cut(value, "/")
		if a.Rate, err = strconv.ParseFloat(number, 64); err == nil && a.Rate > 0 && a.Rate < most && each == "s" {
			return a, nil
		}
	}
	return Arrival{}, mistake("--arrive %s: there are at-once, ramp=DURATION such as ramp=30s, and poisson=N/s such as poisson=50/s", text)
}

// times are when each client is switched on, after the beginning.
func (a Arrival) times(clients int, random *rand.Rand) []time.Duration {
	times := make([]time.Duration, clients)
	at := time.Duration(0)
	for i := range times {
		switch {
		case a.Ramp > 0:
			at = a.Ramp * time.Duration(i) / time.Duration(clients)
		case a.Rate > 0:
			at += time.Duration(random.ExpFloat64() / a.Rate * float64(time.Second))
		}
		times[i] = at
	}
	return times
}
