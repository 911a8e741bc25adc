package link

import "time"

// A delivery is a frame on its way to a port.
type delivery struct {
	at     time.Time
	seq    uint64 // frames that arrive together arrive in the order they were sent
	to     Port
	frame  []byte
	enters bool // it was held, and comes from the port
}

func (d delivery) before(e delivery) bool {
	if c := d.at.Compare(e.at); c != 0 {
		return c < 0
	}
	return d.seq < e.seq
}

// A queue is a heap of deliveries, the next one first. It is written out because container/heap boxes
// each element, which costs more than the rest of the switch.
type queue []delivery

func (q *queue) push(d delivery) {
	h := append(*q, d)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !d.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = d
	*q = h
}

func (q *queue) pop() delivery {
	h := *q
	top, last := h[0], h[len(h)-1]
	h[len(h)-1] = delivery{}
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = last
	return top
}
