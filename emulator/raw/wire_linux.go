package raw

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/link"
)

// A Wire is an interface as one end of a wire of frames: one Read is one frame, one Write is one frame. It is for
// emulator.Lab's Attach.
type Wire struct {
	file   *os.File
	conn   syscall.RawConn
	closed atomic.Bool
	oob    [64]byte
}

// Open opens an interface. It hears all frames that are not this host's own, whatever MAC they are for; those of other
// VLANs are not of its wire.
func Open(name string) (*Wire, error) {
	i, err := usable(name)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("send frames on %s: %w: root may, and who has CAP_NET_RAW", name, err)
	}
	if err == nil {
		if err = set(fd, i); err != nil {
			unix.Close(fd)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("send frames on %s: %w", name, err)
	}
	w := &Wire{file: os.NewFile(uintptr(fd), name)}
	w.conn, err = w.file.SyscallConn()
	return w, err
}

// set has a socket hear what passes the interface. It is bound last: what came before would pass no filter.
func set(fd int, i *net.Interface) error {
	filter, err := strangers()
	if err != nil {
		return err
	}
	if err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, filter); err != nil {
		return err
	}
	for _, option := range []int{unix.PACKET_AUXDATA, unix.PACKET_VNET_HDR} {
		if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, option, 1); err != nil {
			return err
		}
	}
	all := &unix.PacketMreq{Ifindex: int32(i.Index), Type: unix.PACKET_MR_PROMISC} // until the socket is closed
	if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, all); err != nil {
		return err
	}
	const everything = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8
	return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: i.Index})
}

// strangers is a filter for frames that neither come from this host nor are for it alone.
func strangers() (*unix.SockFprog, error) {
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadExtension{Num: bpf.ExtType},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PACKET_HOST, SkipTrue: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PACKET_OUTGOING, SkipTrue: 1},
		bpf.RetConstant{Val: 1 << 18},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		return nil, err
	}
	filter := make([]unix.SockFilter, len(program))
	for n, in := range program {
		filter[n] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}, nil
}

// headerLen is the header before each frame (linux/virtio_net.h, struct virtio_net_hdr): a kernel that sends to a
// neighbour on the same machine leaves the checksum to whoever takes the frame out of it.
const (
	headerLen = 10
	needsSum  = 1
)

// Read gives the next frame, its checksum filled in.
func (w *Wire) Read(frame []byte) (n int, err error) {
	var header [headerLen]byte
	for {
		var oobn int
		wait := w.conn.Read(func(fd uintptr) bool {
			n, oobn, _, _, err = unix.RecvmsgBuffers(int(fd), [][]byte{header[:], frame}, w.oob[:], 0)
			return !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR)
		})
		switch {
		case w.closed.Load():
			return 0, os.ErrClosed
		case wait != nil:
			return 0, wait
		case err != nil:
			return 0, err
		case n <= headerLen || tagged(w.oob[:oobn]):
			continue
		}
		n -= headerLen
		if header[0]&needsSum != 0 {
			link.FillSum(frame[:n], int(binary.NativeEndian.Uint16(header[6:])), int(binary.NativeEndian.Uint16(header[8:])))
		}
		return n, nil
	}
}

// tagged tells a frame of another VLAN, whose tag the kernel took off.
func tagged(oob []byte) bool {
	const status, tci, auxLen, vid = 0, 16, 20, 0xfff // linux/if_packet.h, struct tpacket_auxdata
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return false
	}
	for _, m := range messages {
		if m.Header.Level == unix.SOL_PACKET && m.Header.Type == unix.PACKET_AUXDATA && len(m.Data) >= auxLen {
			return binary.NativeEndian.Uint32(m.Data[status:])&unix.TP_STATUS_VLAN_VALID != 0 && binary.NativeEndian.Uint16(m.Data[tci:])&vid != 0
		}
	}
	return false
}

// Write sends a frame. It never waits: what the card has no room for is lost.
func (w *Wire) Write(frame []byte) (n int, err error) {
	var header [headerLen]byte
	wait := w.conn.Write(func(fd uintptr) bool {
		n, err = unix.SendmsgBuffers(int(fd), [][]byte{header[:], frame}, nil, nil, 0)
		return true
	})
	if wait != nil {
		return 0, wait
	}
	return max(0, n-headerLen), err
}

// Close ends it, and a Read that waits.
func (w *Wire) Close() error {
	w.closed.Store(true)
	return w.file.Close()
}
