package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// choice is which runs are made, and how often.
type choice struct {
	Repeat   int   `default:"1" placeholder:"N" help:"Run all N times, each time with the next seed."`
	Shard    shard `placeholder:"I/N" help:"Run only part I of N of the scenarios, where CI jobs share them."`
	FailFast bool  `help:"Begin no other run once one has failed."`
}

// A shard is one of several parts; the zero shard is all.
type shard struct{ part, of int }

// UnmarshalText reads 2/3.
func (s *shard) UnmarshalText(text []byte) error {
	part, of, _ := strings.Cut(string(text), "/")
	var errs [2]error
	s.part, errs[0] = strconv.Atoi(part)
	s.of, errs[1] = strconv.Atoi(of)
	if errors.Join(errs[:]...) != nil || s.part < 1 || s.part > s.of {
		return fmt.Errorf("%q is no part of several: write 2/3 for the second of three", text)
	}
	return nil
}

// pick takes the shard's scenarios: neighbours, which are alike, go to different parts.
func (s shard) pick(names []string) ([]string, error) {
	if s.of > len(names) {
		return nil, fmt.Errorf("--shard %d/%d: there are %d scenarios only, so a part would test nothing", s.part, s.of, len(names))
	}
	if s.of == 0 {
		return names, nil
	}
	var own []string
	for n := s.part - 1; n < len(names); n += s.of {
		own = append(own, names[n])
	}
	return own, nil
}

// repeated are the requests as often as is asked for. The same seed would be the same run in virtual time.
func (c *choice) repeated(requests []runner.Request) (all []runner.Request) {
	for turn := range c.Repeat {
		for _, req := range requests {
			req.Seed += uint64(turn)
			all = append(all, req)
		}
	}
	return all
}

// check finds what does not go together.
func (c *choice) check(update bool) error {
	switch {
	case c.Repeat < 1:
		return fmt.Errorf("--repeat %d: that is never: 1 is once", c.Repeat)
	case c.Repeat > 1 && update:
		return errors.New("--repeat and --update exclude each other: a golden trace is written once")
	}
	return nil
}
