//go:build !linux

package tap

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"regexp"
	"syscall"

	"github.com/bootrig/bootrig/emulator/link"
)

var errLinux = errors.New("the tap world needs Linux: its namespaces and TAPs exist nowhere else")

// Available says that this is not Linux.
func Available() error { return errLinux }

// A Sandbox is a run's child, seen from outside.
type Sandbox struct{}

// Exec fails.
func Exec(context.Context, ChildSpec) (*Sandbox, error) { return nil, errLinux }

// Pid is 0.
func (*Sandbox) Pid() int { return 0 }

// Wait fails.
func (*Sandbox) Wait() error { return errLinux }

// Confine fails.
func Confine() error { return errLinux }

// Show fails.
func Show(from, at string) error { return errLinux }

// Main is never needed: Child is false.
func Main(func(ctx context.Context) int) int { return 2 }

// A Host is a host of the LAN that the kernel runs.
type Host struct{}

// Host fails.
func (*Lab) Host(HostSpec) (*Host, error) { return nil, errLinux }

// Ports are none.
func (*Host) Ports() []link.Port { return nil }

// In fails.
func (*Host) In(func() error) error { return errLinux }

// Expect fails.
func (*Host) Expect(context.Context, *regexp.Regexp) (string, error) { return "", errLinux }

// Tail is empty.
func (*Host) Tail(int) []string { return nil }

// Done never ends.
func (*Host) Done() <-chan struct{} { return nil }

// Err is why there is no host.
func (*Host) Err() error { return errLinux }

// Stop does nothing.
func (*Host) Stop() error { return nil }

// Kill does nothing.
func (*Host) Kill() {}

// Start fails.
func (*Host) Start() error { return errLinux }

// Hangup is SIGHUP.
const Hangup = syscall.SIGHUP

// Signal fails.
func (*Host) Signal(os.Signal) error { return errLinux }

// SetLink fails.
func (*Host) SetLink(card int, up bool) error { return errLinux }

// AddAddr fails.
func (*Host) AddAddr(card int, addr netip.Prefix) error { return errLinux }

// RemoveAddr fails.
func (*Host) RemoveAddr(card int, addr netip.Prefix) error { return errLinux }

// Usage is none.
func (*Host) Usage() Usage { return Usage{} }
