package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// A Watcher sees the links of the network namespace that it was made in.
type Watcher struct {
	changes *os.File // where the kernel says that something has changed
	ask     *netlink.Handle
}

// New makes a Watcher.
func New() (*Watcher, error) {
	changes, err := subscribe()
	if err != nil {
		return nil, fmt.Errorf("links of the host: %w", err)
	}
	ask, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		changes.Close()
		return nil, fmt.Errorf("links of the host: %w", err)
	}
	return &Watcher{changes, ask}, nil
}

// subscribe opens a socket that becomes readable when a link or an IPv4 address changes (rtnetlink(7)).
func subscribe() (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, os.NewSyscallError("netlink socket", err)
	}
	groups := uint32(1<<(unix.RTNLGRP_LINK-1) | 1<<(unix.RTNLGRP_IPV4_IFADDR-1))
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups}); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("netlink groups", err)
	}
	return os.NewFile(uintptr(fd), "netlink"), nil
}

// Close ends Watch.
func (w *Watcher) Close() error {
	w.ask.Close()
	return w.changes.Close()
}

// Snapshot looks at the host. What changes while it looks makes it look again.
func (w *Watcher) Snapshot() (Snapshot, error) {
	for {
		links, err := w.ask.LinkList()
		if errors.Is(err, netlink.ErrDumpInterrupted) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("links of the host: %w", err)
		}
		addrs, err := w.ask.AddrList(nil, netlink.FAMILY_V4)
		if errors.Is(err, netlink.ErrDumpInterrupted) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("addresses of the host: %w", err)
		}
		return snapshot(links, addrs), nil
	}
}

func snapshot(links []netlink.Link, addrs []netlink.Addr) Snapshot {
	var all Snapshot
	for _, l := range links {
		a := l.Attrs()
		i := Interface{Name: a.Name, Index: a.Index, Up: a.Flags&net.FlagUp != 0, Loopback: a.Flags&net.FlagLoopback != 0}
		for _, addr := range addrs {
			if p, ok := prefix(addr); ok && addr.LinkIndex == a.Index {
				i.Prefixes = append(i.Prefixes, p)
			}
		}
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b Interface) int { return a.Index - b.Index })
	return all
}

// prefix is an address with its network, which is the peer's where there is one.
func prefix(a netlink.Addr) (p netip.Prefix, ok bool) {
	network := a.IPNet
	if a.Peer != nil {
		network = a.Peer
	}
	if a.IPNet == nil || network == nil {
		return p, false
	}
	addr, ok := netip.AddrFromSlice(a.IP.To4())
	bits, _ := network.Mask.Size()
	return netip.PrefixFrom(addr, bits), ok
}

// Watch calls seen with the host as it is now, and again whenever it is another, until ctx ends.
func (w *Watcher) Watch(ctx context.Context, seen func(Snapshot)) error {
	stop := context.AfterFunc(ctx, func() { w.changes.Close() })
	defer stop()
	var last Snapshot
	for first := true; ; first = false {
		now, err := w.Snapshot()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case first || !now.Equal(last):
			seen(now)
			last = now
		}
		if err := w.wait(); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("links of the host: %w", err)
		}
	}
}

// wait waits for a change and takes all that have been told. When the kernel had no room to tell all of them
// (ENOBUFS), there was one.
func (w *Watcher) wait() error {
	raw, err := w.changes.SyscallConn()
	if err != nil {
		return err
	}
	var buf [1 << 16]byte
	told := false
	return raw.Read(func(fd uintptr) bool {
		for {
			_, err := unix.Read(int(fd), buf[:])
			switch {
			case err == nil, errors.Is(err, unix.ENOBUFS):
				told = true
			case errors.Is(err, unix.EINTR):
			default:
				return told // EAGAIN: that was all
			}
		}
	})
}
