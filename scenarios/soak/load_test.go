package soak

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/tap"
)

// An enemy is a host full of them: it has several addresses.
type enemy struct {
	*tap.Host
	addrs  []netip.Addr
	random *rand.Rand
}

// attack starts all that is not well meant, each kind in a goroutine that does one thing every so often.
func (s *scene) attack(ctx context.Context, all *sync.WaitGroup, h *tap.Host, r rules) {
	s.Helper()
	begin := func(every time.Duration, kind func(context.Context, *enemy) (func(), error)) {
		e := &enemy{Host: h, random: rand.New(rand.NewPCG(1, uint64(every)))}
		for n := range byte(10) {
			e.addrs = append(e.addrs, netip.AddrFrom4([4]byte{192, 168, 9, 10 + n}))
		}
		act, err := kind(ctx, e)
		must(s.T, err)
		all.Go(func() {
			ticks := time.NewTicker(every)
			defer ticks.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticks.C:
					act()
				}
			}
		})
	}
	must(s.T, h.In(addAddresses))
	begin(time.Second/100, storm)
	begin(r.abandon, abandoned)
	begin(time.Second/50, discovers)
	begin(time.Second/5, tenants)
	begin(time.Second/200, scan)
	begin(time.Second/20, knock)
	begin(time.Second/150, rubbish)
	begin(time.Second/4, silent)
}

func addAddresses() error {
	eth0, err := netlink.LinkByName("eth0")
	if err != nil {
		return err
	}
	for n := range 10 {
		addr, err := netlink.ParseAddr(fmt.Sprintf("192.168.9.%d/16", 10+n))
		if err != nil {
			return err
		}
		if err := netlink.AddrAdd(eth0, addr); err != nil {
			return err
		}
	}
	return nil
}

// socket opens a UDP socket of one of the addresses until ctx ends.
func (e *enemy) socket(ctx context.Context, addr netip.Addr, port uint16) (c *net.UDPConn, err error) {
	err = e.In(func() error {
		config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1) })
		}}
		p, err := config.ListenPacket(ctx, "udp4", netip.AddrPortFrom(addr, port).String())
		if err == nil {
			c = p.(*net.UDPConn)
			context.AfterFunc(ctx, func() { c.Close() })
		}
		return err
	})
	return c, err
}

func (e *enemy) any() netip.Addr { return e.addrs[e.random.IntN(len(e.addrs))] }

// say sends what may well be refused.
func say(c *net.UDPConn, port uint16, payload []byte) {
	_, _ = c.WriteToUDPAddrPort(payload, netip.AddrPortFrom(server.Addr(), port))
}

func rrq(name string, options ...string) []byte {
	b := []byte{0, 1}
	for _, word := range append([]string{name, "octet"}, options...) {
		b = append(append(b, word...), 0)
	}
	return b
}

// storm asks for files from many ports and never answers; some ports are closed again, and say so by ICMP.
func storm(ctx context.Context, e *enemy) (func(), error) {
	var sockets []*net.UDPConn
	for range 128 {
		c, err := e.socket(ctx, e.any(), 0)
		if err != nil {
			return nil, err
		}
		sockets = append(sockets, c)
	}
	requests := [][]byte{
		rrq("big"), rrq("big", "blksize", "1468", "windowsize", "64"), rrq("big", "timeout", "255", "tsize", "0"), rrq("no such file"), rrq("../../etc/passwd"),
	}
	n := 0
	return func() {
		n++
		if n%20 == 0 {
			if c, err := e.socket(ctx, e.any(), 0); err == nil {
				say(c, 69, requests[1])
				c.Close()
			}
		}
		say(sockets[n%len(sockets)], 69, requests[n%len(requests)])
	}, nil
}

// abandoned begins transfers, acknowledges some blocks and is gone.
func abandoned(ctx context.Context, e *enemy) (func(), error) {
	return func() {
		c, err := e.socket(ctx, e.any(), 0)
		if err != nil {
			return
		}
		say(c, 69, rrq("big"))
		patience := 1 + e.random.IntN(20)
		go func() {
			defer c.Close()
			buf := make([]byte, 2048)
			for range patience {
				_ = c.SetReadDeadline(time.Now().Add(time.Second))
				n, from, err := c.ReadFromUDPAddrPort(buf)
				if err != nil || n < 4 {
					return
				}
				_, _ = c.WriteToUDPAddrPort([]byte{0, 4, buf[2], buf[3]}, from)
			}
		}()
	}, nil
}

