package verdict

import (
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// installing is what the system that was started asked for.
type installing struct {
	asked    event.Event // an address of its own
	got      int
	missed   int
	lastMiss event.Event
}

// starts is how long a kernel takes at least before what it starts asks for anything.
const starts = 3 * time.Second

// installs tells whether a fact about a file is of the system that was started, and no more of its boot program.
func (b *Boot) installs(e event.Event) bool {
	byHTTP := e.Kind == event.HTTPRequest || e.Kind == event.HTTPResponse
	switch {
	case b.stage < Kernel:
		return false
	case b.stage >= Installing, b.outcome().installing.asked.Kind != "", b.rests:
		return true
	}
	f := b.latest()
	if b.stage == Kernel && b.roleOf(&file{path: e.Path}) == ramdisk { // a large kernel takes as long to come
		return false
	}
	return byHTTP && f != nil && f.end == event.Got && e.Time.Sub(f.last.Time) >= starts
}

func (i *installing) take(e event.Event) {
	switch {
	case e.Kind == event.Got, e.Kind == event.HTTPResponse && e.Code < 400:
		i.got++
	case e.Kind == event.Miss, e.Kind == event.HTTPResponse && e.Code >= 400:
		i.missed++
		i.lastMiss = e
	}
}
