package teller

import (
	"container/heap"
	"fmt"
	"log/slog"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A limit says how often something may be told: so many lines in a window of time. Each window in which there was
// more is followed by one twice as long.
type limit struct {
	first  int           // lines in the first window
	lines  int           // in each later one
	window time.Duration // the first
	memory time.Duration // how long after it something new is still the same again
	most   int           // things at once; beyond the oldest are forgotten
}

// longest is the longest window.
const longest = 10 * time.Minute

// What a machine does again and again is told now and then: a menu of pxelinux reads a file four times, and that is
// no flood. What many do at once is told of some.
func perLine() limit {
	return limit{first: 4, lines: 1, window: 5 * time.Second, memory: longest, most: 1 << 13}
}
func perKind() limit { return limit{first: 1000, lines: 1000, window: time.Minute, most: 1 << 8} }

// A repeat is what was told, and how often it was not since.
type repeat[K comparable] struct {
	key      K
	fact     event.Event // small: what stands before a line, and behind it
	level    slog.Level
	text     string
	left     int // lines in this window
	window   time.Duration
	began    time.Time
	over     bool // the window, with nothing untold
	due      time.Time
	more     int
	last     time.Time // of more
	position int
}

// repeats are all of one limit. It has no timers: whoever asks says what time it is.
type repeats[K comparable] struct {
	limit
	tell  func(*repeat[K]) // how often it came, where it was not told
	byKey map[K]*repeat[K]
	next  queue[K]
}

func newRepeats[K comparable](l limit, tell func(*repeat[K])) *repeats[K] {
	return &repeats[K]{limit: l, tell: tell, byKey: map[K]*repeat[K]{}}
}

// admit tells whether something may be told; if not it is counted.
func (r *repeats[K]) admit(key K, e event.Event, l slog.Level, text string) bool {
	r.settle(e.Time)
	m := r.byKey[key]
	switch {
	case m == nil:
		if len(r.next) >= r.most {
			r.forget(r.next[0])
		}
		m = &repeat[K]{key: key, fact: outline(e), level: l, text: cut(text), window: r.window}
		r.byKey[key] = m
		r.open(m, e.Time)
		m.left = r.first
		heap.Push(&r.next, m)
	case m.over:
		m.window = min(2*m.window, longest)
		r.open(m, e.Time)
		heap.Fix(&r.next, m.position)
	}
	if m.left > 0 {
		m.left--
		return true
	}
	m.more++
	m.last = e.Time
	return false
}

// full tells whether something was told as often as it may be in a window that is not over.
func (r *repeats[K]) full(key K) bool {
	m := r.byKey[key]
	return m != nil && !m.over && m.left == 0
}

// open begins a window.
func (r *repeats[K]) open(m *repeat[K], now time.Time) {
	m.left, m.began, m.due, m.over, m.more = r.lines, now, now.Add(m.window), false, 0
}

// settle ends the windows that are over.
func (r *repeats[K]) settle(now time.Time) {
	for len(r.next) > 0 && !r.next[0].due.After(now) {
		switch m := r.next[0]; {
		case m.more > 0:
			r.tell(m)
			m.window = min(2*m.window, longest)
			r.open(m, now)
			heap.Fix(&r.next, 0)
		case !m.over && r.memory > 0:
			m.over, m.due = true, m.due.Add(r.memory)
			heap.Fix(&r.next, 0)
		default:
			r.forget(m)
		}
	}
}

// forget tells what is untold of one thing, which is new when it comes again.
func (r *repeats[K]) forget(m *repeat[K]) {
	heap.Remove(&r.next, m.position)
	delete(r.byKey, m.key)
	if m.more > 0 {
		r.tell(m)
	}
}

// flush forgets all.
func (r *repeats[K]) flush() {
	for len(r.next) > 0 {
		r.forget(r.next[0])
	}
}

// within is in which time more of it came, to the second.
func (m *repeat[K]) within() time.Duration {
	return max(m.last.Sub(m.began).Round(time.Second), time.Second)
}

// often is how often it came, and in which time.
func (m *repeat[K]) often() string {
	if m.more == 1 {
		return "once more in " + m.within().String()
	}
	return fmt.Sprintf("%d times more in %s", m.more, m.within())
}

// A queue has first what is due first (container/heap).
type queue[K comparable] []*repeat[K]

func (q queue[K]) Len() int           { return len(q) }
func (q queue[K]) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue[K]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].position, q[j].position = i, j
}

// Push is for package heap.
func (q *queue[K]) Push(m any) {
	m.(*repeat[K]).position = len(*q)
	*q = append(*q, m.(*repeat[K]))
}

// Pop is for package heap.
func (q *queue[K]) Pop() any {
	last := len(*q) - 1
	m := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return m
}
