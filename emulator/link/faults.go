package link

import "time"

// holdBack is how late a reordered or duplicated frame may be: enough for a dozen exchanges to overtake it.
const holdBack = 2 * time.Millisecond

// Faults are what goes wrong with each delivery through the switch. The first four are probabilities;
// each is decided by the LAN's seed.
type Faults struct {
	Loss, Duplicate, Reorder float64
	Corrupt                  float64       // one bit of an IPv4 packet is cleared; other frames are lost, as their FCS says
	Burst                    int           // how many frames in a row a host loses on average; below 2 each is lost by itself
	Delay, Jitter            time.Duration // Jitter is the most that is added; it keeps the order
	Bandwidth                int64         // of the cable to each host, in bits a second; 0: no limit
	MTU                      int           // a larger IP packet is lost, and nobody is told; 0: no limit
}

// And are the faults of two wires, one behind the other.
func (f Faults) And(o Faults) Faults {
	f.Loss, f.Duplicate = f.Loss+o.Loss, f.Duplicate+o.Duplicate
	f.Reorder, f.Corrupt = f.Reorder+o.Reorder, f.Corrupt+o.Corrupt
	f.Delay, f.Jitter = f.Delay+o.Delay, f.Jitter+o.Jitter
	f.Burst = max(f.Burst, o.Burst)
	if f.Bandwidth == 0 || o.Bandwidth > 0 && o.Bandwidth < f.Bandwidth {
		f.Bandwidth = o.Bandwidth
	}
	if f.MTU == 0 || o.MTU > 0 && o.MTU < f.MTU {
		f.MTU = o.MTU
	}
	return f
}

// SetFaults replaces the faults of all deliveries from now on.
func (l *LAN) SetFaults(f Faults) { l.faults = f }

// forward puts the frame on its way from one port to another, as well as the faults let it.
func (l *LAN) forward(from, to *port, frame []byte) {
	at := l.now
	if from.station != nil && to.station != nil {
		at = at.Add(latency)
	}
	switch {
	case l.parted(from, to):
		return
	case l.faults == (Faults{}):
		l.push(to, l.inOrder(to, at), frame)
		return
	case l.faults.MTU > 0 && len(frame) > etherLen+l.faults.MTU, l.loses(to):
		return
	}
	at = l.transmitted(to, at, len(frame)).Add(l.faults.Delay + l.upTo(l.faults.Jitter))
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

// loses tells whether the next frame to a host is lost. Where losses come in bursts they are a chain of two
// states (E. N. Gilbert, Capacity of a Burst-Noise Channel, 1960): it is left after Burst frames on average, and
// entered so often that Loss of all are in it.
func (l *LAN) loses(to *port) bool {
	f := l.faults
	if f.Burst < 2 || f.Loss >= 1 {
		return l.strikes(f.Loss)
	}
	if to.burst {
		to.burst = !l.strikes(1 / float64(f.Burst))
	} else {
		to.burst = l.strikes(f.Loss / (1 - f.Loss) / float64(f.Burst))
	}
	return to.burst
}

// transmitted is when the last bit of a frame has left the switch, which sends one frame after the other.
func (l *LAN) transmitted(to *port, at time.Time, size int) time.Time {
	if l.faults.Bandwidth == 0 {
		return at
	}
	if at.Before(to.idle) {
		at = to.idle
	}
	to.idle = at.Add(time.Duration(int64(size) * 8 * int64(time.Second) / l.faults.Bandwidth))
	return to.idle
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
