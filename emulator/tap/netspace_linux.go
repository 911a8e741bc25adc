package tap

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"runtime"
	"syscall"

	"github.com/songgao/water"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/link"
)

// A netspace is one host's net namespace.
type netspace struct {
	handle netns.NsHandle
}

// newNetspace makes a net namespace in which only lo exists, and is up.
func newNetspace(ipv6 bool) (*netspace, error) {
	ns := &netspace{handle: netns.None()}
	err := onThread(func() error {
		handle, err := netns.New() // this thread is inside from here on
		if err != nil {
			return fmt.Errorf("new net namespace: %w", err)
		}
		ns.handle = handle
		if !ipv6 {
			if err := silenceIPv6(); err != nil {
				return err
			}
		}
		return up("lo")
	})
	if err != nil {
		ns.close()
		return nil, err
	}
	return ns, nil
}

// in runs f on a thread inside the namespace: sockets that f opens and processes that it starts belong
// there for good.
func (ns *netspace) in(f func() error) error {
	return onThread(func() error {
		if err := netns.Set(ns.handle); err != nil {
			return fmt.Errorf("enter a net namespace: %w", err)
		}
		return f()
	})
}

func (ns *netspace) close() { ns.handle.Close() }

// onThread runs f on a thread of its own choice of namespace, and brings the thread home. If that fails
// the thread stays locked, and so ends with its goroutine.
func onThread(f func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		home, err := netns.Get()
		if err != nil {
			result <- err
			return
		}
		defer home.Close()
		err = f()
		if back := netns.Set(home); back != nil {
			err = errors.Join(err, back)
		} else {
			runtime.UnlockOSThread()
		}
		result <- err
	}()
	return <-result
}

// silenceIPv6 keeps router solicitations and duplicate address detection off the wire, where no server
// needs them. The files are those of the reading thread's namespace.
func silenceIPv6() error {
	for _, link := range []string{"all", "default"} {
		err := os.WriteFile("/proc/sys/net/ipv6/conf/"+link+"/disable_ipv6", []byte("1"), 0)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a kernel without IPv6 is silent already
			return err
		}
	}
	return nil
}

// card makes a network card, a TAP, and brings it up before any process can ask for it.
func (ns *netspace) card(name string, nic NIC) (tap *water.Interface, err error) {
	err = ns.in(func() error {
		if tap, err = openTAP(name); err != nil {
			return err
		}
		if err := configure(name, nic.MAC, nic.Prefix); err != nil {
			tap.Close()
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return tap, nil
}

// route adds routes through routers on the networks of the cards.
func (ns *netspace) route(routes []link.Route) error {
	if len(routes) == 0 {
		return nil
	}
	return ns.in(func() error {
		for _, r := range routes {
			to := net.IPNet{IP: r.To.Masked().Addr().AsSlice(), Mask: net.CIDRMask(r.To.Bits(), r.To.Addr().BitLen())}
			if err := netlink.RouteAdd(&netlink.Route{Dst: &to, Gw: r.Via.AsSlice()}); err != nil {
				return fmt.Errorf("route to %s via %s: %w", r.To, r.Via, err)
			}
		}
		return nil
	})
}

// openTAP keeps the TAP from the processes that other goroutines start meanwhile: water opens it
// without O_CLOEXEC, and a TAP lives as long as anybody has it open.
func openTAP(name string) (*water.Interface, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	cfg := water.Config{DeviceType: water.TAP}
	cfg.Name = name
	tap, err := water.New(cfg)
	if err != nil {
		return nil, err
	}
	conn, err := tap.ReadWriteCloser.(*os.File).SyscallConn()
	if err == nil {
		err = conn.Control(func(fd uintptr) { unix.CloseOnExec(int(fd)) })
	}
	if err != nil {
		tap.Close()
		return nil, err
	}
	return tap, nil
}

func configure(name string, mac net.HardwareAddr, prefix netip.Prefix) error {
	l, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetHardwareAddr(l, mac); err != nil {
		return fmt.Errorf("set address %s: %w", mac, err)
	}
	if prefix.IsValid() {
		if err := netlink.AddrAdd(l, address(prefix)); err != nil {
			return fmt.Errorf("add %s: %w", prefix, err)
		}
	}
	return up(name)
}
