package emulator

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/link"
)

// A ticker is a station that sends a frame at each of some times, and hears others.
type ticker struct {
	at    []time.Time
	due   int
	heard [][]byte
}

func (k *ticker) Frame(_ time.Time, frame []byte) { k.heard = append(k.heard, bytes.Clone(frame)) }

func (k *ticker) Expire(now time.Time) {
	for len(k.at) > 0 && !k.at[0].After(now) {
		k.at = k.at[1:]
		k.due++
	}
}

func (k *ticker) Next() ([]byte, bool) {
	if k.due == 0 {
		return nil, false
	}
	k.due--
	return ethernet("tick"), true
}

func (k *ticker) Deadline() (time.Time, bool) {
	if len(k.at) == 0 {
		return time.Time{}, false
	}
	return k.at[0], true
}

// ethernet is a broadcast frame of the type that IEEE 802 keeps for experiments.
func ethernet(payload string) []byte {
	frame := append(bytes.Repeat([]byte{0xff}, 6), testMAC...)
	frame = binary.BigEndian.AppendUint16(frame, 0x88b5)
	return append(frame, payload...)
}

// inBubble runs a lab in invented time, with a wire to a peer outside.
func inBubble(t *testing.T, f func(l *Lab, peer *framed, end func() error)) {
	synctest.Test(t, func(t *testing.T) {
		l := Drive(link.NewLAN(1))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		ours, theirs := net.Pipe()
		if _, err := l.Attach("peer", newFramed(ours), 0); err != nil {
			t.Fatal(err)
		}
		peer := newFramed(theirs)
		f(l, peer, func() error { cancel(); return <-ended })
		cancel()
		peer.Close()
	})
}

func TestALabKeepsTheDeadlinesOfItsStations(t *testing.T) {
	inBubble(t, func(l *Lab, peer *framed, end func() error) {
		start := time.Now()
		after := []time.Duration{time.Second, 1500 * time.Millisecond, time.Minute}
		var at []time.Time
		for _, d := range after {
			at = append(at, start.Add(d))
		}
		l.Do(func(_ time.Time, lan *link.LAN) { lan.Plug("late", &ticker{at: at[2:]}) })
		l.Do(func(_ time.Time, lan *link.LAN) { lan.Plug("early", &ticker{at: at[:2]}) })
		var got []time.Duration
		for buf := make([]byte, maxFrame); len(got) < len(after); {
			if _, err := peer.Read(buf); err != nil {
				t.Fatal(err)
			}
			got = append(got, time.Since(start))
		}
		if diff := cmp.Diff(after, got); diff != "" {
			t.Errorf("frames came after (-want +got):\n%s", diff)
		}
		if err := end(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestFramesOfAWireReachTheStations(t *testing.T) {
	inBubble(t, func(l *Lab, peer *framed, end func() error) {
		station := &ticker{}
		l.Do(func(_ time.Time, lan *link.LAN) { lan.Plug("station", station) })
		peer.Write(ethernet("one"))
		peer.Write(ethernet("two"))
		synctest.Wait()
		l.Do(func(time.Time, *link.LAN) {
			if diff := cmp.Diff([][]byte{ethernet("one"), ethernet("two")}, station.heard); diff != "" {
				t.Errorf("it heard (-want +got):\n%s", diff)
			}
		})
	})
}

func TestALabEndsWithTheErrorOfAWire(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         string
	}{
		{"a guest that went is no error", "", ""},
		{"a guest whose frames make no sense is one", "\xff\xff\xff\xff", "port guest: a frame of 4294967295 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(l *Lab, _ *framed, end func() error) {
				ours, theirs := net.Pipe()
				if _, err := l.Attach("guest", newFramed(ours), 0); err != nil {
					t.Fatal(err)
				}
				io.WriteString(theirs, c.stream)
				theirs.Close()
				synctest.Wait()
				if err := end(); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
					t.Errorf("Run: %v", err)
				}
			})
		})
	}
}

func TestAfterItsEndALabIsStill(t *testing.T) {
	inBubble(t, func(l *Lab, peer *framed, end func() error) {
		station := &ticker{at: []time.Time{time.Now().Add(time.Hour)}}
		l.Do(func(_ time.Time, lan *link.LAN) { lan.Plug("station", station) })
		if err := end(); err != nil {
			t.Fatal(err)
		}
		l.Do(func(time.Time, *link.LAN) { t.Error("Do runs after the end") })
		if _, err := peer.Read(make([]byte, maxFrame)); !errors.Is(err, io.EOF) {
			t.Errorf("the wire is open: %v", err)
		}
		<-time.After(2 * time.Hour)
		if len(station.at) == 0 {
			t.Error("a station's deadline was kept after the end")
		}
	})
}
