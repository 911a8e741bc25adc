// Package observe is the witness: it reads a guest's port and turns frames into facts.
package observe

import (
	"net"
	"time"

	"github.com/bootrig/bootrig/internal/event"
)

// A Config says whose port is watched.
type Config struct {
	Guest  string           // Client of the facts
	MAC    net.HardwareAddr // nil: the source of the first frame from the guest
	Events event.Recorder
}

// An Observer reads one guest's port.
type Observer struct{}

// New makes an Observer.
func New(cfg Config) *Observer { return &Observer{} }

// Frame reads a frame that passed the port.
func (o *Observer) Frame(now time.Time, fromGuest bool, frame []byte) {}
