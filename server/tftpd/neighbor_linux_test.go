package tftpd

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/wire/machine"
)

// complaints are what an outbox could not send.
type complaints []error

func (c *complaints) failed(_ netip.AddrPort, err error) { *c = append(*c, err) }
func (c *complaints) echoed(*socket)                     {}

// onAWire runs f on a thread of its own, in a net namespace with a wire at whose other end nobody is. The
// thread ends with f, so nothing has to be put back.
func onAWire(t *testing.T, prefix string, f func() error) {
	t.Helper()
	if os.Geteuid() != 0 {
		lacks.Skip(t, lacks.Root, "net namespaces want root")
	}
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		ended <- func() error {
			ns, err := netns.New()
			if err != nil {
				return err
			}
			defer ns.Close()
			if err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "here"}, PeerName: "there"}); err != nil {
				return fmt.Errorf("veth: %w", err)
			}
			for _, name := range []string{"here", "there"} {
				link, err := netlink.LinkByName(name)
				if err == nil && name == "here" {
					err = netlink.AddrAdd(link, must(netlink.ParseAddr(prefix)))
				}
				if err == nil {
					err = netlink.LinkSetUp(link)
				}
				if err != nil {
					return err
				}
			}
			return f()
		}()
	}()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestSendingNeverWaitsForANeighborThatIsNotThere(t *testing.T) {
	onAWire(t, "192.168.9.2/24", func() error {
		conn, err := Listen(netip.MustParseAddrPort("0.0.0.0:0"))
		if err != nil {
			return err
		}
		defer conn.Close()
		s, err := newSocket(conn, 5000)
		if err != nil {
			return err
		}
		var out outbox
		var wrong complaints
		block := make([]byte, 1400)
		begun := time.Now()
		for i := range 20_000 { // many times what a socket may have waiting
			dst := netip.AddrFrom4([4]byte{192, 168, 9, byte(10 + i/64%200)})
			out.put(s, machine.Datagram{Src: netip.MustParseAddrPort("192.168.9.2:5000"), Dst: netip.AddrPortFrom(dst, 2070), Payload: block})
			if out.full() {
				out.send(&wrong)
			}
		}
		out.send(&wrong)
		// ARP gives up after three seconds; a sender that waits for it waits again and again.
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("sending took %v", took)
		}
		if len(wrong) > 0 {
			t.Errorf("%d complaints, as %v: what is dropped is sent again, and is no fault", len(wrong), wrong[0])
		}
		return nil
	})
}
