package main

import "golang.org/x/sys/unix"

// monotonic is the time since the start of the host in microseconds, as service managers count it.
func monotonic() int64 {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) // it cannot fail with a clock that every Linux has
	return ts.Nano() / 1000
}
