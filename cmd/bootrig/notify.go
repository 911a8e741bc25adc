package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A manager is the service manager that started us, if it wants to know how we are (sd_notify(3)).
type manager struct {
	socket string

	mu    sync.Mutex
	ended bool
}

func newManager() *manager { return &manager{socket: os.Getenv("NOTIFY_SOCKET")} }

// stopping tells that we end. It is the last message, whatever was under way.
func (m *manager) stopping() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.send("STOPPING=1")
	m.ended = true
}

// tell sends a message.
func (m *manager) tell(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		m.send(format, args...)
	}
}

// send sends a message. One that does not arrive changes nothing.
func (m *manager) send(format string, args ...any) {
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
func (m *manager) Record(e event.Event) {
	switch e.Kind {
	case event.Ready:
		m.tell("READY=1\nSTATUS=%s", teller.Clean(e.Text))
	case event.Waiting:
		m.tell("STATUS=waiting: %s", teller.Clean(e.Text))
	}
}

// patient asks for time as long as the server waits for something to serve: a card that is plugged in tomorrow is no
// service that hangs.
func (m *manager) patient(ctx context.Context, ready <-chan struct{}) {
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
func (m *manager) reloading(ready <-chan struct{}) (done func()) {
	select {
	case <-ready:
		m.tell("RELOADING=1\nMONOTONIC_USEC=%d", monotonic())
		return func() { m.tell("READY=1") }
	default:
		return func() {}
	}
}

// alive tells the manager that we are, until ctx ends, as often as it wants to know (sd_watchdog_enabled(3)). check has
// to return before each time: where it hangs, so does the service, and the manager starts it anew.
func (m *manager) alive(ctx context.Context, check func()) {
	every, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if pid := os.Getenv("WATCHDOG_PID"); m.socket == "" || err != nil || every <= 0 || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return
	}
	ticker := time.NewTicker(max(time.Duration(every)*time.Microsecond/3, time.Millisecond))
	defer ticker.Stop()
	for {
		check()
		m.tell("WATCHDOG=1")
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
