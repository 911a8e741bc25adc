package link

import "time"

// A Hold says when a frame that a host sends now enters the switch: once after each duration, and never if there is none.
type Hold func(now time.Time, frame []byte) []time.Duration

// Hold has f decide of what the host at port p sends.
func (l *LAN) Hold(p Port, f Hold) { l.ports[p].hold = f }

// enter takes a frame of a host, now or later.
func (l *LAN) enter(p *port, frame []byte) {
	if p.hold == nil {
		l.admit(p, frame)
		return
	}
	for _, after := range p.hold(l.now, frame) {
		if after <= 0 {
			l.admit(p, frame)
			continue
		}
		l.seq++
		l.queue.push(delivery{at: l.now.Add(after), seq: l.seq, to: p.id, frame: l.copyOf(frame), enters: true})
	}
}
