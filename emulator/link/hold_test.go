package link

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAHostIsHeardWhenItsHoldSaysSo(t *testing.T) {
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	due := map[byte][]time.Duration{'a': {0}, 'b': nil, 'c': {0, time.Second}, 'd': {time.Minute}}
	p.Hold(p.pa, func(_ time.Time, frame []byte) []time.Duration { return due[frame[len(frame)-1]] })
	var got []string
	p.Watch(p.pb, func(now time.Time, fromStation bool, frame []byte) {
		if !fromStation {
			got = append(got, fmt.Sprintf("%c %v", frame[len(frame)-1], now.Sub(epoch)-latency))
		}
	})
	for _, text := range []string{"a", "b", "c", "d"} {
		p.a.send(portA, portB, text)
	}
	p.Poke(epoch, p.pa)
	run(p.LAN, epoch, time.Hour)
	if diff := cmp.Diff([]string{"a 0s", "c 0s", "c 1s", "d 1m0s"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
