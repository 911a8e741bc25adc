package server_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

// wires join the namespace of the caller with a new one: eth0 is 10.0.0.2 with 10.0.0.3 at the other end,
// eth1 10.0.1.2 with 10.0.1.3, and eth2 likewise. The other namespace stays until its handle is closed.
func wires() (other netns.NsHandle, err error) {
	mine, err := netns.Get()
	if err != nil {
		return 0, err
	}
	defer mine.Close()
	if other, err = netns.New(); err != nil {
		return 0, err
	}
	ends := map[string]string{"eth0": "10.0.0.3/24", "eth1": "10.0.1.3/24", "eth2": "10.0.2.3/24"}
	for name := range ends {
		pair := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name, PeerNamespace: netlink.NsFd(mine)}
		err = errors.Join(err, netlink.LinkAdd(pair))
	}
	err = errors.Join(err, up(ends), netns.Set(mine), up(map[string]string{"eth0": "10.0.0.2/24", "eth1": "10.0.1.2/24", "eth2": "10.0.2.2/24"}))
	return other, err
}

func up(addrs map[string]string) error {
	for name, addr := range addrs {
		link, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		a, err := netlink.ParseAddr(addr)
		if err := errors.Join(err, netlink.AddrAdd(link, a), netlink.LinkSetUp(link)); err != nil {
			return err
		}
	}
	return nil
}

// fetchFrom asks from a namespace, on a thread that ends with it.
func fetchFrom(ns netns.NsHandle, addr string) string {
	got := make(chan string)
	go func() {
		runtime.LockOSThread()
		if err := netns.Set(ns); err != nil {
			got <- err.Error()
			return
		}
		// Not http.Get, which dials on another thread, and so in another namespace.
		conn, err := net.DialTimeout("tcp4", addr, 2*time.Second)
		if err != nil {
			got <- "refused"
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
		status, _ := bufio.NewReader(conn).ReadString('\n')
		got <- strings.TrimSpace(strings.TrimPrefix(status, "HTTP/1.0 "))
	}()
	return <-got
}

func TestHTTPIsForTheLinksThatAreServed(t *testing.T) {
	s, err := server.New(server.Config{
		Links:    []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("10.0.0.2/24")}},
		Settings: config.Config{HTTP: config.HTTP{Port: 80}},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = inNamespace(t, func() error {
		other, err := wires()
		if err != nil {
			return err
		}
		defer other.Close()
		mine, err := netns.Get()
		if err != nil {
			return err
		}
		defer mine.Close()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			<-s.Ready()
			for _, c := range []struct {
				rule, addr, want string
				from             netns.NsHandle
			}{
				{"by the link that is served", "10.0.0.2:80", "403 Forbidden", other},
				{"by another link", "10.0.1.2:80", "refused", other},
				{"this host itself", "127.0.0.1:80", "403 Forbidden", mine},
			} {
				if got := fetchFrom(c.from, c.addr); got != c.want {
					t.Errorf("%s: %s, want %s", c.rule, got, c.want)
				}
			}
		}()
		return s.Run(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestHTTPFollowsItsLinks(t *testing.T) {
	eth0 := dhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("10.0.0.2/24")}
	s, err := server.New(server.Config{Waits: true, Settings: config.Config{HTTP: config.HTTP{Port: 80}}})
	if err != nil {
		t.Fatal(err)
	}
	err = inNamespace(t, func() error {
		other, err := wires()
		if err != nil {
			return err
		}
		defer other.Close()
		card, err := netlink.LinkByName("eth0")
		if err != nil {
			return err
		}
		eth0.Index = card.Attrs().Index
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			for _, step := range []struct {
				what string
				host server.Host
				want string
			}{
				{"without a link", server.Host{}, "refused"},
				{"with one", server.Host{Links: []dhcp.Link{eth0}}, "403 Forbidden"},
				{"without it again", server.Host{}, "refused"},
				{"and with it", server.Host{Links: []dhcp.Link{eth0}}, "403 Forbidden"},
			} {
				s.Move(step.host)
				if got := fetchFrom(other, "10.0.0.2:80"); got != step.want {
					t.Errorf("%s: %s, want %s", step.what, got, step.want)
				}
			}
			select {
			case <-s.Ready():
			default:
				t.Error("it was never ready")
			}
		}()
		return s.Run(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}
