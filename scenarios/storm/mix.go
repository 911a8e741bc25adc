package storm

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
)

// A Mix is which firmware clients have.
type Mix []Share

// A Share is a firmware profile, and how many have it in proportion to the others.
type Share struct {
	Profile string `json:"profile"`
	Weight  int    `json:"weight"`
}

// ParseMix reads words NAME or NAME=WEIGHT.
func ParseMix(words []string) (m Mix, err error) {
	for _, word := range words {
		name, weight, weighs := strings.Cut(word, "=")
		s := Share{Profile: name, Weight: 1}
		if weighs {
			if s.Weight, err = strconv.Atoi(weight); err != nil || s.Weight < 1 {
				return nil, mistake("--profile %s: the weight is a number from 1 on", word)
			}
		}
		m = append(m, s)
	}
	return m, m.check()
}

func (m Mix) check() error {
	for _, s := range m {
		if _, err := rom.Lookup(s.Profile); err != nil {
			return mistake("--profile: %w", err)
		}
	}
	if len(m) == 0 {
		return mistake("--profile: which firmware do the clients have?")
	}
	return nil
}

// firmware is each client's.
func (m Mix) firmware(clients int, random *rand.Rand) ([]rom.Profile, error) {
	var lots []rom.Profile
	for _, s := range m {
		p, err := rom.Lookup(s.Profile)
		if err != nil {
			return nil, err
		}
		for range s.Weight {
			lots = append(lots, p)
		}
	}
	drawn := make([]rom.Profile, clients)
	for i := range drawn {
		drawn[i] = lots[random.IntN(len(lots))]
	}
	return drawn, nil
}
