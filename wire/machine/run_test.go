package machine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A metronome sends its count at every tick and starts over when it hears anything.
type metronome struct {
	tick  time.Duration
	next  time.Time
	count byte
	out   []byte
}

func (m *metronome) Receive(now time.Time, _ Input) { m.count, m.next = 0, now.Add(m.tick) }

func (m *metronome) Expire(now time.Time) {
	m.count++
	m.out = append(m.out, m.count)
	m.next = now.Add(m.tick)
}

func (m *metronome) Next() (Datagram, bool) {
	if len(m.out) == 0 {
		return Datagram{}, false
	}
	d := Datagram{Payload: m.out[:1]}
	m.out = m.out[1:]
	return d, true
}

func (m *metronome) Deadline() (time.Time, bool) { return m.next, !m.next.IsZero() }

func TestRunWaitsForInputThenExpiresAtEachDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		in := make(chan Input)
		var sent []byte
		var at []time.Duration
		start := time.Now()
		send := func(d Datagram) error {
			sent, at = append(sent, d.Payload...), append(at, time.Since(start))
			if len(sent) == 3 {
				cancel()
			}
			return nil
		}
		go func() { in <- Reset{} }()
		if err := Run(ctx, &metronome{tick: time.Second}, in, send); err != nil {
			t.Fatalf("Run ended by its context: %v", err)
		}
		if string(sent) != "\x01\x02\x03" || at[0] != time.Second || at[2] != 3*time.Second {
			t.Fatalf("sent % x at %v, want 1 2 3 at 1s 2s 3s", sent, at)
		}
	})
}

func TestRunReturnsTheErrorOfSendAndNothingWhenItsInputEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("cable cut")
		in := make(chan Input, 1)
		in <- Reset{}
		err := Run(t.Context(), &metronome{tick: time.Second}, in, func(Datagram) error { return broken })
		if !errors.Is(err, broken) {
			t.Fatalf("Run = %v, want %v", err, broken)
		}
		close(in)
		if err := Run(t.Context(), &metronome{}, in, func(Datagram) error { return nil }); err != nil {
			t.Fatalf("Run after its input ended = %v, want nil", err)
		}
	})
}
