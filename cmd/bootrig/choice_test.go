package main

import (
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner"
)

func TestShardsTakeEachScenarioOnce(t *testing.T) {
	names := strings.Split("abcdefghij", "")
	for of := 1; of <= len(names); of++ {
		seen := map[string]int{}
		for part := 1; part <= of; part++ {
			own, err := shard{part, of}.pick(names)
			if err != nil || len(own) < len(names)/of || len(own) > len(names)/of+1 {
				t.Errorf("%d/%d: %v, %v", part, of, own, err)
			}
			for _, name := range own {
				seen[name]++
			}
		}
		for _, name := range names {
			if seen[name] != 1 {
				t.Errorf("of %d shards %d have %s", of, seen[name], name)
			}
		}
	}
	if own, err := (shard{}).pick(names); err != nil || len(own) != len(names) {
		t.Errorf("no shard is %v, %v", own, err)
	}
	if _, err := (shard{1, 11}).pick(names); err == nil {
		t.Error("an empty shard would be green")
	}
}

func TestWhatIsNoShard(t *testing.T) {
	for _, text := range []string{"", "1", "0/2", "3/2", "-1/2", "a/b", "1/2/3", "1/", "/2"} {
		if err := new(shard).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a shard", text)
		}
	}
}

func TestEachTurnHasItsOwnSeed(t *testing.T) {
	c := choice{Repeat: 3}
	var got []string
	for _, req := range c.repeated([]runner.Request{{Name: "a", Seed: 7}, {Name: "b"}}) {
		got = append(got, req.Name+string(rune('0'+req.Seed)))
	}
	if want := "a7 b0 a8 b1 a9 b2"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}
