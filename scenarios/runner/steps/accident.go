package steps

import "fmt"

// Stopped says that a guest's machine stands still, or goes on again: its process got a signal from outside.
func (j *Judge) Stopped(name string, stands bool) {
	for _, g := range j.guests {
		if g.name != name {
			continue
		}
		if g.accident = ""; stands {
			g.accident = fmt.Sprintf("the machine of %s stands still: its process was stopped from outside", name)
		}
	}
}

// Broke says that nothing more can come since something of the lab ended that should not have: that is the cause,
// whatever the wire shows.
func (j *Judge) Broke(why string) {
	for _, g := range j.guests {
		if g.failed == nil && g.next < len(g.steps) && g.gaveUp.IsZero() {
			g.accident = why
		}
	}
	j.End(why)
}

// accident is what befell a guest.
func (j *Judge) accident(name string) string {
	for _, g := range j.guests {
		if g.name == name {
			return g.accident
		}
	}
	return ""
}
