package link

import "time"

// A Station is anything plugged into a port of a LAN: it takes Ethernet frames and the time, and
// yields frames. Stack makes one of a machine.Machine. The rules are those of machine.Machine.
type Station interface {
	Frame(now time.Time, frame []byte)
	Expire(now time.Time)
	Next() ([]byte, bool)
	Deadline() (time.Time, bool)
}
