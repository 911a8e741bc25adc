package link

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestACutPartsWhomItNamesForAsLongAsItSays(t *testing.T) {
	for name, c := range map[string]struct {
		cut  Cut
		want []string
	}{
		"before":         {Cut{From: epoch.Add(time.Hour)}, []string{"0s", "10s", "20s"}},
		"for a while":    {Cut{From: epoch.Add(10 * time.Second), Until: epoch.Add(20 * time.Second)}, []string{"0s", "20s"}},
		"for good":       {Cut{From: epoch}, nil},
		"between others": {Cut{From: epoch, Parts: func(a, b Port) bool { return a == b }}, []string{"0s", "10s", "20s"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, 1)
			p.sa.Learn(addrB.Addr(), macB)
			if c.cut.Parts == nil {
				c.cut.Parts = func(a, b Port) bool { return a == p.pa && b == p.pb }
			}
			p.Cut(c.cut)
			for _, at := range []string{"0s", "10s", "20s"} {
				after, err := time.ParseDuration(at)
				if err != nil {
					t.Fatal(err)
				}
				p.a.send(portA, portB, at)
				p.Poke(epoch.Add(after), p.pa)
				run(p.LAN, epoch.Add(after), time.Second)
			}
			var got []string
			for _, d := range p.b.got {
				got = append(got, string(d.Payload))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
