package verdict

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

func TestAWatchTellsBootsWhenTheyEnd(t *testing.T) {
	const whole = menu + "got 192.168.9.2:69 linux\ngot 192.168.9.2:69 initrd.gz\n"
	for name, c := range map[string]struct {
		facts string
		want  []string
	}{
		"one that went well, in its time":      {whole, []string{"booted 20s"}},
		"one that did not":                     {toPXE, []string{"offer-ignored 40s"}},
		"a reset ends it at once":              {whole + "5s " + bios, []string{"booted 0s", "no-offer 40s"}},
		"it fails behind its kernel":           {whole + "30s discover - - class=d-i\nhttp-request 192.168.9.2:80 /Release\nhttp-response 192.168.9.2:80 /Release code=404\n", []string{"booted 20s", "installer-file-missing 20s"}},
		"who only wants an address is no boot": {"discover - - class=MSFT\n" + leases + wants + acked, nil},
		"what is told once is not told again":  {whole + "30s discover - - class=d-i\n", []string{"booted 20s"}},
		"it boots again after minutes":         {toPXE + "200s " + whole, []string{"offer-ignored 40s", "booted 20s"}},
	} {
		var got []string
		var now, last time.Time
		w := Watch{Tell: func(machine string, c Case) {
			got = append(got, fmt.Sprint(c.Story.ID, " ", now.Sub(last)))
			if machine != "pc" {
				t.Errorf("%s: of %s", name, machine)
			}
		}}
		pass := func(until time.Time) {
			for ; !now.After(until); now = now.Add(time.Second) {
				w.Expire(now)
			}
			now = until
		}
		for _, e := range tell(t, "wire", c.facts) {
			if now.IsZero() {
				now = e.Time
			}
			pass(e.Time)
			w.Record(e)
			last = e.Time
			w.Expire(now)
		}
		pass(now.Add(10 * time.Minute))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		pass(now.Add(2 * time.Hour))
		if len(w.machines) != 0 {
			t.Errorf("%s: after hours it is remembered", name)
		}
	}
}

func TestTheEndOfAWatchTellsWhatIsUnderWay(t *testing.T) {
	var got []string
	w := Watch{Tell: func(_ string, c Case) { got = append(got, c.Story.ID) }}
	for _, e := range tell(t, "wire", toPXE) {
		w.Record(e)
	}
	w.Expire(start)
	w.End()
	if diff := cmp.Diff([]string{"offer-ignored"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAWatchIsBounded(t *testing.T) {
	told := 0
	w := Watch{Tell: func(string, Case) { told++ }}
	at := start
	for n := range 3 * maxFacts {
		at = at.Add(time.Second)
		w.Record(event.Event{Time: at, Source: "wire", Client: "pc", Kind: event.RRQ, Path: fmt.Sprint(n), Peer: netip.MustParseAddrPort("192.168.9.2:69")})
		if n%100 == 0 {
			w.Expire(at)
		}
	}
	if m := w.machines["pc"]; m != nil && len(m.facts) > maxFacts+100 || told == 0 {
		t.Errorf("%d facts, %d boots told", len(m.facts), told)
	}
}
