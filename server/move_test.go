package server_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

func card(name string, index int, prefix string) dhcp.Link {
	return dhcp.Link{Name: name, Index: index, Prefix: netip.MustParsePrefix(prefix)}
}

// A lab is a server as a machine whose links are moved, and what it said since it was asked last.
type lab struct {
	*server.Server
	m    machine.Machine
	said []string
	from netip.AddrPort // where the last block came from
}

func newLab(t *testing.T, settings config.Config, links ...dhcp.Link) *lab {
	t.Helper()
	l := &lab{}
	var err error
	l.Server, err = server.New(server.Config{Links: links, Settings: settings, Waits: true, Events: event.Func(func(e event.Event) {
		switch e.Kind {
		case event.Ready, event.Waiting, event.Change, event.Fault:
			l.said = append(l.said, fmt.Sprintf("%s %s", e.Kind, e.Text))
		}
	})})
	if err != nil {
		t.Fatal(err)
	}
	l.m = l.Machine()
	return l
}

// offer is who answers a DISCOVER that comes by a link.
func (l *lab) offer(t *testing.T, link int) string {
	t.Helper()
	l.m.Receive(time.Unix(0, 0), machine.Datagram{Link: link, Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: discover(0)})
	d, ok := l.m.Next()
	if !ok {
		return ""
	}
	p, err := dhcpv4.FromBytes(d.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return p.ServerIdentifier().String()
}

// file is the first block of a file that is asked for at an address by a link.
func (l *lab) file(link int, at, name string, port uint16) string {
	l.m.Receive(time.Unix(0, 0), machine.Datagram{Link: link, Src: netip.AddrPortFrom(netip.MustParseAddr("192.168.9.50"), port),
		Dst: netip.AddrPortFrom(netip.MustParseAddr(at), 69), Payload: []byte("\x00\x01" + name + "\x00octet\x00")})
	d, ok := l.m.Next()
	switch {
	case !ok:
		return "silence"
	case d.Payload[1] == 5:
		return "error " + string('0'+rune(d.Payload[3]))
	}
	l.from = d.Src
	return string(d.Payload[4:])
}

// next acknowledges a first block to where it came from, and yields the second.
func (l *lab) next(from netip.AddrPort, port uint16) string {
	l.m.Receive(time.Unix(0, 0), machine.Datagram{Src: netip.AddrPortFrom(netip.MustParseAddr("192.168.9.50"), port), Dst: from, Payload: []byte{0, 4, 0, 1}})
	d, _ := l.m.Next()
	return string(d.Payload[min(4, len(d.Payload)):])
}

// One server, step by step: where its links are, what it says of that, and who answers by the first link.
func TestAServerFollowsItsLinks(t *testing.T) {
	type step struct {
		what    string
		links   []dhcp.Link
		missing []string
		says    []string
		offers  string
	}
	eth0, eth0Elsewhere, eth1 := card("eth0", 2, "192.168.9.2/24"), card("eth0", 2, "192.168.9.7/24"), card("eth1", 3, "10.0.0.2/8")
	const (
		proxy = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\n"
		none  = "waiting dnsmasq.conf:1: the range 192.168.9.0 is the network of none of the interfaces: there is none with an IPv4 address; put the network of one of them there"
	)
	for name, c := range map[string]struct {
		conf  string // "": the embedded program
		links []dhcp.Link
		steps []step
	}{
		"a card that is plugged in": {proxy, nil, []step{
			{"nothing changed", nil, nil, nil, ""},
			{"another card", []dhcp.Link{eth1}, nil, []string{"waiting dnsmasq.conf:1: the range 192.168.9.0 is the network of none of eth1 10.0.0.2/8; put the network of one of them there"}, ""},
			{"the card", []dhcp.Link{eth0, eth1}, nil, []string{"ready DHCP on eth0 192.168.9.2/24"}, "192.168.9.2"},
			{"the other goes", []dhcp.Link{eth0}, nil, nil, "192.168.9.2"},
			{"another address", []dhcp.Link{eth0Elsewhere}, nil, []string{"change eth0 192.168.9.2/24 is gone", "change eth0 192.168.9.7/24 is served"}, "192.168.9.7"},
			{"it goes", nil, nil, []string{none}, ""},
			{"it is back", []dhcp.Link{eth0}, nil, []string{"ready DHCP on eth0 192.168.9.2/24"}, "192.168.9.2"},
		}},
		"one of two is missing": {proxy + "interface=eth0,eth1\n", []dhcp.Link{eth0}, []step{
			{"still", []dhcp.Link{eth0}, []string{"x: eth1 is down"}, []string{"waiting x: eth1 is down"}, "192.168.9.2"},
			{"and still", []dhcp.Link{eth0}, []string{"x: eth1 is down"}, nil, "192.168.9.2"},
			{"both", nil, []string{"x: eth0 is down", "x: eth1 is down"}, []string{"waiting x: eth0 is down; x: eth1 is down"}, ""},
			{"one of both", nil, []string{"x: eth0 is down"}, []string{"waiting x: eth0 is down"}, ""},
			{"none", []dhcp.Link{eth0, eth1}, nil, []string{"ready DHCP on eth0 192.168.9.2/24"}, "192.168.9.2"},
		}},
		"addresses of the new network are given": {"dhcp-range=192.168.9.100,192.168.9.110\ndhcp-range=10.0.0.100,10.0.0.110\nno-ping\n", []dhcp.Link{eth0}, []step{
			{"at first", []dhcp.Link{eth0}, nil, nil, "192.168.9.2"},
			{"moved", []dhcp.Link{card("eth0", 2, "10.0.0.9/8")}, nil, []string{"change eth0 192.168.9.2/24 is gone", "change eth0 10.0.0.9/8 is served"}, "10.0.0.9"},
		}},
		"without a configuration all are served": {"", nil, []step{
			{"none", nil, nil, nil, ""},
			{"one", []dhcp.Link{eth1}, nil, []string{"ready DHCP on eth1 10.0.0.2/8; TFTP with the embedded boot program"}, "10.0.0.2"},
			{"two", []dhcp.Link{eth1, eth0}, nil, []string{"change eth0 192.168.9.2/24 is served"}, "10.0.0.2"},
			{"the other", []dhcp.Link{eth0}, nil, []string{"change eth1 10.0.0.2/8 is gone"}, "192.168.9.2"},
			{"none", nil, nil, []string{"waiting there is no interface with an IPv4 address to serve"}, ""},
		}},
		"a relay whose address comes": {"dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\ndhcp-relay=10.0.0.2,10.9.9.9\n", []dhcp.Link{eth0}, []step{
			{"the address", []dhcp.Link{eth0, eth1}, nil, []string{"change eth1 10.0.0.2/8 is served"}, "192.168.9.2"},
			{"and goes", []dhcp.Link{eth0}, nil, []string{"change eth1 10.0.0.2/8 is gone", "fault no interface that is served has the address 10.0.0.2: nothing is relayed from there"}, "192.168.9.2"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var settings config.Config
			if c.conf != "" {
				settings = parse(t, c.conf)
			}
			l := newLab(t, settings, c.links...)
			for _, s := range c.steps {
				l.said = nil
				l.Move(server.Host{Links: s.links, Missing: s.missing})
				if diff := cmp.Diff(s.says, l.said); diff != "" {
					t.Errorf("%s: it says (-want +got):\n%s", s.what, diff)
				}
				if got := l.offer(t, 0); got != s.offers {
					t.Errorf("%s: answered by %q, want %q", s.what, got, s.offers)
				}
			}
		})
	}
}

func TestTFTPFollowsItsLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "menu"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	eth0, eth1 := card("eth0", 2, "192.168.9.2/24"), card("eth1", 3, "192.168.20.2/24")
	l := newLab(t, parse(t, "enable-tftp\ntftp-root="+dir+"\nno-dhcp-interface=eth1\n"), eth0)
	port := uint16(2000)
	asks := func(what string, link int, at, want string) {
		t.Helper()
		port++
		if got := l.file(link, at, "menu", port); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	asks("at first", 0, "192.168.9.2", "hello")
	l.Move(server.Host{})
	asks("without any link", 0, "192.168.9.2", "silence")
	l.Move(server.Host{Links: []dhcp.Link{eth1, eth0}})
	asks("where there is no TFTP", 0, "192.168.20.2", "silence")
	asks("by its new number", 1, "192.168.9.2", "hello")
}

// What was there when a transfer began is sent to its end; the next gets what is there now.
func TestATreeThatIsReplacedIsServed(t *testing.T) {
	for name, replace := range map[string]func(dir string) error{
		"a link is turned": func(dir string) error {
			if err := os.Symlink("two", dir+"/new"); err != nil {
				return err
			}
			return os.Rename(dir+"/new", dir+"/root")
		},
		"a directory takes its place": func(dir string) error {
			if err := os.Remove(dir + "/root"); err != nil {
				return err
			}
			return os.Rename(dir+"/two", dir+"/root")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name, text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			big := make([]byte, 600)
			for i := range big {
				big[i] = '1'
			}
			write("one/menu", "one")
			write("one/big", string(big))
			write("two/menu", "two")
			write("two/192.168.9.50/menu", "own")
			if err := os.Symlink("one", dir+"/root"); err != nil {
				t.Fatal(err)
			}
			l := newLab(t, parse(t, "enable-tftp\ntftp-root="+dir+"/root\n"), card("eth0", 2, "192.168.9.2/24"))
			own := newLab(t, parse(t, "enable-tftp\ntftp-unique-root\ntftp-root="+dir+"/root\n"), card("eth0", 2, "192.168.9.2/24"))
			for what, lab := range map[string]*lab{"the root": l, "a machine's own": own} {
				if got := lab.file(0, "192.168.9.2", "menu", 2000); got != "one" {
					t.Fatalf("%s: at first %q", what, got)
				}
			}
			begun := l.file(0, "192.168.9.2", "big", 3000)
			by := l.from
			if err := replace(dir); err != nil {
				t.Fatal(err)
			}
			if got := l.file(0, "192.168.9.2", "menu", 2001); got != "two" {
				t.Errorf("then %q", got)
			}
			if got := own.file(0, "192.168.9.2", "menu", 2001); got != "own" {
				t.Errorf("then of its own %q", got)
			}
			if got := l.file(0, "192.168.9.2", "big", 3001); got != "error 1" {
				t.Errorf("what is not in the new one: %q", got)
			}
			if all := begun + l.next(by, 3000); all != string(big) {
				t.Errorf("what had begun is %q", all)
			}
		})
	}
}
