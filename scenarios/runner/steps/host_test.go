package steps

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

func TestTheHostWaitsForAllStepsAboveAndAllStepsBelowWaitForIt(t *testing.T) {
	p := newTape(t, "expect pc got a\nhost mv x y\nhost reload\nexpect pd got b within=5s\nexpect pc got c\n", Patience{Step: time.Minute})
	j := p.judge
	if _, due := j.Host(); due || !j.Waits("pd") || j.Waits("pc") {
		t.Errorf("at first the host's turn is %v, pd waits %v and pc %v; want pd alone to wait", due, j.Waits("pd"), j.Waits("pc"))
	}
	p.wire(event.Got, server, "a", "")
	p.wire(event.Got, server, "c", "") // pc goes on as it likes
	for _, want := range []string{script.Move, script.Reload} {
		h, due := j.Host()
		if !due || h.Do != want || !j.Waits("pd") || !j.Waits("pc") {
			t.Errorf("the host's turn is %v, for %s; want %s while both wait", due, h.Do, want)
		}
		p.now = p.now.Add(time.Hour)
		j.Tick(p.now)
		j.HostDone(p.now)
	}
	if _, due := j.Host(); due || j.Waits("pd") || j.Done() || j.Failed() {
		t.Errorf("when it was done: host %v, pd waits %v, done %v, failed %v; want nothing of it", due, j.Waits("pd"), j.Done(), j.Failed())
	}
	p.saw("wire", "pd", event.Got, server, "b", "", "")
	if !j.Done() || p.failure() != "" {
		t.Errorf("done %v, %q; want the fact that pc showed early, and pd's within 5 s of the host", j.Done(), p.failure())
	}
}

func TestAHostThatIsNeverDueIsNoEnd(t *testing.T) {
	p := newTape(t, "expect pc got a\nhost reload\n", Patience{Step: time.Minute})
	p.judge.Tick(p.now.Add(2 * time.Minute))
	if _, due := p.judge.Host(); due || p.failure() == "" {
		t.Errorf("the host's turn is %v, and the failure %q; want that of the step above", due, p.failure())
	}
	p = newTape(t, "expect pc got a\nhost reload\n", Patience{Step: time.Minute})
	p.wire(event.Got, server, "a", "")
	if p.judge.Done() {
		t.Error("done before the host was reloaded")
	}
}
