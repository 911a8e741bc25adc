package link

import "time"

// Faults are what goes wrong with each delivery through the switch. The first four are probabilities.
type Faults struct {
	Loss, Duplicate, Reorder, Corrupt float64
	Delay, Jitter                     time.Duration
}

// SetFaults replaces the faults of all deliveries from now on.
func (l *LAN) SetFaults(f Faults) {}
