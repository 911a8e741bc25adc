package httpd

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/internal/turn"
)

// Who is neglected does not depend on the time of day.
func TestATurnedClockNeglectsNobody(t *testing.T) {
	var c conn
	c.moves()
	for _, by := range []time.Duration{365 * 24 * time.Hour, -365 * 24 * time.Hour} {
		if got := c.neglected(turn.Wall(time.Now(), by)); got < 0 || got > time.Minute {
			t.Errorf("with the clock turned by %v a client is neglected for %v", by, got)
		}
	}
}
