package tftpd

import (
	"encoding/binary"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/mmsg"
)

// tune clears "don't fragment", since path MTU discovery would drop the blocks it learns from and boot
// ROMs cannot cope (dnsmasq does the same), and asks for ICMP errors, so that a transfer to a closed port
// ends. A room that is switched on at once fits into the buffers, and the blocks for a few machines that
// are gone leave room for others. All are niceties: where they fail the transfers still work.
func tune(conn *net.UDPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	const buffer = 4 << 20
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DONT)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVERR, 1)
		mmsg.Room(fd, buffer)
	})
}

// notes asks for the interface and the address at which each datagram arrives. What is not granted
// here, Serve asks for again and fails.
func notes(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_PKTINFO, 1) }

// mtu is that of an interface where a socket is, by netdevice(7): net.InterfaceByIndex has all interfaces told, of which
// a host of containers has hundreds. 0: it is not known.
func mtu(conn *net.UDPConn, index int) int {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0
	}
	ask, err := unix.NewIfreq("")
	if err != nil {
		return 0
	}
	ask.SetUint32(uint32(index))
	_ = raw.Control(func(fd uintptr) {
		if err = unix.IoctlIfreq(int(fd), unix.SIOCGIFNAME, ask); err == nil {
			err = unix.IoctlIfreq(int(fd), unix.SIOCGIFMTU, ask)
		}
	})
	if err != nil {
		return 0
	}
	return int(ask.Uint32())
}

// eachControl walks the control messages of IP (cmsg(3)) without making anything.
func eachControl(oob []byte, do func(kind int32, data []byte)) {
	for len(oob) > 0 {
		header, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			return
		}
		if header.Level == unix.IPPROTO_IP {
			do(header.Type, data)
		}
		oob = rest
	}
}

// arrival reads where a datagram came: the interface, and our address (ip(7), in_pktinfo).
func arrival(oob []byte) (index int, local netip.Addr, ok bool) {
	eachControl(oob, func(kind int32, data []byte) {
		if kind == unix.IP_PKTINFO && len(data) >= unix.SizeofInet4Pktinfo {
			index = int(int32(binary.NativeEndian.Uint32(data)))
			local = netip.AddrFrom4([4]byte(data[8:12]))
			ok = true
		}
	})
	return index, local, ok
}

// unreachable takes what ICMP has said since: which of our datagrams met a closed port.
func (s *socket) unreachable() (all []closed) {
	messages := make([]ipv4.Message, 16)
	for i := range messages {
		messages[i] = ipv4.Message{Buffers: [][]byte{make([]byte, 64)}, OOB: make([]byte, 256)}
	}
	for {
		n, err := s.packets.ReadBatch(messages, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err != nil || n <= 0 {
			return all
		}
		for i := range n {
			m := &messages[i]
			to, ok := m.Addr.(*net.UDPAddr) // where the datagram went
			if ok && portClosed(m.OOB[:m.NN], to.AddrPort().Addr().Unmap()) {
				all = append(all, closed{netip.AddrPortFrom(to.AddrPort().Addr().Unmap(), uint16(to.Port)), append([]byte(nil), m.Buffers[0][:m.N]...)})
			}
		}
	}
}

// portClosed tells whether an error is an ICMP port unreachable by the machine itself that the datagram
// went to (ip(7), sock_extended_err). A router's word that a network is away may be wrong in a moment.
func portClosed(oob []byte, to netip.Addr) (is bool) {
	const (
		origin, kind, code, offender = 4, 5, 6, 16 // in struct sock_extended_err, and what follows it
		originICMP                   = 2
		destination, port            = 3, 3 // RFC 792
	)
	eachControl(oob, func(option int32, e []byte) {
		if option == unix.IP_RECVERR && len(e) >= offender+8 && e[origin] == originICMP && e[kind] == destination && e[code] == port {
			is = netip.AddrFrom4([4]byte(e[offender+4:offender+8])) == to
		}
	})
	return is
}
