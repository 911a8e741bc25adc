package link

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// latency is what a frame takes between two stations, so that virtual time moves. A frame from or to
// an external port has already taken its time in a kernel or an emulated network card.
const latency = 50 * time.Microsecond

// A Port is a socket of the switch.
type Port int

// A LAN is a learning switch and what is plugged into it. Its ports may be divided into VLANs, which
// are networks of their own with one clock. Frames given to functions and stations are valid during the
// call only.
type LAN struct {
	now    time.Time
	ports  []*port
	macs   map[address]Port
	queue  queue
	seq    uint64
	timers timers
	dirty  []*port // plugged or poked: not asked yet
	busy   bool
	faults Faults
	cuts   []Cut
	rng    *rand.Rand
	free   [][]byte
	all    []func(now time.Time, from Port, frame []byte)
}

// An address is a MAC in its VLAN: a host with several cards may have one MAC for all of them.
type address struct {
	mac  [6]byte
	vlan uint16
}

type port struct {
	id      Port
	name    string
	vlan    uint16
	host    []*port // the ports of a host with several cards, this one too; else nil
	station Station // nil at an external port
	send    func(frame []byte)
	ignores func(frame []byte) bool // nil: it hears all
	filters []Filter
	hold    Hold
	watch   []func(now time.Time, fromStation bool, frame []byte)
	latest  time.Time // of the deliveries to this port that keep their order
	idle    time.Time // when what is being transmitted to it is over
	burst   bool      // its frames are being lost

	place int       // in timers, -1: not there
	at    time.Time // its deadline
	spins int       // how often it expired at one instant
	spun  time.Time
}

// NewLAN makes an empty LAN. The seed decides the faults, and nothing else does.
func NewLAN(seed uint64) *LAN {
	return &LAN{macs: map[address]Port{}, rng: rand.New(rand.NewPCG(seed, 0))}
}

// Plug plugs a station in. It is asked for frames at the next Advance.
func (l *LAN) Plug(name string, s Station) Port {
	p := l.add(&port{name: name, station: s})
	l.dirty = append(l.dirty, p)
	return p.id
}

// PlugHost plugs in a host with several cards, a port for each. What one of them is given may make the
// others talk, so all are asked then.
func (l *LAN) PlugHost(name string, cards ...Station) []Port {
	var ids []Port
	var host []*port
	for _, s := range cards {
		p := l.ports[l.Plug(name, s)]
		ids, host = append(ids, p.id), append(host, p)
	}
	for _, p := range host {
		p.host = host
	}
	return ids
}

// SetVLAN moves a port to a VLAN. All ports begin in VLAN 0. Ports of one VLAN hear each other and
// nobody else; what goes from one to another goes through a host with a card in each.
func (l *LAN) SetVLAN(p Port, vlan uint16) { l.ports[p].vlan = vlan }

// External makes a port whose frames come by Inject and leave by send. send must not call the LAN,
// except for Inject and Poke, which then only queue.
func (l *LAN) External(name string, send func(frame []byte)) Port {
	return l.add(&port{name: name, send: send}).id
}

func (l *LAN) add(p *port) *port {
	p.id, p.place = Port(len(l.ports)), -1
	l.ports = append(l.ports, p)
	return p
}

// Unplug pulls the cable of p for good: frames for it are lost, its station is not asked again.
func (l *LAN) Unplug(p Port) {
	q := l.ports[p]
	l.timers.set(q, time.Time{}, false)
	q.station, q.send = nil, nil
	for who, at := range l.macs {
		if at == p {
			delete(l.macs, who)
		}
	}
}

// Name is what p was called when it was plugged in.
func (l *LAN) Name(p Port) string { return l.ports[p].name }

// Watch shows f what really passes port p, after faults and filters.
func (l *LAN) Watch(p Port, f func(now time.Time, fromStation bool, frame []byte)) {
	l.ports[p].watch = append(l.ports[p].watch, f)
}

// Ignore has frames that go to all ports left out at this one where f says so, before faults and watchers. Where
// thousands of hosts are on one LAN, each broadcast of each would be delivered to each.
func (l *LAN) Ignore(p Port, f func(frame []byte) bool) { l.ports[p].ignores = f }

// WatchAll shows f each frame once as it enters the switch, after filters and before faults.
func (l *LAN) WatchAll(f func(now time.Time, from Port, frame []byte)) { l.all = append(l.all, f) }

// Inject takes a frame that came from an external port, and does what is due.
func (l *LAN) Inject(now time.Time, p Port, frame []byte) {
	l.clock(now)
	l.enter(l.ports[p], frame)
	l.Advance(now)
}

// Poke says that the station at p was changed by its owner (a key was pressed): it is asked again.
func (l *LAN) Poke(now time.Time, p Port) {
	l.dirty = append(l.dirty, l.ports[p])
	l.Advance(now)
}

// Deadline is when Advance has something to do.
func (l *LAN) Deadline() (at time.Time, ok bool) {
	if len(l.dirty) > 0 {
		return l.now, true
	}
	if len(l.queue) > 0 {
		at, ok = l.queue[0].at, true
	}
	if len(l.timers) > 0 && (!ok || l.timers[0].at.Before(at)) {
		at, ok = l.timers[0].at, true
	}
	return at, ok
}

// Advance does all that is due at now. What arrives at the moment of a deadline is in time for it.
func (l *LAN) Advance(now time.Time) {
	l.clock(now)
	if l.busy {
		return // called from inside: the loop below comes to it
	}
	l.busy = true
	defer func() { l.busy = false }()
	for {
		switch {
		case len(l.dirty) > 0:
			p := l.dirty[0]
			l.dirty = append(l.dirty[:0], l.dirty[1:]...)
			l.tell(p)
			l.ask(p)
		case len(l.queue) > 0 && !l.queue[0].at.After(l.now):
			d := l.queue.pop()
			if d.enters {
				l.admit(l.ports[d.to], d.frame)
			} else {
				l.deliver(l.ports[d.to], d.frame)
			}
			l.free = append(l.free, d.frame)
		case len(l.timers) > 0 && !l.timers[0].at.After(l.now):
			l.expire(l.timers[0])
		default:
			return
		}
	}
}

// clock moves the LAN's idea of the time, never backwards: readers of real ports may overtake each other.
func (l *LAN) clock(now time.Time) {
	if now.After(l.now) {
		l.now = now
	}
}

// expire wakes a station. One that asks for the same moment for ever would stop the world, so it is
// named.
func (l *LAN) expire(p *port) {
	if !p.spun.Equal(l.now) {
		p.spun, p.spins = l.now, 0
	}
	if p.spins++; p.spins > 100_000 {
		panic(fmt.Sprintf("link: station %q has a deadline at %v that does not pass", p.name, p.at))
	}
	p.station.Expire(l.now)
	l.ask(p)
}

// ask asks a station, and the other cards of its host.
func (l *LAN) ask(p *port) {
	if p.host == nil {
		l.askCard(p)
	}
	for _, card := range p.host {
		l.tell(card)
		l.askCard(card)
	}
}

// tell tells a station the time, before it is asked for what no input of its own has caused.
func (l *LAN) tell(p *port) {
	if s, ok := p.station.(interface{ Poke(time.Time) }); ok {
		s.Poke(l.now)
	}
}

// askCard takes what a station has to send, and its next deadline.
func (l *LAN) askCard(p *port) {
	if p.station == nil {
		return
	}
	for frame, ok := p.station.Next(); ok; frame, ok = p.station.Next() {
		l.enter(p, frame)
	}
	at, ok := p.station.Deadline()
	l.timers.set(p, at, ok)
}