// client is a DHCP packet from a machine.
func client(mac net.HardwareAddr, kind dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	const broadcast = 0x8000
	return &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: mac, Flags: broadcast, Options: dhcpv4.Options{53: {byte(kind)}},
	}
}

func shout(c *net.UDPConn, payload []byte) {
	_, _ = c.WriteToUDPAddrPort(payload, netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), 67))
}

// discovers are machines that are made up.
func discovers(ctx context.Context, e *enemy) (func(), error) {
	c, err := e.socket(ctx, e.addrs[0], 0)
	return func() {
		mac := binary.BigEndian.AppendUint32([]byte{2, 0}, e.random.Uint32())
		shout(c, client(mac, dhcpv4.MessageTypeDiscover).ToBytes())
	}, err
}

// tenants are a few dozen machines whose leases come and go.
func tenants(ctx context.Context, e *enemy) (func(), error) {
	c, err := e.socket(ctx, netip.IPv4Unspecified(), 68)
	if err != nil {
		return nil, err
	}
	mine := net.HardwareAddr{2, 0xff, 0, 0, 0, 0}
	go func() {
		buf := make([]byte, 2048)
		for n, err := c.Read(buf); err == nil; n, err = c.Read(buf) {
			p, err := dhcpv4.FromBytes(buf[:n])
			if err != nil || !slices.Equal(p.ClientHWAddr[:2], mine[:2]) {
				continue
			}
			then := client(p.ClientHWAddr, dhcpv4.MessageTypeRequest)
			then.Options[54] = server.Addr().AsSlice()
			switch p.MessageType() {
			case dhcpv4.MessageTypeOffer:
				then.Options[50] = p.YourIPAddr.To4()
			case dhcpv4.MessageTypeAck:
				if p.ClientHWAddr[5]%2 == 0 {
					continue
				}
				then.Options[53], then.ClientIPAddr = []byte{byte(dhcpv4.MessageTypeRelease)}, p.YourIPAddr
			default:
				continue
			}
			shout(c, then.ToBytes())
		}
	}()
	return func() {
		mac := slices.Clone(mine)
		mac[5] = byte(e.random.IntN(40))
		shout(c, client(mac, dhcpv4.MessageTypeDiscover).ToBytes())
	}, nil
}

// scan looks for UDP ports.
func scan(ctx context.Context, e *enemy) (func(), error) {
	c, err := e.socket(ctx, e.addrs[1], 0)
	return func() { say(c, uint16(e.random.IntN(1<<16)), []byte{0}) }, err
}

// knock looks for TCP ports, and says rubbish where one is open.
func knock(ctx context.Context, e *enemy) (func(), error) {
	dial := in(e.Host)
	n := 0
	return func() {
		port := uint16(e.random.IntN(1 << 16))
		if n++; n%4 == 0 {
			port = 80
		}
		if c, err := dial(ctx, "tcp4", netip.AddrPortFrom(server.Addr(), port).String()); err == nil {
			_, _ = io.WriteString(c, "GET\x00 /\xff rubbish\r\n\r\n")
			c.Close()
		}
	}, nil
}

// rubbish is packets that are none, or almost one.
func rubbish(ctx context.Context, e *enemy) (func(), error) {
	c, err := e.socket(ctx, e.addrs[2], 0)
	whole := [][]byte{client(net.HardwareAddr{2, 0xee, 0, 0, 0, 1}, dhcpv4.MessageTypeDiscover).ToBytes(), rrq("big", "blksize", "512"), {0, 4, 0, 1}, {0, 5, 0, 0, 0}}
	ports := []uint16{67, 69, 4011}
	return func() {
		b := slices.Clone(whole[e.random.IntN(len(whole))])
		for range 1 + e.random.IntN(8) {
			b[e.random.IntN(len(b))] = byte(e.random.Uint32())
		}
		switch e.random.IntN(3) {
		case 0:
			b = b[:e.random.IntN(len(b))]
		case 1:
			b = append(b, make([]byte, e.random.IntN(1000))...)
		}
		say(c, ports[e.random.IntN(len(ports))], b)
	}, err
}

// silent opens connections and asks for nothing, or for half of something.
func silent(ctx context.Context, e *enemy) (func(), error) {
	dial := in(e.Host)
	var held []net.Conn
	return func() {
		if len(held) >= 40 {
			held[0].Close()
			held = held[1:]
		}
		c, err := dial(ctx, "tcp4", netip.AddrPortFrom(server.Addr(), 80).String())
		if err != nil {
			return
		}
		if len(held)%2 == 0 {
			_, _ = io.WriteString(c, "GET /big HTTP/1.1\r\nHost: x\r\nX: ")
		}
		held = append(held, c)
	}, nil
}
