package httpd

import (
	"net"
	"os"
	"testing"
	"time"
)

// A trickle is a connection whose client takes a few bytes in each time-out, and then none.
type trickle struct {
	net.Conn
	pieces []int
	taken  int
}

func (c *trickle) SetWriteDeadline(time.Time) error { return nil }

func (c *trickle) Write(b []byte) (int, error) {
	if len(c.pieces) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := min(c.pieces[0], len(b))
	c.pieces, c.taken = c.pieces[1:], c.taken+n
	if n == len(b) {
		return n, nil
	}
	return n, os.ErrDeadlineExceeded
}

func TestOnlyAClientThatTakesNothingAtAllIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		rule   string
		pieces []int
		want   int
		whole  bool
	}{
		{"all at once", []int{1000}, 1000, true},
		{"a little in each time-out", []int{1, 1, 500, 1, 1000}, 1000, true},
		{"a little, and then nothing", []int{1, 1}, 2, false},
		{"nothing", nil, 0, false},
	} {
		slow := &trickle{pieces: c.pieces}
		mine := &conn{Conn: slow, gate: newGate(Limits{Stall: 50 * time.Millisecond})}
		n, err := mine.Write(make([]byte, 1000))
		if n != c.want || slow.taken != c.want || (err == nil) != c.whole {
			t.Errorf("%s: %d bytes, %v", c.rule, n, err)
		}
	}
}
