package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vishvananda/netns"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// handed is what a service manager opens on an interface, or on any (""), and keeps.
func handed(network, addr, device string) (kept, ours *os.File, _ error) {
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		failed := raw.Control(func(fd uintptr) { err = unix.BindToDevice(int(fd), device) })
		return errors.Join(failed, err)
	}}
	var file func() (*os.File, error)
	if network == "udp4" {
		c, err := config.ListenPacket(context.Background(), network, addr)
		if err != nil {
			return nil, nil, err
		}
		defer c.Close()
		file = c.(*net.UDPConn).File
	} else {
		l, err := config.Listen(context.Background(), network, addr)
		if err != nil {
			return nil, nil, err
		}
		defer l.Close()
		file = l.(*net.TCPListener).File
	}
	kept, failed := file()
	ours, err := file()
	return kept, ours, errors.Join(failed, err)
}

// Whoever opened the sockets keeps them, so that Run could open none of them itself.
func TestSocketsThatWereOpenedForUsAreUsed(t *testing.T) {
	defer goleak.VerifyNone(t)
	var files []*os.File
	var faults []string
	err := inNamespace(t, func() error {
		for _, s := range [][3]string{{"udp4", "0.0.0.0:69", ""}, {"udp4", "0.0.0.0:4011", "lo"}, {"tcp4", "127.0.0.1:80", ""}, {"tcp4", "127.0.0.1:81", ""}} {
			kept, ours, err := handed(s[0], s[1], s[2])
			if err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
			defer kept.Close()
			files = append(files, ours)
		}
		s, err := server.New(server.Config{
			Links:    []dhcp.Link{{Name: "lo", Index: 1, Prefix: netip.MustParsePrefix("127.0.0.1/8")}},
			Settings: config.Config{HTTP: config.HTTP{Addr: netip.MustParseAddr("127.0.0.1"), Port: 80}},
			Sockets:  files,
			Events: event.Func(func(e event.Event) {
				if e.Kind == event.Fault {
					faults = append(faults, e.Text[strings.Index(e.Text, "tcp "):])
				}
			}),
		})
		if err != nil {
			return err
		}
		here, err := netns.Get()
		if err != nil {
			return err
		}
		defer here.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		answered := make(chan string, 1)
		go func() {
			defer cancel()
			<-s.Ready()
			answered <- fetchFrom(here, "127.0.0.1:80")
		}()
		if err := s.Run(ctx); err != nil {
			return err
		}
		if status := <-answered; !strings.HasPrefix(status, "403 ") {
			return fmt.Errorf("HTTP answers %s", status)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"tcp 127.0.0.1:81) is not used: HTTP is not on this port"}, faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for _, f := range files {
		if err := f.Close(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("a socket is still open after Run: %v", err)
		}
	}
}
