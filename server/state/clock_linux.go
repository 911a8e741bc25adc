package state

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func thisHost() host {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // without it the time of day has to do
	return host{wall: wall, up: up, boot: strings.TrimSpace(string(id))}
}

// up is CLOCK_BOOTTIME: CLOCK_MONOTONIC, which Go's time has, stands still while the host is suspended.
func up() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) // since Linux 2.6.39 it is there
	return time.Duration(t.Nano())
}
