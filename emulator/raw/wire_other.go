//go:build !linux

package raw

import (
	"errors"
	"os"
)

// A Wire is an interface as one end of a wire of frames.
type Wire struct{}

// Open fails: only Linux has sockets for frames.
func Open(name string) (*Wire, error) {
	if _, err := usable(name); err != nil {
		return nil, err
	}
	return nil, errors.New("only Linux sends frames past its own stack: ask from a Linux host on this network")
}

// Read fails.
func (*Wire) Read([]byte) (int, error) { return 0, os.ErrClosed }

// Write fails.
func (*Wire) Write([]byte) (int, error) { return 0, os.ErrClosed }

// Close does nothing.
func (*Wire) Close() error { return nil }
