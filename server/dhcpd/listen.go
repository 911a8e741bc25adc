package dhcpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/internal/machine"
	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A Listener holds the sockets of ports 67 and 4011: one of each for every interface, bound to it. So
// a broadcast leaves by the interface its question came from, and a DHCP server that keeps to another
// interface of this host is not in our way.
type Listener struct {
	links   []proxydhcp.Link
	sockets []socket
}

type socket struct {
	link int // the first Link of the interface
	port uint16
	conn *ipv4.PacketConn
}

// A PortError says which port of which link could not be had.
type PortError struct {
	Port uint16
	Link proxydhcp.Link
	Err  error
}

func (e *PortError) Error() string {
	return fmt.Sprintf("UDP port %d on %s: %v", e.Port, e.Link.Name, e.Err)
}

// Unwrap gives the cause, for errors.Is(err, syscall.EADDRINUSE).
func (e *PortError) Unwrap() error { return e.Err }

// Listen opens the sockets. Its error is a *PortError.
func Listen(links []proxydhcp.Link) (*Listener, error) {
	l := &Listener{links: links}
	for i, link := range links {
		if i != l.first(link) {
			continue
		}
		for _, port := range []uint16{pxe.PortDHCPServer, pxe.PortBootServer} {
			conn, err := listen(link, port)
			if err != nil {
				l.Close()
				return nil, &PortError{Port: port, Link: link, Err: err}
			}
			l.sockets = append(l.sockets, socket{link: i, port: port, conn: conn})
		}
	}
	return l, nil
}

// first is the index of the first link on the same interface.
func (l *Listener) first(link proxydhcp.Link) int {
	for i, other := range l.links {
		if other.Index == link.Index {
			return i
		}
	}
	return -1
}

func listen(link proxydhcp.Link, port uint16) (*ipv4.PacketConn, error) {
	config := net.ListenConfig{Control: bindToDevice(link.Name)}
	conn, err := config.ListenPacket(context.Background(), "udp4", fmt.Sprintf("0.0.0.0:%d", port))
	if err != nil {
		return nil, err
	}
	packets := ipv4.NewPacketConn(conn)
	if err := packets.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true); err != nil {
		conn.Close()
		return nil, err
	}
	return packets, nil
}

// Close gives the ports back.
func (l *Listener) Close() error {
	var all []error
	for _, s := range l.sockets {
		all = append(all, s.conn.Close())
	}
	return errors.Join(all...)
}

// Serve answers until ctx ends, and closes the sockets. Nothing a Machine does waits, so every socket
// has a goroutine and a Machine of its own and they share only cfg, which nobody changes.
func (l *Listener) Serve(ctx context.Context, cfg *proxydhcp.Config, events event.Recorder) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var group errgroup.Group
	for _, s := range l.sockets {
		group.Go(func() error {
			err := s.serve(NewMachine(cfg, l.links, events), events)
			if err != nil {
				l.Close() // so that the other sockets end too
				return &PortError{Port: s.port, Link: l.links[s.link], Err: err}
			}
			return nil
		})
	}
	return group.Wait()
}

func (s socket) serve(m *Machine, events event.Recorder) error {
	buf := make([]byte, 65536)
	for {
		at, _ := m.Deadline() // zero: wait as long as it takes
		if err := s.conn.SetReadDeadline(at); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		n, control, from, err := s.conn.ReadFrom(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
		case err != nil:
			return err
		default:
			m.Receive(time.Now(), s.datagram(buf[:n], control, from))
		}
		m.Expire(time.Now())
		for out, ok := m.Next(); ok; out, ok = m.Next() {
			if err := s.send(m.links[out.Link], out); err != nil && events != nil {
				events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Peer: out.Dst, Text: err.Error()})
			}
		}
	}
}

func (s socket) datagram(payload []byte, control *ipv4.ControlMessage, from net.Addr) machine.Datagram {
	src := from.(*net.UDPAddr).AddrPort()
	return machine.Datagram{
		Link:    s.link,
		Src:     netip.AddrPortFrom(src.Addr().Unmap(), src.Port()),
		Dst:     netip.AddrPortFrom(destination(control), s.port),
		Payload: payload,
	}
}

func destination(control *ipv4.ControlMessage) netip.Addr {
	if control == nil {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(control.Dst.To4())
	return addr
}

func (s socket) send(link proxydhcp.Link, d machine.Datagram) error {
	control := &ipv4.ControlMessage{IfIndex: link.Index, Src: d.Src.Addr().AsSlice()}
	_, err := s.conn.WriteTo(d.Payload, control, net.UDPAddrFromAddrPort(d.Dst))
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
