package main

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/cable"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/tftpd"
)

// TestTFTPIsAskedWhereDnsmasqIsAsked has the real dnsmasq and us serve two networks, with every way of choosing where.
func TestTFTPIsAskedWhereDnsmasqIsAsked(t *testing.T) {
	dnsmasq, err := peer.Installed()
	if err != nil {
		must.Skip(t, must.Peers, err.Error())
	}
	servers := map[string]func(conf string) *victim{
		"dnsmasq": func(conf string) *victim {
			return &victim{program: dnsmasq.Argv[0], args: []string{"-k", "-C", conf, "--user=root", "--pid-file=", "--log-facility=-"}}
		},
		"bootrig": func(conf string) *victim {
			return &victim{args: []string{"serve", "-C", conf, "--state", filepath.Join(filepath.Dir(conf), "state.db")}}
		},
	}
	host := newTwoNetworks(t)
	askings := []question{ // the columns of want: + is served
		host.machine(t, "eth0", "10.0.0.2"), host.machine(t, "eth1", "10.0.1.2"), host.machine(t, "eth1", "10.0.0.2"),
		newQuestion(t, "lo", "127.0.0.1"), newQuestion(t, "lo", "10.0.0.2"), newQuestion(t, "lo", "10.0.1.2"),
	}
	for _, c := range []struct{ lines, want string }{
		{"", "++++++"},
		{"interface=eth0", "+--++-"},
		{"interface=eth1", "-+++-+"},
		{"listen-address=10.0.0.2", "+-+-+-"},
		{"interface=eth0\nlisten-address=10.0.1.2", "++-+++"},
		{"except-interface=lo", "+++-++"},
		{"enable-tftp=eth0", "+---+-"},
		{"bind-interfaces", "++++++"},
		{"bind-interfaces\ninterface=eth0", "+-+++-"},
		{"bind-interfaces\nlisten-address=10.0.0.2", "+-+-+-"},
		{"bind-dynamic", "++++++"},
		{"bind-dynamic\ninterface=eth0", "+--++-"},
		{"bind-dynamic\nlisten-address=10.0.0.2", "+-+-+-"},
	} {
		for name, server := range servers {
			conf := filepath.Join(public(t), "dnsmasq.conf")
			ok(t, os.WriteFile(conf, []byte("port=0\nenable-tftp\ntftp-root="+filepath.Dir(conf)+"\n"+c.lines+"\n"), 0o644))
			s := server(conf)
			s.start(t)
			got := answers(t, askings)
			_ = s.process.Process.Kill()
			s.end()
			if got != c.want {
				t.Errorf("%s with %q answers %s of %v, want %s\n%s", name, c.lines, got, askings, c.want, s.said.Bytes())
			}
		}
	}
}

// twoNetworks are a host, which is 10.0.0.2 on eth0 and 10.0.1.2 on eth1, and a machine on each: 10.0.0.3 and 10.0.1.3.
type twoNetworks struct {
	host, machines netns.NsHandle
}

// newTwoNetworks lets the test go on in the namespace of the host.
func newTwoNetworks(t *testing.T) *twoNetworks {
	t.Helper()
	if os.Geteuid() != 0 {
		must.Skip(t, must.Root, "net namespaces want root")
	}
	runtime.LockOSThread() // for good: the thread ends with the test
	machines, err := netns.New()
	ok(t, err)
	host, err := netns.New()
	ok(t, err)
	t.Cleanup(func() { ok(t, machines.Close()); ok(t, host.Close()) })
	for name, addrs := range map[string][2]string{"lo": {"127.0.0.1/8"}, "eth0": {"10.0.0.2/24", "10.0.0.3/24"}, "eth1": {"10.0.1.2/24", "10.0.1.3/24"}} {
		if name != "lo" {
			ok(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name, PeerNamespace: netlink.NsFd(machines)}))
			ok(t, netns.Set(machines))
			attach(t, name, addrs[1])
			ok(t, netns.Set(host))
			attach(t, name, addrs[0])
			continue
		}
		lo, err := netlink.LinkByName(name)
		ok(t, err)
		ok(t, netlink.LinkSetUp(lo))
	}
	n := &twoNetworks{host: host, machines: machines}
	for _, at := range []netns.NsHandle{host, machines} {
		ok(t, netns.Set(at))
		cable.Carries(t, "eth0", "eth1")
	}
	eth1, err := netlink.LinkByName("eth1")
	ok(t, err)
	ok(t, netlink.RouteAdd(&netlink.Route{LinkIndex: eth1.Attrs().Index, Scope: netlink.SCOPE_LINK, Dst: &net.IPNet{IP: net.IPv4(10, 0, 0, 2), Mask: net.CIDRMask(32, 32)}}))
	ok(t, netns.Set(host))
	return n
}

func attach(t *testing.T, name, cidr string) {
	t.Helper()
	link, err := netlink.LinkByName(name)
	ok(t, err)
	addr, err := netlink.ParseAddr(cidr)
	ok(t, err)
	ok(t, netlink.AddrAdd(link, addr))
	ok(t, netlink.LinkSetUp(link))
}

// A question is a socket that asks one address.
type question struct {
	from string
	to   netip.AddrPort
	net.PacketConn
}

func (q question) String() string { return q.from + " " + q.to.Addr().String() }

// ask wants a file that is not there: who serves says so.
func (q question) ask(t *testing.T) {
	t.Helper()
	_, err := q.WriteTo([]byte("\x00\x01none\x00octet\x00"), net.UDPAddrFromAddrPort(q.to))
	ok(t, err)
}

// answered waits for an answer.
func (q question) answered(patience time.Duration) bool {
	_ = q.SetReadDeadline(time.Now().Add(patience))
	_, _, err := q.ReadFrom(make([]byte, 600))
	return err == nil
}

func newQuestion(t *testing.T, from, to string) question {
	t.Helper()
	bind := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		if from == "lo" {
			return nil
		}
		return raw.Control(func(fd uintptr) { _ = unix.BindToDevice(int(fd), from) })
	}}
	conn, err := bind.ListenPacket(context.Background(), "udp4", "0.0.0.0:0")
	ok(t, err)
	t.Cleanup(func() { conn.Close() })
	return question{from, netip.AddrPortFrom(netip.MustParseAddr(to), tftpd.Port), conn}
}

// machine is what the machine on a link asks.
func (n *twoNetworks) machine(t *testing.T, link, to string) question {
	t.Helper()
	ok(t, netns.Set(n.machines))
	defer func() { ok(t, netns.Set(n.host)) }()
	return newQuestion(t, link, to)
}

// answers asks all, and says which are answered. No server handles more than a few packets before one that came
// earlier, so when the last of several to the one who is answered has its answer, what the others get has come.
func answers(t *testing.T, questions []question) string {
	t.Helper()
	const several = 5
	heard := -1
	for late := time.Now().Add(10 * time.Second); heard < 0 && time.Now().Before(late); {
		for i, q := range questions {
			if q.ask(t); q.answered(50 * time.Millisecond) {
				heard = i
			}
		}
	}
	if heard < 0 {
		return "nobody"
	}
	for _, q := range questions {
		for q.answered(time.Millisecond) { // to what was asked before all sockets were open
		}
		q.ask(t)
	}
	marks := []byte(strings.Repeat("-", len(questions)))
	for range several {
		questions[heard].ask(t)
	}
	for n := 0; n <= several && questions[heard].answered(10*time.Second); n++ {
		marks[heard] = '+'
	}
	for i, q := range questions {
		if q.answered(time.Millisecond) {
			marks[i] = '+'
		}
	}
	return string(marks)
}
