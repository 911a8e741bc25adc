package runner

import (
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// act does to a guest what a step says, as far as it is scripted: a real machine has a cable here, and nothing else.
func (b *lab) act(now time.Time, a script.Act) {
	b.tell(now, a)
	switch a.Do {
	case script.Press:
		b.input(now, a.Guest, machine.Key(a.Key))
	case script.Reset:
		b.on[a.Guest] = true
		b.input(now, a.Guest, machine.Reset{})
	case script.PowerOff:
		b.input(now, a.Guest, machine.PowerOff{})
	case script.Unplug, script.Plug:
		b.cable(a.Guest, a.Do == script.Plug)
	}
}

// tell makes a fact of what is done. A key is one of the guest itself.
func (b *lab) tell(now time.Time, a script.Act) {
	done := map[string]string{
		script.Reset: "reset", script.PowerOff: "switched off", script.Unplug: "cut off: its cable is pulled", script.Plug: "plugged in again",
	}
	if text := done[a.Do]; text != "" {
		b.facts.Record(event.Event{Time: now, Kind: event.Act, Source: "guest", Client: a.Guest, Text: text})
	}
}

// input gives a scripted guest what does not come from the wire.
func (b *lab) input(now time.Time, guest string, in machine.Input) {
	for _, s := range b.scripted {
		if s.name == guest {
			s.input(now, b.lan, in)
		}
	}
}

// cable pulls a guest's cable, or plugs it in.
func (b *lab) cable(guest string, in bool) {
	if _, known := b.pulled[guest]; !known {
		its := func(p link.Port) bool { return slices.Contains(b.ports[guest], p) }
		b.lan.Cut(link.Cut{Parts: func(p, q link.Port) bool { return b.pulled[guest] && (its(p) || its(q)) }})
	}
	b.pulled[guest] = !in
}
