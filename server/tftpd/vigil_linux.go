package tftpd

import "time"

// A lone client answers each block at once. To fall asleep before each answer and to be woken by it takes as long as all
// the rest of a block here, so where the last one came within a moment the next is looked out for so long, without
// sleep. To give others of this process their turn it sleeps each watch all the same.
const (
	moment = 100 * time.Microsecond
	watch  = time.Millisecond
)

// A vigil is whether who waits stays awake. The zero value sleeps at once.
type vigil struct{ ends time.Time }

// lasts is for how long to stay awake before sleep, with so many clients.
func (v *vigil) lasts(now time.Time, clients int) time.Duration {
	if clients <= few && now.Before(v.ends) {
		return moment
	}
	return 0
}

// woke takes that a sleep is over, and when the wait for its end began.
func (v *vigil) woke(began, now time.Time) {
	v.ends = time.Time{}
	if now.Sub(began) < moment {
		v.ends = now.Add(watch)
	}
}
