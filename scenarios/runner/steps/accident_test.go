package steps

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheVerdictSaysWhatBefellTheMachine(t *testing.T) {
	const killed, cut = "the machine of pc ended: signal: killed", "its cable was pulled, and is not plugged in again"
	const stands = "the machine of pc stands still: its process was stopped from outside"
	for name, c := range map[string]struct {
		steps         string
		befall        func(j *Judge)
		reason, cause string
	}{
		"its process is killed":  {"expect pc got a\n", func(j *Judge) { j.Broke(killed) }, killed, killed},
		"its process is stopped": {"expect pc got a\n", func(j *Judge) { j.Stopped("pc", true) }, "nothing happened for 31s: " + stands, stands},
		"its process is stopped, and goes on": {"expect pc got a\n", func(j *Judge) { j.Stopped("pc", true); j.Stopped("pc", false) },
			"nothing happened for 31s", "the guest never sent a DISCOVER"},
		"another's is stopped":             {"expect pc got a\n", func(j *Judge) { j.Stopped("other", true) }, "nothing happened for 31s", "the guest never sent a DISCOVER"},
		"its cable is pulled":              {"cut pc\nexpect pc got a\n", func(*Judge) {}, "nothing happened for 31s: " + cut, cut},
		"its cable is plugged in again":    {"cut pc\nplug pc\nexpect pc got a\n", func(*Judge) {}, "nothing happened for 31s", "the guest never sent a DISCOVER"},
		"it is switched off":               {"poweroff pc\nexpect pc got a\n", func(*Judge) {}, "nothing happened for 31s: it was switched off", "it was switched off"},
		"it is switched off, and on again": {"poweroff pc\nreset pc\nexpect pc got a\n", func(*Judge) {}, "nothing happened for 31s", "the guest never sent a DISCOVER"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTape(t, c.steps, Patience{Step: 30 * time.Second, Stall: true})
			p.judge.Acts(p.now)
			c.befall(p.judge)
			p.judge.Tick(p.now.Add(31 * time.Second))
			f := p.judge.Verdict(nil)
			if f == nil {
				t.Fatal("it did not fail")
			}
			if diff := cmp.Diff([]string{c.reason, c.cause}, []string{f.Reason, f.Cause}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhoGaveUpBeforeTheMachineEndedIsHeard(t *testing.T) {
	p := newTape(t, "expect pc got a\n", Patience{Step: time.Minute, AfterError: time.Minute})
	p.saw("guest", "pc", "error", "", "", "", "no link")
	p.judge.Broke("the machine of pc ended: signal: killed")
	if f := p.judge.Verdict(nil); f == nil || f.Reason != "the guest gave up" || f.Cause == "the machine of pc ended: signal: killed" {
		t.Errorf("%+v", f)
	}
}
