package server_test

import (
	"context"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vishvananda/netns"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// in runs f on a thread in a namespace, which ends with it.
func in(ns netns.NsHandle, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := netns.Set(ns)
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// Bound to addresses the port is taken at those that are served, as they come and go, and somebody else may have it at
// others; one that somebody has is told, and had when he is gone.
func TestTFTPFollowsItsAddresses(t *testing.T) {
	var journal event.Journal
	s, err := server.New(server.Config{Waits: true, Events: &journal, Tree: content.Of(content.Overlay(), "/"),
		Settings: config.Config{Files: []string{"x"}, TFTP: config.TFTP{Enabled: true}, Interfaces: config.Interfaces{ByAddress: true}}})
	if err != nil {
		t.Fatal(err)
	}
	addrs := []string{"127.0.0.2", "127.0.0.3", "127.0.0.4"}
	links := func(all ...string) (h server.Host) {
		for _, addr := range all {
			h.Links = append(h.Links, dhcp.Link{Name: "lo", Index: 1, Prefix: netip.PrefixFrom(netip.MustParseAddr(addr), 8)})
		}
		return h
	}
	err = inNamespace(t, func() error {
		mine, err := netns.Get()
		if err != nil {
			return err
		}
		defer mine.Close()
		other, err := net.ListenPacket("udp4", "127.0.0.4:69")
		if err != nil {
			return err
		}
		free := func() (all []string) {
			_ = in(mine, func() error {
				for _, addr := range addrs {
					if c, err := net.ListenPacket("udp4", addr+":69"); err == nil {
						c.Close()
						all = append(all, addr)
					}
				}
				return nil
			})
			return all
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			for _, step := range []struct {
				what string
				host server.Host
				free []string
			}{
				{"without an address", links(), []string{"127.0.0.2", "127.0.0.3"}},
				{"one comes", links("127.0.0.2"), []string{"127.0.0.3"}},
				{"another comes, and one that somebody has", links("127.0.0.2", "127.0.0.3", "127.0.0.4"), nil},
				{"one goes", links("127.0.0.3", "127.0.0.4"), []string{"127.0.0.2"}},
			} {
				s.Move(step.host)
				if diff := cmp.Diff(step.free, free()); diff != "" {
					t.Errorf("%s: what others may have (-want +got):\n%s", step.what, diff)
				}
			}
			all, _ := journal.After(0)
			told := func(e event.Event) bool {
				return e.Kind == event.Fault && strings.HasPrefix(e.Text, "UDP port 69 on 127.0.0.4 is taken by ")
			}
			if !slices.ContainsFunc(all, told) {
				t.Error("that somebody has 127.0.0.4 is not told")
			}
			other.Close()
			s.Move(links("127.0.0.4"))
			if diff := cmp.Diff([]string{"127.0.0.2", "127.0.0.3"}, free()); diff != "" {
				t.Errorf("when he is gone (-want +got):\n%s", diff)
			}
		}()
		return s.Run(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}
