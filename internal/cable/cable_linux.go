// Package cable gives a test a network of its own, with a cable in it.
package cable

import (
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/bootrig/bootrig/internal/must"
)

// The ends of the cable. No host has interfaces of these names: whoever leaves the namespace finds none.
const (
	End   = "bootrig0" // has no address
	Other = "bootrig1" // where those are who are not under test
)

// Plug puts the test, and all that it starts, into a net namespace in which there are the two ends of one cable, the
// other one with these addresses. Without root the test is skipped. It holds for the goroutine of the test alone: its
// subtests and others are where they were.
func Plug(t testing.TB, addrs ...netip.Prefix) {
	t.Helper()
	if os.Geteuid() != 0 {
		must.Skip(t, must.Root, "net namespaces want root")
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime.LockOSThread()
	home, err := netns.Get()
	check(err)
	here, err := netns.New()
	check(err)
	t.Cleanup(func() {
		here.Close()
		defer home.Close()
		if err := netns.Set(home); err != nil {
			t.Error(err) // and the thread ends with its goroutine
			return
		}
		runtime.UnlockOSThread()
	})
	check(netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: Other}, PeerName: End}))
	for _, name := range []string{"lo", Other, End} {
		link, err := netlink.LinkByName(name)
		check(err)
		if name == Other {
			for _, addr := range addrs {
				parsed, err := netlink.ParseAddr(addr.String())
				check(err)
				check(netlink.AddrAdd(link, parsed))
			}
		}
		check(netlink.LinkSetUp(link))
	}
	Carries(t, Other, End)
}

// Carries waits for interfaces that are up to carry frames too, which the kernel sees to a moment later and at most once
// in a second: it drops what is sent until then, the ARP of the first question too (net/core/link_watch.c).
func Carries(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		for late := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
			link, err := netlink.LinkByName(name)
			if err != nil {
				t.Fatal(err)
			}
			if link.Attrs().OperState == netlink.OperUp {
				break
			}
			if time.Now().After(late) {
				t.Fatalf("%s is %s", name, link.Attrs().OperState)
			}
		}
	}
}
