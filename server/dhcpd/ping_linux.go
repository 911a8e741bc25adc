package dhcpd

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"sync/atomic"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// A pinger looks for addresses by ICMP echo (RFC 792).
type pinger struct {
	conn   *net.IPConn
	id     uint16
	buf    []byte
	broken atomic.Bool
}

func newPinger() (*pinger, error) {
	conn, err := net.ListenIP("ip4:icmp", nil)
	if err != nil {
		return nil, err
	}
	var replies ipv4.ICMPFilter
	replies.SetAll(true)
	replies.Accept(ipv4.ICMPTypeEchoReply)
	if err := ipv4.NewPacketConn(conn).SetICMPFilter(&replies); err != nil {
		conn.Close()
		return nil, err
	}
	_ = at(conn, func(fd int) error { makeRoom(fd); return nil })
	return &pinger{conn: conn, id: uint16(rand.Uint32()), buf: make([]byte, 1500)}, nil
}

// Ask sends an echo request by an interface. It does not wait: most who are asked are not there, and nobody
// answers the kernel's ARP.
func (p *pinger) Ask(index int, addr netip.Addr) error {
	echo := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: int(p.id), Seq: 1, Data: []byte("bootrig")}}
	b, err := echo.Marshal(nil)
	if err != nil {
		return err
	}
	by := (&ipv4.ControlMessage{IfIndex: index}).Marshal()
	return at(p.conn, func(fd int) error {
		return unix.Sendmsg(fd, b, by, &unix.SockaddrInet4{Addr: addr.As4()}, unix.MSG_DONTWAIT)
	})
}

// at does something with a socket, at once or not at all.
func at(conn *net.IPConn, do func(fd int) error) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		for failed = do(int(fd)); errors.Is(failed, unix.EINTR); failed = do(int(fd)) {
		}
	})
	if err != nil { // it was closed
		return os.ErrClosed
	}
	return os.NewSyscallError("sendto", failed)
}

// Receive waits for an answer, and says whose it is.
func (p *pinger) Receive() (netip.Addr, error) {
	for {
		n, from, err := p.conn.ReadFromIP(p.buf)
		if err != nil {
			return netip.Addr{}, err
		}
		if n < 8 || binary.BigEndian.Uint16(p.buf[4:]) != p.id {
			continue
		}
		if addr, ok := netip.AddrFromSlice(from.IP.To4()); ok {
			return addr, nil
		}
	}
}

// Close ends Receive.
func (p *pinger) Close() error { return p.conn.Close() }
