package tap

import (
	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
)

// A Lab is an emulator.Lab whose hosts may be processes, too: Host starts one.
type Lab struct{ *emulator.Lab }

// NewLab makes a lab. Its caller must call Run or Close, which end what it started.
func NewLab(cfg emulator.LabConfig) (*Lab, error) {
	l, err := emulator.NewLab(cfg)
	if err != nil {
		return nil, err
	}
	return &Lab{l}, nil
}

// Drive makes a lab around a LAN of the caller's, as emulator.Drive does.
func Drive(lan *link.LAN) *Lab { return &Lab{emulator.Drive(lan)} }
