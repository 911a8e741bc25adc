package host

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	lacks "github.com/bootrig/bootrig/internal/must"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// apart moves the test to a net namespace of its own.
func apart(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		lacks.Skip(t, lacks.Root, "net namespaces want root")
	}
	runtime.LockOSThread() // and never unlocked: the thread, and with it the namespace, ends with the test
	ns, err := netns.New()
	must(t, err)
	t.Cleanup(func() { ns.Close() })
}

func (s Snapshot) String() string {
	var all []string
	for _, i := range s {
		text := i.Name
		if i.Up {
			text += " up"
		}
		for _, p := range i.Prefixes {
			text += " " + p.String()
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestEveryChangeOfTheHostIsSeen(t *testing.T) {
	apart(t)
	w, err := New()
	must(t, err)
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	seen, ended := make(chan Snapshot), make(chan error, 1)
	go func() { ended <- w.Watch(ctx, func(s Snapshot) { seen <- s }) }()

	addr := func(cidr string) *netlink.Addr {
		a, err := netlink.ParseAddr(cidr)
		must(t, err)
		return a
	}
	peer := addr("10.9.0.1/32")
	peer.Peer = &net.IPNet{IP: net.IPv4(10, 9, 0, 2), Mask: net.CIDRMask(32, 32)}
	var card netlink.Link
	for _, step := range []struct {
		what string
		do   func() error
		want string
	}{
		{"at first", func() error { return nil }, "lo"},
		{"a card is plugged in", func() error {
			err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "usb0"}, PeerName: "far0"})
			card, _ = netlink.LinkByName("usb0")
			return err
		}, "lo, far0, usb0"},
		{"it has an address", func() error { return netlink.AddrAdd(card, addr("192.168.9.2/24")) }, "lo, far0, usb0 192.168.9.2/24"},
		{"it is switched on", func() error { return netlink.LinkSetUp(card) }, "lo, far0, usb0 up 192.168.9.2/24"},
		{"it has two", func() error { return netlink.AddrAdd(card, peer) }, "lo, far0, usb0 up 192.168.9.2/24 10.9.0.1/32"},
		{"it loses one", func() error { return netlink.AddrDel(card, addr("192.168.9.2/24")) }, "lo, far0, usb0 up 10.9.0.1/32"},
		{"it has another name", func() error { return netlink.LinkSetName(card, "lab0") }, "lo, far0, lab0 up 10.9.0.1/32"},
		{"it is switched off", func() error { return netlink.LinkSetDown(card) }, "lo, far0, lab0 10.9.0.1/32"},
		{"it is gone", func() error { return netlink.LinkDel(card) }, "lo"},
	} {
		must(t, step.do())
		got := ""
		for soon := time.After(10 * time.Second); got != step.want; { // what is in between may be seen too
			select {
			case s := <-seen:
				got = s.String()
			case <-soon:
				t.Fatalf("%s: seen %q, want %q", step.what, got, step.want)
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// More changes than the kernel keeps for us to read: what is so at last is seen all the same.
func TestChangesThatGetLostAreSeen(t *testing.T) {
	apart(t)
	w, err := New()
	must(t, err)
	defer w.Close()
	must(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "usb0"}, PeerName: "far0"}))
	card, err := netlink.LinkByName("usb0")
	must(t, err)
	for i := range 250 {
		for j := range 8 {
			a, err := netlink.ParseAddr(fmt.Sprintf("10.%d.%d.2/24", i, j))
			must(t, err)
			must(t, netlink.AddrAdd(card, a))
		}
	}
	stop := time.AfterFunc(10*time.Second, func() { w.Close() })
	if err := w.wait(); err != nil || !stop.Stop() {
		t.Fatalf("the first change was not seen: %v", err)
	}
	must(t, netlink.LinkSetUp(card))
	stop.Reset(10 * time.Second)
	if err := w.wait(); err != nil || !stop.Stop() {
		t.Fatalf("a change after those that got lost was not seen: %v", err)
	}
	now, err := w.Snapshot()
	must(t, err)
	if i := now[2]; !i.Up || len(i.Prefixes) != 2000 {
		t.Errorf("%s is up: %v, with %d addresses", i.Name, i.Up, len(i.Prefixes))
	}
}
