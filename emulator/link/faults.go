package link

import "time"

// holdBack is how late a reordered or duplicated frame may be: enough for a dozen exchanges to overtake it.
const holdBack = 2 * time.Millisecond

// Faults are what goes wrong with each delivery through the switch. The first four are probabilities;
// each is decided by the LAN's seed.
type Faults struct {
	Loss, Duplicate, Reorder float64
	Corrupt                  float64       // one bit of an IPv4 packet is cleared; other frames are lost, as their FCS says
	Delay, Jitter            time.Duration // Jitter is the most that is added; it keeps the order
}

// SetFaults replaces the faults of all deliveries from now on.
func (l *LAN) SetFaults(f Faults) { l.faults = f }

// forward puts the frame on its way from one port to another, as well as the faults let it.
func (l *LAN) forward(from, to *port, frame []byte) {
	at := l.now
	if from.station != nil && to.station != nil {
		at = at.Add(latency)
	}
	if l.faults == (Faults{}) {
		l.push(to, l.inOrder(to, at), frame)
		return
	}
	if l.strikes(l.faults.Loss) {
		return
	}
	at = at.Add(l.faults.Delay + l.upTo(l.faults.Jitter))
	if l.strikes(l.faults.Reorder) {
		at = at.Add(l.upTo(holdBack))
	} else {
		at = l.inOrder(to, at)
	}
	l.damage(to, at, frame)
	if l.strikes(l.faults.Duplicate) {
		l.damage(to, at.Add(l.upTo(holdBack)), frame)
	}
}

func (l *LAN) inOrder(to *port, at time.Time) time.Time {
	if at.Before(to.latest) {
		return to.latest
	}
	to.latest = at
	return at
}

// damage queues the frame, perhaps with one bit cleared. Only set bits are cleared, because then two
// damaged fragments of a datagram cannot cancel out in its checksum. Where no checksum would tell, the
// frame is lost: a real card drops it for its FCS, and only damage done inside a switch gets past that.
func (l *LAN) damage(to *port, at time.Time, frame []byte) {
	if !l.strikes(l.faults.Corrupt) {
		l.push(to, at, frame)
		return
	}
	p, ok := ParseIPv4(frame)
	if !ok {
		return
	}
	packet := l.push(to, at, frame)[etherLen:][:len(p.Header)+len(p.Payload)]
	i := l.rng.IntN(len(packet))
	for packet[i] == 0 {
		i = (i + 1) % len(packet) // ends: the first byte of a header is not zero
	}
	packet[i] &= packet[i] - 1
}

func (l *LAN) strikes(probability float64) bool {
	return probability > 0 && l.rng.Float64() < probability
}

func (l *LAN) upTo(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(l.rng.Int64N(int64(d)))
}
