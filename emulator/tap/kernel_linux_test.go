package tap

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/vishvananda/netlink"

	"github.com/bootrig/bootrig/emulator/link"
)

// place is a host without a process.
func place(t testing.TB, l *Lab, name string, prefix string) *Host {
	p := netip.MustParsePrefix(prefix)
	mac := append(net.HardwareAddr{0x52, 0x54}, p.Addr().AsSlice()...)
	return startHost(t, l, HostSpec{Name: name, NICs: []NIC{{MAC: mac, Prefix: p}}})
}

// TestKernelFramesAreWhole has two kernels talk TCP and UDP over the LAN. A TAP without offloads must
// give frames as they would be on a cable: checksums filled in, nothing longer than the MTU.
func TestKernelFramesAreWhole(t *testing.T) {
	if !inside(t) {
		return
	}
	l := newLab(t)
	server, client := place(t, l, "server", "192.168.9.2/24"), place(t, l, "client", "192.168.9.100/24")
	seen := map[gopacket.LayerType]int{}
	l.Do(func(_ time.Time, lan *link.LAN) {
		lan.WatchAll(func(_ time.Time, _ link.Port, frame []byte) {
			if len(frame) > 1514 {
				t.Errorf("a frame of %d bytes", len(frame))
			}
			if !t.Failed() { // one bad frame says enough
				verify(t, seen, bytes.Clone(frame))
			}
		})
	})
	content := bytes.Repeat([]byte("an odd number of bytes."), 20011)
	if got := overHTTP(t, server, client, content); !bytes.Equal(got, content) {
		t.Fatalf("%d bytes came by HTTP, not %d", len(got), len(content))
	}
	l.Do(func(time.Time, *link.LAN) {
		for _, kind := range []gopacket.LayerType{layers.LayerTypeARP, layers.LayerTypeTCP, layers.LayerTypeUDP} {
			if seen[kind] == 0 {
				t.Errorf("no %v was seen", kind)
			}
		}
		t.Log(seen)
	})
}

// overHTTP serves content on one host and gets it on another, and sends a datagram first.
func overHTTP(t *testing.T, server, client *Host, content []byte) (got []byte) {
	t.Helper()
	var listener net.Listener
	if err := server.In(func() (err error) { listener, err = net.Listen("tcp4", ":80"); return }); err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(content) })}
	done := make(chan struct{})
	go func() { web.Serve(listener); close(done) }()
	defer func() { web.Close(); <-done }()

	var udp, tcp net.Conn
	err := client.In(func() (err error) {
		if udp, err = net.Dial("udp4", "192.168.9.2:80"); err != nil {
			return err
		}
		tcp, err = net.DialTimeout("tcp4", "192.168.9.2:80", 10*time.Second)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	defer tcp.Close()
	tcp.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(udp, "odd")
	io.WriteString(tcp, "GET / HTTP/1.0\r\n\r\n")
	answer, err := io.ReadAll(tcp)
	if err != nil {
		t.Fatal(err)
	}
	_, got, _ = bytes.Cut(answer, []byte("\r\n\r\n"))
	return got
}

// verify checks each layer's checksum with an independent decoder.
func verify(t *testing.T, seen map[gopacket.LayerType]int, frame []byte) {
	packet := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
	if failed := packet.ErrorLayer(); failed != nil {
		t.Errorf("frame %x: %v", frame, failed.Error())
	}
	for _, layer := range packet.Layers() {
		seen[layer.LayerType()]++
		if above, ok := layer.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok && packet.NetworkLayer() != nil {
			above.SetNetworkLayerForChecksum(packet.NetworkLayer())
		}
	}
	if err, mismatches := packet.VerifyChecksums(); err != nil || len(mismatches) > 0 {
		t.Errorf("checksums %v (%v) in %v", mismatches, err, packet)
	}
}

func TestTheWorldOfAHost(t *testing.T) {
	if !inside(t) {
		return
	}
	l := newLab(t)
	h := place(t, l, "server", "192.168.9.2/24")
	var links []netlink.Link
	var addrs []netlink.Addr
	var v6 []byte
	err := h.In(func() (err error) {
		if links, err = netlink.LinkList(); err != nil {
			return err
		}
		v6, _ = os.ReadFile("/proc/thread-self/net/if_inet6")
		addrs, err = netlink.AddrList(links[slices.IndexFunc(links, isEth0)], netlink.FAMILY_ALL)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range links {
		if l.Attrs().Flags&net.FlagUp == 0 {
			t.Errorf("%s is down", l.Attrs().Name)
		}
		names = append(names, l.Attrs().Name+" "+l.Attrs().HardwareAddr.String())
	}
	if diff := cmp.Diff([]string{"lo ", "eth0 52:54:c0:a8:09:02"}, names); diff != "" {
		t.Errorf("its links (-want +got):\n%s", diff)
	}
	if len(addrs) != 1 || addrs[0].IPNet.String() != "192.168.9.2/24" || addrs[0].Broadcast.String() != "192.168.9.255" {
		t.Errorf("its addresses are %v", addrs)
	}
	if strings.TrimSpace(string(v6)) != "" {
		t.Errorf("it has IPv6 addresses:\n%s", v6)
	}
}

func isEth0(l netlink.Link) bool { return l.Attrs().Name == "eth0" }
