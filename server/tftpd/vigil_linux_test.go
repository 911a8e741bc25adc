package tftpd

import (
	"testing"
	"time"
)

func TestWhoIsAnsweredSoonStaysAwake(t *testing.T) {
	start := time.Unix(1e9, 0)
	for name, c := range map[string]struct {
		slept, later time.Duration
		clients      int
		want         time.Duration
	}{
		"a client in the same rack":       {20 * time.Microsecond, 0, 1, moment},
		"the next block":                  {20 * time.Microsecond, 50 * time.Microsecond, 1, moment},
		"a few clients":                   {20 * time.Microsecond, 0, few, moment},
		"a crowd":                         {20 * time.Microsecond, 0, few + 1, 0},
		"others have their turn":          {20 * time.Microsecond, watch, 1, 0},
		"a client on the other side":      {5 * time.Millisecond, 0, 1, 0},
		"a client as slow as the longest": {moment, 0, 1, 0},
	} {
		var v vigil
		if v.lasts(start, 1) != 0 {
			t.Fatal("who has not waited yet sleeps")
		}
		v.woke(start, start.Add(c.slept))
		if got := v.lasts(start.Add(c.slept+c.later), c.clients); got != c.want {
			t.Errorf("%s: awake for %v, want %v", name, got, c.want)
		}
	}
}

// One that was quick and is not any more lets the server sleep again.
func TestAClientThatIsSlowAgainEndsTheVigil(t *testing.T) {
	var v vigil
	start := time.Unix(1e9, 0)
	v.woke(start, start.Add(time.Microsecond))
	v.woke(start, start.Add(200*time.Microsecond))
	if v.lasts(start.Add(201*time.Microsecond), 1) != 0 {
		t.Error("it stays awake")
	}
}
