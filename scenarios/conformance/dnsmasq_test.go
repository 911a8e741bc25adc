package conformance

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
)

// A real is a dnsmasq in its own namespace, and the wire to it.
type real struct {
	lab    *tap.Lab
	host   *tap.Host
	port   link.Port
	frames chan []byte
	asked  uint16
	hung   bool // it will not end by itself
}

// sentinels is how many follow a question, and one more for each further question; doc.go says why they
// are three.
const sentinels = 3

// watch is where sentinels ask from: an address that no client has.
var watch = netip.MustParseAddr("192.168.9.240")

var started = regexp.MustCompile(`^dnsmasq-tftp: TFTP `)

const leaseFile = "/run/leases"

// startDnsmasq runs dnsmasq until the test ends. TFTP is for the sentinels, and tftp-root a directory
// that need not exist.
func startDnsmasq(t *testing.T, d peer.Program, conf []byte, more ...tap.Bind) *real {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dnsmasq.conf")
	if err := os.WriteFile(file, conf, 0o644); err != nil {
		t.Fatal(err)
	}
	lan := link.NewLAN(1)
	r := &real{frames: make(chan []byte, 64)}
	r.port = lan.External("clients", func(frame []byte) {
		select {
		case r.frames <- append([]byte(nil), frame...):
		default: // nobody reads: the test is over
		}
	})
	r.lab = tap.Drive(lan)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.lab.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil && !r.hung {
			t.Error(err)
		}
	})
	enable := "--enable-tftp"
	if len(more) > 0 && bytes.Contains(conf, []byte("enable-tftp")) {
		enable = "--tftp-no-fail" // the configuration says where
	}
	var err error
	r.host, err = r.lab.Host(tap.HostSpec{
		Name: "dnsmasq", NICs: []tap.NIC{{MAC: serverMAC, Prefix: server}},
		Argv:  append(run(d, leaseFile), enable, "--tftp-no-fail"),
		Binds: append(more, shown(d, file)...),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.host.In(acquaint); err != nil {
		t.Fatal("routes and neighbours of dnsmasq: ", err)
	}
	soon, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if _, err := r.host.Expect(soon, started); err != nil {
		t.Fatal(err)
	}
	return r
}

// peerDir is where a host sees a dnsmasq that is no part of the system.
const peerDir = "/opt/dnsmasq"

// run is the command line of a dnsmasq in a host.
func run(d peer.Program, leases string) []string {
	return append(slices.Clone(d.In(peerDir)), "-d", "-C", "/etc/dnsmasq.conf", "--dhcp-leasefile="+leases, "--pid-file=/run/pid")
}

// shown is what it has to see there.
func shown(d peer.Program, conf string) []tap.Bind {
	binds := []tap.Bind{{Host: conf, Inside: "/etc/dnsmasq.conf", ReadOnly: true}}
	if d.Tree != "" {
		binds = append(binds, tap.Bind{Host: d.Tree, Inside: peerDir, ReadOnly: true})
	}
	return binds
}

// acquaint gives the host the way to the other networks, and the clients as its neighbours: a reply that
// waited for ARP could come behind the sentinel's.
func acquaint() error {
	eth0, err := netlink.LinkByName("eth0")
	if err != nil {
		return err
	}
	index := eth0.Attrs().Index
	for host := server.Masked().Addr().Next(); server.Contains(host); host = host.Next() {
		if host == server.Addr() {
			continue
		}
		err := netlink.NeighAdd(&netlink.Neigh{LinkIndex: index, State: netlink.NUD_PERMANENT, IP: host.AsSlice(), HardwareAddr: ourMAC})
		if err != nil {
			return err
		}
	}
	return netlink.RouteAdd(&netlink.Route{LinkIndex: index, Gw: house.AsSlice()})
}

func (r *real) send(frame []byte) {
	r.lab.Do(func(now time.Time, lan *link.LAN) { lan.Inject(now, r.port, frame) })
}

// sentinel asks by TFTP for a file that is not there.
func (r *real) sentinel() {
	r.asked = (r.asked + 1) % 20000
	src := netip.AddrPortFrom(watch, 20000+r.asked)
	r.send(datagram(ourMAC, serverMAC, src, netip.AddrPortFrom(server.Addr(), 69), []byte("\x00\x01no/such/file\x00octet\x00")))
}

// ask puts a question, and returns what was said before the last of its sentinels was answered.
func (r *real) ask(t *testing.T, q question) []reply {
	t.Helper()
	return r.askAll(t, []inquiry{{question: q}})[0]
}

const (
	atOnce = 24 // questions that fit the buffer of dnsmasq's socket
	xidAt  = 4
)

// askAll puts several questions, which differ in their xid.
func (r *real) askAll(t *testing.T, asked []inquiry) [][]reply {
	t.Helper()
	byID := map[[4]byte]int{}
	for i, q := range asked {
		byID[[4]byte(q.question.packet[xidAt:])] = i
		r.send(datagram(ourMAC, serverMAC, q.src, q.dst, q.question.packet))
	}
	r.sentinel()
	replies := make([][]reply, len(asked))
	late := time.NewTimer(10 * time.Second)
	defer late.Stop()
	for answered := 0; answered < len(asked)+sentinels-1; {
		select {
		case frame := <-r.frames:
			p := read(frame)
			switch {
			case p.dst.Addr() == watch && p.dst.Port() == 20000+r.asked:
				if answered++; answered < len(asked)+sentinels-1 {
					r.sentinel()
				}
			case (p.src.Port() == 67 || p.src.Port() == alternate.DHCPServer() || p.src.Port() == 4011) && len(p.payload) > xidAt+4:
				i, ok := byID[[4]byte(p.payload[xidAt:])]
				if !ok {
					t.Fatalf("dnsmasq answers what nobody asked: %x", p.payload)
				}
				replies[i] = append(replies[i], reply{src: p.src, dst: p.dst, packet: p.payload})
			}
		case <-late.C:
			t.Fatalf("%s: dnsmasq does not answer the sentinel; it says %q", asked[0].question.name, r.host.Tail(9))
		}
	}
	return replies
}
