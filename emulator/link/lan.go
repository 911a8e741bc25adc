package link

import "time"

// A Port is a socket of the switch.
type Port int

// A LAN is a learning switch and what is plugged into it.
type LAN struct{}

// NewLAN makes an empty LAN. The seed decides the faults, and nothing else does.
func NewLAN(seed uint64) *LAN { return &LAN{} }

// Plug plugs a station in.
func (l *LAN) Plug(name string, s Station) Port { return 0 }

// External makes a port whose frames come by Inject and leave by send.
func (l *LAN) External(name string, send func(frame []byte)) Port { return 0 }

// Name is what p was called when it was plugged in.
func (l *LAN) Name(p Port) string { return "" }

// Inject takes a frame that came from an external port, and does what is due.
func (l *LAN) Inject(now time.Time, p Port, frame []byte) {}

// Poke says that the station at p was changed by its owner (a key was pressed).
func (l *LAN) Poke(now time.Time, p Port) {}

// Advance does all that is due at now.
func (l *LAN) Advance(now time.Time) {}

// Deadline is when Advance has something to do.
func (l *LAN) Deadline() (time.Time, bool) { return time.Time{}, false }

// Watch shows f what really passes port p, after faults and filters.
func (l *LAN) Watch(p Port, f func(now time.Time, fromStation bool, frame []byte)) {}

// WatchAll shows f each frame once as it enters the switch, after filters.
func (l *LAN) WatchAll(f func(now time.Time, from Port, frame []byte)) {}
