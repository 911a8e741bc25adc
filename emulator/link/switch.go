package link

import "time"

// admit takes a frame into the switch: filters, witnesses, learning, and the way to its destination.
func (l *LAN) admit(p *port, frame []byte) {
	if len(frame) < etherLen {
		return
	}
	if len(p.filters) > 0 {
		own := l.copyOf(frame)
		defer func() { l.free = append(l.free, own) }()
		var keep bool
		if frame, keep = p.filter(own); !keep {
			return
		}
	}
	for _, f := range p.watch {
		f(l.now, true, frame)
	}
	for _, f := range l.all {
		f(l.now, p.id, frame)
	}
	if src := (address{[6]byte(frame[6:]), p.vlan}); src.mac[0]&1 == 0 {
		if at, ok := l.macs[src]; !ok || at != p.id {
			l.macs[src] = p.id
		}
	}
	if to, ok := l.macs[address{[6]byte(frame), p.vlan}]; ok {
		if to != p.id {
			l.forward(p, l.ports[to], frame)
		}
		return
	}
	for _, to := range l.ports {
		if to != p && to.vlan == p.vlan && to.hears(frame) {
			l.forward(p, to, frame)
		}
	}
}

// hears tells whether a frame for everybody is for this port, too.
func (p *port) hears(frame []byte) bool {
	plugged := p.station != nil || p.send != nil
	return plugged && (p.ignores == nil || !p.ignores(frame))
}

// deliver hands a frame to what is plugged into p.
func (l *LAN) deliver(p *port, frame []byte) {
	if len(p.filters) > 0 {
		var keep bool
		if frame, keep = p.filter(frame); !keep {
			return
		}
	}
	for _, f := range p.watch {
		f(l.now, false, frame)
	}
	switch {
	case p.station != nil:
		p.station.Frame(l.now, frame)
		l.ask(p)
	case p.send != nil:
		p.send(frame)
	}
}

func (p *port) filter(frame []byte) ([]byte, bool) {
	for _, f := range p.filters {
		var keep bool
		if frame, keep = f(frame); !keep || len(frame) < etherLen {
			return nil, false
		}
	}
	return frame, true
}

// push queues a copy of the frame.
func (l *LAN) push(to *port, at time.Time, frame []byte) []byte {
	own := l.copyOf(frame)
	l.seq++
	l.queue.push(delivery{at: at, seq: l.seq, to: to.id, frame: own})
	return own
}

func (l *LAN) copyOf(frame []byte) []byte {
	if n := len(l.free); n > 0 {
		own := l.free[n-1]
		l.free = l.free[:n-1]
		return append(own[:0], frame...)
	}
	return append(make([]byte, 0, etherLen+MTU+4), frame...)
}
