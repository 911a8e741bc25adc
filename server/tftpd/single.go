package tftpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/wire/machine"
)

// serveOne is Serve for tftp-single-port: the Machine behind the one socket.
func serveOne(ctx context.Context, cancel context.CancelCauseFunc, cfg Config, conn *net.UDPConn, links []Link) error {
	defer cancel(errStopping)
	defer conn.Close()
	p := ipv4.NewPacketConn(conn)
	if err := p.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true); err != nil {
		return fmt.Errorf("tftp on %s: %w", conn.LocalAddr(), err)
	}
	tune(conn)
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	one := &single{cfg: cfg, conn: conn, packets: p, links: links, m: NewMachine(cfg)}
	one.m.links = one.link
	defer func() { one.m.Receive(time.Now(), machine.Reset{}) }()
	buf := make([]byte, 2048)
	for {
		n, cm, src, err := p.ReadFrom(buf)
		now := time.Now()
		var late net.Error
		switch from, udp := src.(*net.UDPAddr); {
		case errors.Is(err, net.ErrClosed) && ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("tftp: the socket was closed: %w", err)
		case errors.As(err, &late) && late.Timeout():
			one.m.Expire(now)
		case err == nil && udp && cm != nil:
			one.receive(now, cm, from.AddrPort(), buf[:n])
		}
		one.send()
	}
}

// A single is a Machine and its socket.
type single struct {
	cfg     Config
	conn    *net.UDPConn
	packets *ipv4.PacketConn
	links   []Link
	known   []Link // with their MTUs; Datagram.Link is an index
	m       *Machine
}

func (s *single) link(i int) (Link, bool) { return s.known[i], true }

func (s *single) receive(now time.Time, cm *ipv4.ControlMessage, src netip.AddrPort, payload []byte) {
	dst, _ := netip.AddrFromSlice(cm.Dst)
	d := machine.Datagram{Src: netip.AddrPortFrom(src.Addr().Unmap(), src.Port()),
		Dst: netip.AddrPortFrom(dst.Unmap(), Port), Payload: payload}
	link, ours := chosen(s.links, cm.IfIndex, d.Dst.Addr())
	if !ours {
		s.cfg.elsewhere(now, d, link, fmt.Sprintf("interface %d", cm.IfIndex))
		return
	}
	link.Index = cm.IfIndex
	d.Link = slices.IndexFunc(s.known, func(l Link) bool { return l.Index == link.Index && l.Name == link.Name })
	if d.Link < 0 {
		link.MTU = link.mtu(cm.IfIndex)
		d.Link, s.known = len(s.known), append(s.known, link)
	}
	s.m.Receive(now, d)
}

// send sends what the transfers have to say, from the address that was asked.
func (s *single) send() {
	for d, ok := s.m.Next(); ok; d, ok = s.m.Next() {
		cm := &ipv4.ControlMessage{Src: d.Src.Addr().AsSlice(), IfIndex: s.known[d.Link].Index}
		// A block that cannot be sent is sent again by its transfer.
		_, _ = s.packets.WriteTo(d.Payload, cm, net.UDPAddrFromAddrPort(d.Dst))
	}
	at, _ := s.m.Deadline()
	_ = s.conn.SetReadDeadline(at)
}
