package storm

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/wire/event"
)

// Act is a storm in real time, for runner.Child.
func Act() runner.Act { return runner.Act{Name: "storm", Do: act} }

// A word is what the child tells.
type word struct {
	Boot  *Boot        `json:"boot,omitempty"`
	Usage *Usage       `json:"usage,omitempty"`
	Fact  *event.Event `json:"fact,omitempty"`
}

// Tap lets a storm loose in real time, on one LAN. It is heard as in Sim; used is what the server needed.
func Tap(ctx context.Context, ground *runner.Ground, cfg Config, facts event.Recorder, heard func(Boot)) (used *Usage, err error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	err = ground.Perform(ctx, Act().Name, cfg, func(text json.RawMessage) {
		var w word
		switch err := json.Unmarshal(text, &w); {
		case err != nil:
		case w.Boot != nil:
			heard(*w.Boot)
		case w.Usage != nil:
			used = w.Usage
		case w.Fact != nil && facts != nil:
			facts.Record(*w.Fact)
		}
	})
	return used, err
}

// act is the child's part.
func act(ctx context.Context, on runner.Real, spec json.RawMessage, tell func(json.RawMessage)) error {
	say := func(w word) {
		if text, err := json.Marshal(w); err == nil {
			tell(text)
		}
	}
	var cfg Config
	if err := json.Unmarshal(spec, &cfg); err != nil {
		return err
	}
	c, err := newCrowd(cfg, 0, cfg.Clients, time.Now(), only(cfg, event.Func(func(e event.Event) { say(word{Fact: &e}) })))
	if err != nil {
		return err
	}
	m := &meter{host: on.Server, gone: on.Gone}
	m.begin()
	defer func() {
		m.measure()
		say(word{Usage: &m.used})
	}()
	return c.live(ctx, on.Wire.Do, func(b Boot) { say(word{Boot: &b}) }, m.look)
}
