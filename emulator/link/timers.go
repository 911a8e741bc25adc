package link

import (
	"container/heap"
	"time"
)

// timers is a heap of the ports whose station waits for a deadline. A port knows its place, so that a
// station may change its mind after every frame.
type timers []*port

// set makes p wait until at, or for nothing if wait is false.
func (t *timers) set(p *port, at time.Time, wait bool) {
	switch {
	case !wait && p.place >= 0:
		heap.Remove(t, p.place)
	case !wait:
	case p.place >= 0:
		if !p.at.Equal(at) {
			p.at = at
			heap.Fix(t, p.place)
		}
	default:
		p.at = at
		heap.Push(t, p)
	}
}

func (t timers) Len() int { return len(t) }

func (t timers) Less(i, j int) bool {
	if c := t[i].at.Compare(t[j].at); c != 0 {
		return c < 0
	}
	return t[i].id < t[j].id
}

func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].place, t[j].place = i, j
}

// Push is for container/heap.
func (t *timers) Push(x any) {
	p := x.(*port)
	p.place = len(*t)
	*t = append(*t, p)
}

// Pop is for container/heap.
func (t *timers) Pop() any {
	h := *t
	p := h[len(h)-1]
	h[len(h)-1] = nil
	*t = h[:len(h)-1]
	p.place = -1
	return p
}
