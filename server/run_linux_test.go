package server_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

// inNamespace runs f on a thread of its own, in a net namespace that has only a loopback. The thread
// ends with f, so nothing has to be put back.
func inNamespace(t *testing.T, f func() error) error {
	t.Helper()
	if os.Geteuid() != 0 {
		must.Skip(t, must.Root, "net namespaces want root")
	}
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		ended <- inNew(f)
	}()
	return <-ended
}

// inNew runs f in a new net namespace, where its thread stays.
func inNew(f func() error) error {
	ns, err := netns.New()
	if err != nil {
		return err
	}
	defer ns.Close()
	lo, err := netlink.LinkByName("lo")
	if err == nil {
		err = netlink.LinkSetUp(lo)
	}
	if err != nil {
		return err
	}
	return f()
}

func loopback(t *testing.T, http config.HTTP) *server.Server {
	t.Helper()
	s, err := server.New(server.Config{
		Links:    []dhcp.Link{{Name: "lo", Index: 1, Prefix: netip.MustParsePrefix("127.0.0.1/8")}},
		Settings: config.Config{HTTP: http},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunServesUntilItsContextEnds(t *testing.T) {
	defer goleak.VerifyNone(t)
	s := loopback(t, config.HTTP{Addr: netip.MustParseAddr("127.0.0.1"), Port: 80})
	err := inNamespace(t, func() error {
		select {
		case <-s.Ready():
			t.Error("ready before it runs")
		default:
		}
		ctx, cancel := context.WithCancel(t.Context())
		ready := make(chan error, 1)
		// This goroutine is on another thread and so in another namespace; it only waits and cancels.
		go func() {
			select {
			case <-s.Ready():
				ready <- nil
			case <-time.After(20 * time.Second):
				ready <- errors.New("never ready")
			}
			cancel()
		}()
		return errors.Join(s.Run(ctx), <-ready)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRunGivesBackWhatItHadWhenOnePortIsTaken(t *testing.T) {
	defer goleak.VerifyNone(t)
	ours := config.HTTP{Addr: netip.MustParseAddr("127.0.0.1"), Port: 80}
	hindered, free := loopback(t, ours), loopback(t, ours)
	err := inNamespace(t, func() error {
		other, err := net.Listen("tcp", "127.0.0.1:80")
		if err != nil {
			return err
		}
		err = hindered.Run(t.Context())
		if !errors.Is(err, syscall.EADDRINUSE) || !strings.HasPrefix(err.Error(), "TCP port 80 is taken by ") {
			t.Errorf("with port 80 taken: %v", err)
		}
		other.Close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return free.Run(ctx) // 67, 4011 and 69 are free again
	})
	if err != nil {
		t.Error(err)
	}
}
