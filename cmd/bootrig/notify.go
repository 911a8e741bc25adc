package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A manager is the service manager that started us, if it wants to know how we are (sd_notify(3)).
type manager struct{ socket string }

func newManager() manager { return manager{os.Getenv("NOTIFY_SOCKET")} }

// tell sends a message. One that does not arrive changes nothing.
func (m manager) tell(format string, args ...any) {
	if m.socket == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: m.socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(conn, format, args...)
}

// Record passes on what a manager wants to know.
func (m manager) Record(e event.Event) {
	switch e.Kind {
	case event.Ready:
		m.tell("READY=1\nSTATUS=%s", teller.Clean(e.Text))
	case event.Waiting:
		m.tell("STATUS=waiting: %s", teller.Clean(e.Text))
	}
}

// patient asks for time as long as the server waits for something to serve: a card that is plugged in tomorrow is no
// service that hangs.
func (m manager) patient(ctx context.Context, ready <-chan struct{}) {
	if m.socket == "" {
		return
	}
	const every = 10 * time.Second
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		m.tell("EXTEND_TIMEOUT_USEC=%d", (6 * every).Microseconds())
		select {
		case <-ready:
			return
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// reloading tells that the configuration is read again, and done that it was, well or not (Type=notify-reload).
func (m manager) reloading(ready <-chan struct{}) (done func()) {
	select {
	case <-ready:
		m.tell("RELOADING=1\nMONOTONIC_USEC=%d", monotonic())
		return func() { m.tell("READY=1") }
	default:
		return func() {}
	}
}
