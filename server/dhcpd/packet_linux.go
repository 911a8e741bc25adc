package dhcpd

import (
	"encoding/binary"
	"net/netip"
	"os"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// listenPacket hears what comes to a port of one interface, whoever has the port.
func listenPacket(link dhcp.Link, port uint16) (socket, error) {
	// Without a protocol nothing comes until the filter is there and bind says the protocol.
	file, err := packetFile(unix.SOCK_NONBLOCK, "port", func(fd int) error {
		if err := filter(fd, port); err != nil {
			return err
		}
		makeRoom(fd)
		if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_AUXDATA, 1); err != nil {
			return err
		}
		return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: bigEndian(unix.ETH_P_IP), Ifindex: link.Index})
	})
	if err != nil {
		return nil, err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, err
	}
	return newHearing(file, raw, longest(raw, link), overheard), nil
}

// packetFile makes a packet socket without link headers (packet(7)). One that is read wants SOCK_NONBLOCK, so that Close
// ends it.
func packetFile(flags int, name string, prepare func(fd int) error) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|flags, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("packet socket", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// filter lets UDP datagrams for the port through that are for this host: not what it sends, nor what it
// overhears, nor fragments.
func filter(fd int, port uint16) error {
	const fragment, drop, accept = 0x3fff, 0, 1 << 16
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadExtension{Num: bpf.ExtType},
		bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: unix.PACKET_MULTICAST, SkipTrue: 8},
		bpf.LoadAbsolute{Off: 9, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: protoUDP, SkipTrue: 6},
		bpf.LoadAbsolute{Off: 6, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: fragment, SkipTrue: 4},
		bpf.LoadMemShift{Off: 0},
		bpf.LoadIndirect{Off: 2, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(port), SkipTrue: 1},
		bpf.RetConstant{Val: accept},
		bpf.RetConstant{Val: drop},
	})
	if err != nil {
		return err
	}
	code := make([]unix.SockFilter, len(program))
	for i, in := range program {
		code[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]})
}

// overheard is the datagram of a packet, if it is one.
func overheard(_ netip.AddrPort, b, said []byte) (machine.Datagram, bool) {
	src, dst, payload, ok := decode(b, checksumNotReady(said))
	return machine.Datagram{Src: src, Dst: dst, Payload: payload}, ok
}

// checksumNotReady reads PACKET_AUXDATA: a datagram of this host, or of a virtual machine on it, may not
// have been through a network card that fills the checksum in.
func checksumNotReady(oob []byte) bool {
	for len(oob) > 0 {
		header, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			return false
		}
		if header.Level == unix.SOL_PACKET && header.Type == unix.PACKET_AUXDATA && len(data) >= 4 {
			return binary.NativeEndian.Uint32(data)&unix.TP_STATUS_CSUMNOTREADY != 0
		}
		oob = rest
	}
	return false
}

// bigEndian is how the kernel wants a protocol's number.
func bigEndian(n uint16) uint16 { return n<<8 | n>>8 }
