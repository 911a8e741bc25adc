package dhcpd

import (
	"io"
	"net/netip"
	"os"
	"syscall"

	"github.com/bootrig/bootrig/internal/mmsg"
	"github.com/bootrig/bootrig/wire/machine"
)

// A hearing is a socket that is read, with one system call for as much as there is.
type hearing struct {
	io.Closer
	raw    syscall.RawConn
	read   func(fd uintptr) bool // made once
	what   func(from netip.AddrPort, b, said []byte) (machine.Datagram, bool)
	batch  *mmsg.Batch
	size   int      // of a message
	want   int      // messages: as many as came last time, since room costs time too
	rooms  [][]byte // of the messages, and behind them of what the kernel says of them
	heard  []machine.Datagram
	failed error // the kernel's
}

// aside is how much the kernel says of a message at most.
const aside = 128

// newHearing reads messages of a size, of which what makes datagrams.
func newHearing(file io.Closer, raw syscall.RawConn, size int, what func(from netip.AddrPort, b, said []byte) (machine.Datagram, bool)) *hearing {
	h := &hearing{Closer: file, raw: raw, what: what, batch: mmsg.New(together), size: size, want: 1}
	h.read = h.take
	return h
}

// Receive waits for datagrams, and takes what has come.
func (h *hearing) Receive() ([]machine.Datagram, error) {
	h.heard, h.failed = h.heard[:0], nil
	err := h.raw.Read(h.read)
	switch {
	case err != nil: // the file was closed, which its error does not say in a way to be asked
		return nil, os.ErrClosed
	case h.failed != nil:
		return nil, os.NewSyscallError("recvmmsg", h.failed)
	}
	return h.heard, nil
}

// take takes what is there, and tells whether that is worth to be looked at.
func (h *hearing) take(fd uintptr) bool {
	for len(h.heard) == 0 {
		h.makeRoom()
		n, err := h.batch.Receive(fd, h.want)
		switch {
		case err != nil:
			h.failed = err
			return true
		case n == 0:
			return false
		case n < h.want:
			h.want = n
		default:
			h.want = min(2*n, together)
		}
		for i := range n {
			size, said := h.batch.Got(i)
			room := h.rooms[i]
			if d, ok := h.what(h.batch.Addr(i), room[:size], room[h.size:h.size+said]); ok {
				h.heard = append(h.heard, d)
			}
		}
	}
	return true
}

func (h *hearing) makeRoom() {
	for i := len(h.rooms); i < h.want; i++ {
		room := make([]byte, h.size+aside)
		h.batch.Put(i, room[:h.size], room[h.size:])
		h.rooms = append(h.rooms, room)
	}
}
