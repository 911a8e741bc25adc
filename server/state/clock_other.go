//go:build !linux

package state

import "time"

func thisHost() host {
	began := time.Now()
	return host{wall: wall, up: func() time.Duration { return time.Since(began) }}
}
