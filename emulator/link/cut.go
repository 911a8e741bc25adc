package link

import "time"

// A Cut is a while in which some ports do not hear each other: a port that spanning tree has not opened yet, or a
// network that fell apart.
type Cut struct {
	From, Until time.Time // no Until: for good
	Parts       func(a, b Port) bool
}

// Cut adds a cut. What is on its way when it begins still arrives.
func (l *LAN) Cut(c Cut) { l.cuts = append(l.cuts, c) }

func (l *LAN) parted(from, to *port) bool {
	for _, c := range l.cuts {
		if !l.now.Before(c.From) && (c.Until.IsZero() || l.now.Before(c.Until)) && c.Parts(from.id, to.id) {
			return true
		}
	}
	return false
}
