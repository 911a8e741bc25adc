package tftpd

import "slices"

// A lane is some of the sockets, and what is to go out by them. What comes to its sockets a goroutine of its own takes, and
// while that one sends the others go on: so each processor has its lane. All is for who holds the lock of the Server.
type lane struct {
	poller     *poller
	out, going *outbox // what is gathered, and what is being sent
	busy       bool    // somebody sends, and looks then for what was gathered meanwhile
}

// mostLanes bounds those for transfers: with the Machine they take turns, so ever more are of ever less use.
const mostLanes = 4

func newLane() (*lane, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &lane{poller: p, out: &outbox{}, going: &outbox{}}, nil
}

// add has what comes to a socket taken by this lane, and what goes out by it sent.
func (l *lane) add(s *socket) error {
	s.lane = l
	return l.poller.add(s)
}

// gather takes from the Machine what there is to say, until a lane has enough of it, and tells whether there is anything
// that nobody is sending.
func (e *Server) gather() (some bool) {
	for {
		d, ok := e.m.Next()
		if !ok {
			break
		}
		s := e.from(d.Src)
		if s == nil {
			continue
		}
		if s.lane.out.put(s, d); s.lane.out.full() {
			break
		}
	}
	for _, l := range e.lanes {
		some = some || !l.busy && l.out.n > 0
	}
	return some
}

// send sends what was gathered, without the lock. What belongs to a lane goes out in the order in which it was gathered:
// so the blocks of a window keep their order.
func (e *Server) send() {
	for _, l := range e.lanes {
		if l.busy || l.out.n == 0 {
			continue
		}
		l.busy = true
		l.out, l.going = l.going, l.out
		e.mu.Unlock()
		l.going.send(e)
		e.mu.Lock()
		l.busy = false
	}
}

// sends tells whether somebody does.
func (e *Server) sends() bool {
	return slices.ContainsFunc(e.lanes, func(l *lane) bool { return l.busy })
}
