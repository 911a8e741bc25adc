package turn

import (
	"testing"
	"time"
)

func TestWallTurnsTheTimeOfDayAlone(t *testing.T) {
	for _, by := range []time.Duration{365 * 24 * time.Hour, -365 * 24 * time.Hour, 0} {
		now := time.Now()
		turned := Wall(now, by)
		if turned.Unix() != now.Add(by).Unix() || turned.Sub(now) != 0 {
			t.Errorf("turned by %v it is %v later, and %v by the monotonic clock", by, time.Duration(turned.Unix()-now.Unix())*time.Second, turned.Sub(now))
		}
	}
}
