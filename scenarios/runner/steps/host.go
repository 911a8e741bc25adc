package steps

import (
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// Host is what is to be done to the server's host now: all steps above it have matched. Whoever has done it says so
// with HostDone.
func (j *Judge) Host() (script.Host, bool) {
	if len(j.host) == 0 {
		return script.Host{}, false
	}
	for _, g := range j.guests {
		if g.failed != nil || g.next < len(g.steps) && !j.Waits(g.name) {
			return script.Host{}, false
		}
	}
	return j.host[0].Statement.(script.Host), true
}

// HostDone goes on with the steps below what Host said.
func (j *Judge) HostDone(now time.Time) {
	waited := map[string]bool{}
	for _, g := range j.guests {
		waited[g.name] = j.Waits(g.name)
	}
	j.host = j.host[1:]
	for _, g := range j.guests {
		if waited[g.name] && !j.Waits(g.name) {
			g.since = later(g.since, now)
			j.follow(g)
		}
	}
}

// Waits tells whether a guest's next step is below one of the host's that is still to be done. One that has had no
// step yet is not switched on.
func (j *Judge) Waits(guest string) bool {
	for _, g := range j.guests {
		if g.name == guest && len(j.host) > 0 && g.next < len(g.steps) {
			return g.steps[g.next].Line > j.host[0].Line
		}
	}
	return false
}
