package storm

import (
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/scenarios/runner"
)

// Usage is what the server's processes needed.
type Usage struct {
	CPU    time.Duration `json:"cpu"`             // processor time while the storm lasted
	Memory int64         `json:"memory"`          // the most bytes that were resident, as it was looked at once a second
	Ended  string        `json:"ended,omitempty"` // why the server ended by itself
}

// A meter measures the server.
type meter struct {
	host *tap.Host
	gone <-chan runner.Ending
	idle time.Duration // what it had used before
	next time.Time
	used Usage
}

func (m *meter) begin() { m.idle = m.host.Usage().CPU }

// look measures, if it is time to, or if the server has just ended.
func (m *meter) look(now time.Time) {
	select {
	case e := <-m.gone:
		m.used.Ended = e.String()
	default:
	}
	if now.Before(m.next) {
		return
	}
	m.next = now.Add(time.Second)
	m.measure()
}

// measure keeps the most: of a server that has ended, what it had used before.
func (m *meter) measure() {
	u := m.host.Usage()
	m.used.CPU, m.used.Memory = max(m.used.CPU, u.CPU-m.idle), max(m.used.Memory, u.Memory)
}
