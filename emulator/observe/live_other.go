//go:build !linux

package observe

import (
	"context"
	"errors"
	"time"
)

// A Live is an interface of this host that is listened to.
type Live struct{}

// Listen opens an interface, on Linux.
func Listen(name string) (*Live, error) {
	return nil, errors.New("only Linux listens itself: tcpdump -U -i " + name + " -w - | bootrig explain -")
}

// Run gives all frames, until ctx ends.
func (*Live) Run(context.Context, func(now time.Time, frame []byte)) error { return nil }
