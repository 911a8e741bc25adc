//go:build !linux

package host

import (
	"context"
	"net"
	"net/netip"
)

// A Watcher sees the links of this host, where nobody says when they change.
type Watcher struct{}

// New makes a Watcher.
func New() (*Watcher, error) { return &Watcher{}, nil }

// Close ends it.
func (*Watcher) Close() error { return nil }

// Snapshot looks at the host.
func (*Watcher) Snapshot() (Snapshot, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all Snapshot
	for _, i := range interfaces {
		seen := Interface{Name: i.Name, Index: i.Index, Up: i.Flags&net.FlagUp != 0, Loopback: i.Flags&net.FlagLoopback != 0}
		addrs, _ := i.Addrs() // none of one that went away meanwhile
		for _, a := range addrs {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Is4() {
				seen.Prefixes = append(seen.Prefixes, prefix)
			}
		}
		all = append(all, seen)
	}
	return all, nil
}

// Watch calls seen once and waits for the end of ctx.
func (w *Watcher) Watch(ctx context.Context, seen func(Snapshot)) error {
	now, err := w.Snapshot()
	if err == nil {
		seen(now)
		<-ctx.Done()
	}
	return err
}
