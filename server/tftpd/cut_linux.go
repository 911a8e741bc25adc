package tftpd

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// mostCuts asks whether the kernel cuts messages into datagrams (UDP_SEGMENT, Linux 4.18), and how many those may be:
// 64 before Linux 6.9, and more since (UDP_MAX_SEGMENTS in linux/udp.h).
func mostCuts(conn *net.UDPConn) (most int) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		if _, err := unix.GetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT); err == nil {
			most = 64
		}
	})
	return most
}

// withCut adds to control messages that what is sent with them is to be cut into datagrams of a size (cmsg(3)).
func withCut(oob []byte, size int) []byte {
	h := unix.Cmsghdr{Level: unix.SOL_UDP, Type: unix.UDP_SEGMENT}
	h.SetLen(unix.CmsgLen(2))
	message, _ := binary.Append(make([]byte, 0, unix.CmsgSpace(2)), binary.NativeEndian, h) // a header is of fixed size
	message = binary.NativeEndian.AppendUint16(message, uint16(size))
	return append(oob, message[:unix.CmsgSpace(2)]...)
}
