// Package turn turns wall clocks, for tests.
package turn

import (
	"time"
	"unsafe"
)

// Wall is a time as time.Now would have it if somebody had turned the host's clock: only what Go measures time
// with, CLOCK_MONOTONIC, is the same.
func Wall(t time.Time, by time.Duration) time.Time {
	const hasMonotonic, second = 1 << 63, 1 << 30 // package time, Time.wall
	inside := (*struct {
		wall uint64
		ext  int64
		loc  *time.Location
	})(unsafe.Pointer(&t))
	if inside.wall&hasMonotonic == 0 {
		panic("turn: a time that is no time.Now is all wall clock")
	}
	inside.wall += uint64(int64(by/time.Second)) * second
	return t
}
