package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
)

// card is the name of both cards.
const card = "eth0"

// A place is two net namespaces, one for the server and one for the load, and what is between their cards.
type place struct {
	server, load netns.NsHandle
	lab          *tap.Lab // that carries the frames; nil: the kernel does
}

// newPlace makes one, for a round. The end of the run's child is its end.
func newPlace(w Wire, round int) (*place, error) {
	p := &place{}
	connect := p.cable
	if w != (Wire{}) {
		connect = func() error { return p.bad(w, round) }
	}
	if err := connect(); err != nil {
		return nil, err
	}
	clients := netlink.Route{Dst: network(clientNet), Gw: loadAddr.AsSlice()}
	err := in(p.server, func() error {
		_, err := loopback()
		return errors.Join(err, netlink.RouteAdd(&clients))
	})
	if err != nil {
		return nil, fmt.Errorf("route to the clients: %w", err)
	}
	return p, in(p.load, holdAll)
}

// loopback brings it up: there are servers that listen on it too.
func loopback() (netlink.Link, error) {
	lo, err := netlink.LinkByName("lo")
	if err == nil {
		err = netlink.LinkSetUp(lo)
	}
	return lo, err
}

// holdAll has every address of the clients be one of this host.
func holdAll() error {
	lo, err := loopback()
	if err == nil {
		err = netlink.RouteAdd(&netlink.Route{
			LinkIndex: lo.Attrs().Index, Dst: network(clientNet), Type: unix.RTN_LOCAL, Table: unix.RT_TABLE_LOCAL, Scope: unix.RT_SCOPE_HOST,
		})
	}
	return err
}

// cable connects them by the two ends of a veth. The child's own namespace is the load's.
func (p *place) cable() (err error) {
	if p.load, err = netns.Get(); err != nil {
		return err
	}
	err = onThread(func() (err error) {
		p.server, err = netns.New()
		return err
	})
	if err != nil {
		return err
	}
	veth := netlink.NewVeth(netlink.LinkAttrs{Name: card})
	veth.PeerName, veth.PeerNamespace = card, netlink.NsFd(p.server)
	if err := netlink.LinkAdd(veth); err != nil {
		return fmt.Errorf("make a veth: %w", err)
	}
	if err := address(card, loadAddr); err != nil {
		return err
	}
	return in(p.server, func() error { return address(card, serverAddr) })
}

func address(name string, addr netip.Addr) error {
	l, err := netlink.LinkByName(name)
	if err == nil {
		err = netlink.AddrAdd(l, &netlink.Addr{IPNet: &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(lan.Bits(), 32)}})
	}
	if err == nil {
		err = netlink.LinkSetUp(l)
	}
	return err
}

// fastest is a round trip on the lab's wire as it is: a delay on top would be no less than a millisecond each way, which is
// how exactly Go's timers count.
const fastest = 200 * time.Microsecond

// bad connects them by a lab's wire, which loses and delays; in each round it loses others.
func (p *place) bad(w Wire, round int) error {
	lab, err := tap.NewLab(emulator.LabConfig{LAN: lan, NoHouse: true, Seed: uint64(round)})
	if err != nil {
		return err
	}
	p.lab = lab
	for i, end := range []struct {
		name string
		addr netip.Addr
		ns   *netns.NsHandle
	}{{"server", serverAddr, &p.server}, {"load", loadAddr, &p.load}} {
		h, err := lab.Host(tap.HostSpec{Name: end.name, NICs: []tap.NIC{
			{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, byte(i + 1)}, Prefix: netip.PrefixFrom(end.addr, lan.Bits())},
		}})
		if err != nil {
			return err
		}
		if err := h.In(func() (err error) { *end.ns, err = netns.Get(); return err }); err != nil {
			return err
		}
	}
	lab.Do(func(_ time.Time, lan *link.LAN) {
		f := link.Faults{Loss: w.Loss}
		if w.RTT > fastest {
			f.Delay = w.RTT / 2
		}
		lan.SetFaults(f)
	})
	return nil
}

// in does f on a thread in a net namespace: what it opens and starts is there.
func in(ns netns.NsHandle, f func() error) error {
	return onThread(func() error {
		if err := netns.Set(ns); err != nil {
			return fmt.Errorf("enter a net namespace: %w", err)
		}
		return f()
	})
}

// onThread does f on a thread that ends with it.
func onThread(f func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		result <- f()
	}()
	return <-result
}

// socket is the clients'.
func (p *place) socket() (conn *net.UDPConn, err error) {
	err = in(p.load, func() error {
		conn, err = net.ListenUDP("udp4", &net.UDPAddr{})
		return err
	})
	return conn, err
}

// dial connects to a TCP port of the server's.
func (p *place) dial(ctx context.Context, port uint16) error {
	return in(p.load, func() error {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp4", netip.AddrPortFrom(serverAddr, port).String())
		return errors.Join(err, closing(conn))
	})
}

func closing(conn net.Conn) error {
	if conn == nil {
		return nil
	}
	return conn.Close()
}

func network(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}
