package steps

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

func TestAKeyIsPressedWhenItsTurnComes(t *testing.T) {
	p := newTape(t, "expect pc got menu\nkey pc down\nkey pc ret\nexpect pc got linux\n", Patience{Step: time.Hour})
	if acts := p.judge.Acts(p.now); acts != nil {
		t.Fatalf("pressed before the menu: %v", acts)
	}
	p.wire(event.Got, server, "menu", "")
	want := []script.Act{{Guest: "pc", Do: script.Press, Key: "down"}, {Guest: "pc", Do: script.Press, Key: "ret"}}
	if diff := cmp.Diff(want, p.judge.Acts(p.now)); diff != "" {
		t.Fatalf("keys (-want +got):\n%s", diff)
	}
	if p.judge.Done() {
		t.Fatal("done before linux was fetched")
	}
	p.wire(event.Got, server, "linux", "")
	if !p.judge.Done() {
		t.Fatal("not done at the end")
	}
}

func TestStepsBehindAResetAreAboutTheNextBoot(t *testing.T) {
	p := newTape(t, "expect pc got a\nreset pc\nexpect pc got b\n", Patience{Step: time.Minute, AfterError: time.Second})
	p.saw("guest", "pc", event.Error, "", "", "", "no link")
	p.wire(event.Got, server, "a", "")
	p.wire(event.Got, server, "b", "") // still of the first boot
	if got := p.judge.Acts(p.now); len(got) != 1 || got[0].Do != script.Reset {
		t.Fatalf("to do: %v, want the reset", got)
	}
	if p.judge.Done() {
		t.Error("what the first boot fetched counts for the second")
	}
	p.judge.Tick(p.now.Add(10 * time.Second))
	if p.judge.Failed() {
		t.Error("the error of the first boot is one of the second")
	}
	p.wire(event.Got, server, "b", "")
	if !p.judge.Done() || p.failure() != "" {
		t.Errorf("done %v, %q", p.judge.Done(), p.failure())
	}
}

func TestAScreenIsWaitedFor(t *testing.T) {
	const step = "expect pc got a\nscreen pc 'Press F8'\nexpect pc got b\n"
	p := newTape(t, step, Patience{Step: 20 * time.Second, Stall: true})
	j := p.judge
	if j.Looks() != nil {
		t.Error("the screen is looked at before its turn comes")
	}
	p.wire(event.Got, server, "a", "")
	p.wire(event.Got, server, "b", "")
	if diff := cmp.Diff([]string{"pc"}, j.Looks()); diff != "" {
		t.Errorf("screens (-want +got):\n%s", diff)
	}
	for range 3 { // what changes is progress
		p.now = p.now.Add(15 * time.Second)
		j.Show("pc", p.now, []string{p.now.String()})
		j.Tick(p.now)
	}
	if p.failure() != "" || j.Done() {
		t.Errorf("done %v, %q, want it to wait", j.Done(), p.failure())
	}
	j.Show("pc", p.now, []string{"Logo", "  Press F8 for the menu"})
	if j.Looks() != nil || !j.Done() {
		t.Errorf("it still looks at %v, done %v", j.Looks(), j.Done())
	}

	p = newTape(t, step, Patience{Step: 20 * time.Second, Stall: true})
	p.wire(event.Got, server, "a", "")
	p.judge.Show("pc", p.now, []string{"Operating System not found"})
	p.judge.Tick(p.now.Add(time.Minute))
	f := p.judge.Verdict(nil)
	if f == nil || f.Reason != "nothing happened for 1m0s" || f.Detail != "on the screen:\nOperating System not found" {
		t.Errorf("failure %+v, want what the screen shows", f)
	}
}
