package emulator

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

// pair is two hosts with a connection each.
func pair(t *testing.T) (l *Lab, a, b net.PacketConn) {
	t.Helper()
	l = newLab(t, LabConfig{NoHouse: true})
	listen := func(addr string, port uint16) net.PacketConn {
		h, err := l.Host(HostConfig{Addr: netip.MustParsePrefix(addr)})
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.ListenPacket(port)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return l, listen("192.168.9.2/24", 69), listen("192.168.9.3/24", 0)
}

func TestDatagramsGoBothWaysAndToEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, a, b := pair(t)
		buf := make([]byte, 2000)
		for _, to := range []net.Addr{a.LocalAddr(), &net.UDPAddr{IP: net.IPv4bcast, Port: 69}, &net.UDPAddr{IP: net.IPv4(192, 168, 9, 255), Port: 69}, other("192.168.9.2:69")} {
			if _, err := b.WriteTo([]byte(to.String()), to); err != nil {
				t.Fatal(err)
			}
			n, from, err := a.ReadFrom(buf)
			if err != nil {
				t.Fatal(err)
			}
			if string(buf[:n]) != to.String() || from.String() != "192.168.9.3:49152" {
				t.Errorf("it read %q from %s, not %s", buf[:n], from, to)
			}
			if _, ok := from.(*net.UDPAddr); !ok {
				t.Errorf("its address is a %T", from)
			}
			if _, err := a.WriteTo(buf[:n], from); err != nil {
				t.Fatal(err)
			}
			if n, from, err = b.ReadFrom(buf[:3]); err != nil || n != 3 || from.String() != "192.168.9.2:69" {
				t.Errorf("the answer: %d bytes from %s, %v", n, from, err)
			}
		}
		big := make([]byte, maxUDP)
		if _, err := b.WriteTo(big, a.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		if n, _, err := a.ReadFrom(make([]byte, maxUDP+1)); n != maxUDP || err != nil {
			t.Errorf("the largest datagram: %d bytes, %v", n, err)
		}
	})
}

// other is an address that is no *net.UDPAddr.
type other string

func (other) Network() string  { return "udp" }
func (o other) String() string { return string(o) }

func TestDeadlinesAndCloseEndAReadThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, a, _ := pair(t)
		began := time.Now()
		a.SetReadDeadline(began.Add(time.Second))
		_, _, err := a.ReadFrom(nil)
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) != time.Second {
			t.Errorf("ReadFrom after %s: %v", time.Since(began), err)
		}
		a.SetReadDeadline(time.Time{})
		go func() { time.Sleep(time.Hour); a.SetReadDeadline(time.Now()) }()
		if _, _, err := a.ReadFrom(nil); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) < time.Hour {
			t.Errorf("a deadline set meanwhile, after %s: %v", time.Since(began), err)
		}
		a.SetDeadline(time.Now().Add(time.Hour))
		a.SetDeadline(time.Time{})
		go func() { time.Sleep(2 * time.Hour); a.Close() }()
		if _, _, err := a.ReadFrom(nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a ReadFrom that waits while Close is called: %v", err)
		}
		for name, err := range map[string]error{"Close": a.Close(), "SetDeadline": a.SetDeadline(time.Time{})} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s of a closed one: %v", name, err)
			}
		}
	})
}

func TestAConnectionEndsWithItsHostAndWithTheLab(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, a, b := pair(t)
		a.(*conn).host.Close()
		if _, _, err := a.ReadFrom(nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("ReadFrom after the host has gone: %v", err)
		}
		if _, err := a.WriteTo(nil, b.LocalAddr()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("WriteTo after the host has gone: %v", err)
		}
		again, err := l.Host(HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")})
		if err != nil {
			t.Errorf("its address is not free again: %v", err)
		}
		go func() { time.Sleep(time.Second); l.Close() }()
		if _, _, err := b.ReadFrom(nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("ReadFrom at the lab's end: %v", err)
		}
		if _, err := again.ListenPacket(69); !errors.Is(err, net.ErrClosed) {
			t.Errorf("ListenPacket after the lab's end: %v", err)
		}
	})
}

func TestWhatAConnectionCannotSendIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, a, _ := pair(t)
		for _, tc := range []struct {
			name string
			to   net.Addr
			size int
			want string
		}{
			{"nowhere", nil, 1, "missing address"},
			{"a nil address", (*net.UDPAddr)(nil), 1, "missing port"},
			{"no address", other("server:69"), 1, "unable to parse IP"},
			{"no port", other("192.168.9.3"), 1, "missing port"},
			{"IPv6", &net.UDPAddr{IP: net.IPv6loopback, Port: 1}, 1, "not an IPv4 address to send to"},
			{"0.0.0.0", &net.UDPAddr{IP: net.IPv4zero, Port: 1}, 1, "not an IPv4 address to send to"},
			{"too much", &net.UDPAddr{IP: net.IPv4(192, 168, 9, 3), Port: 1}, maxUDP + 1, "message too long"},
		} {
			if _, err := a.WriteTo(make([]byte, tc.size), tc.to); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
			}
		}
		if _, err := a.(*conn).host.ListenPacket(69); err == nil || err.Error() != "listen at 192.168.9.2: UDP port 69 is open already" {
			t.Errorf("ListenPacket of an open port: %v", err)
		}
	})
}

func TestADeadlineMayBeMovedAtTheMomentItPasses(t *testing.T) {
	_, a, _ := pair(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 200 {
			a.ReadFrom(nil)
		}
	}()
	for open := true; open; {
		a.SetReadDeadline(time.Now().Add(50 * time.Microsecond))
		select {
		case <-done:
			open = false
		default:
		}
	}
}

// As pin/tftp does, which tries again until its transfers are over: they must be able to get there.
func TestTimeGoesOnForAServerThatReadsWhatIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, a, _ := pair(t)
		a.Close()
		for over := time.After(time.Second); ; {
			select {
			case <-over:
				return
			default:
				a.ReadFrom(nil)
			}
		}
	})
}

func TestAClosedPortSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, LabConfig{House: house.Config{SIAddr: serverAt.Addr()}})
		if _, err := l.Host(HostConfig{Addr: serverAt}); err != nil {
			t.Fatal(err)
		}
		proxy, err := l.Host(HostConfig{Addr: netip.MustParsePrefix("192.168.9.3/24")})
		if err != nil {
			t.Fatal(err)
		}
		offers, err := proxy.ListenPacket(67)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			buf := make([]byte, 1500)
			for n, _, err := offers.ReadFrom(buf); err == nil; n, _, err = offers.ReadFrom(buf) {
				offer := testnet.Packet{Type: 2, From: proxy.addr, SIAddr: serverAt.Addr(), File: "boot.efi", Class: "PXEClient", Options: []byte{43, 3, 6, 1, 8}}
				offers.WriteTo(offer.Bytes(buf[:n]), &net.UDPAddr{IP: net.IPv4bcast, Port: 68})
			}
		}()
		_, err = l.Boot(t.Context(), GuestConfig{Profile: profile(t, "ovmf-x64"), MAC: testMAC})
		if err == nil || !strings.Contains(err.Error(), "nobody listens at 192.168.9.2:69 (port unreachable)") {
			t.Errorf("the boot ended with %v", err)
		}
	})
}
