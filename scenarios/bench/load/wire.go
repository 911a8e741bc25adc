package load

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/internal/mmsg"
)

const (
	// maxBatch is how many packets one system call takes or gives.
	maxBatch = 64
	// room is what a packet and its control message, an in_pktinfo, take.
	room, control = 1 << 16, 64
	// buffer is for what comes while others are answered: each client stands for a machine with a card of its own.
	buffer = 64 << 20
)

// A wire is the socket of all clients.
type wire struct {
	conn    *net.UDPConn
	raw     syscall.RawConn
	first   netip.Addr // invalid: there is one client, with the socket's address
	server  netip.Addr
	in, out *mmsg.Batch
	rooms   [][]byte // of what is read, and behind it of what the kernel says of it
	size    int      // of what is read
	packets [][]byte // that are to be sent
	waiting int      // how many are
	from    [][]byte // of each client: the control message with its address
	reads   func(fd uintptr) bool
	n       int // packets that were read
	err     error
}

func newWire(conn *net.UDPConn, cfg Config) (*wire, error) {
	// Of what a server sends that was asked for less, a piece is enough.
	w := &wire{conn: conn, first: cfg.First, server: cfg.Server.Addr(), size: min(room, 2*max(cfg.Blksize, 512))}
	if err := ipv4.NewPacketConn(conn).SetControlMessage(ipv4.FlagDst, true); err != nil {
		return nil, err
	}
	var err error
	if w.raw, err = conn.SyscallConn(); err != nil {
		return nil, err
	}
	_ = w.raw.Control(func(fd uintptr) { mmsg.Room(fd, buffer) })
	w.in, w.out, w.packets = mmsg.New(maxBatch), mmsg.New(maxBatch), make([][]byte, maxBatch)
	for i := range maxBatch {
		w.rooms = append(w.rooms, make([]byte, w.size+control))
		w.in.Put(i, w.rooms[i][:w.size], w.rooms[i][w.size:])
	}
	w.reads = func(fd uintptr) bool {
		w.n, w.err = w.in.Receive(fd, maxBatch)
		return w.n > 0 || w.err != nil
	}
	for i := range cfg.Clients {
		var oob []byte
		if cfg.First.IsValid() {
			oob = (&ipv4.ControlMessage{Src: address(cfg.First, i).AsSlice()}).Marshal()
		}
		w.from = append(w.from, oob)
	}
	return w, nil
}

// until has reads end at a time.
func (w *wire) until(at time.Time) error { return w.conn.SetReadDeadline(at) }

// read takes a batch; unless it may wait, what is there.
func (w *wire) read(wait bool) (int, error) {
	w.n, w.err = 0, nil
	var err error
	if wait {
		err = w.raw.Read(w.reads)
	} else {
		err = w.raw.Control(func(fd uintptr) { w.reads(fd) })
	}
	if err == nil {
		err = w.err
	}
	return w.n, err
}

// packet is one that was read: for which client, from which port of the server's.
func (w *wire) packet(i int) (who int, from uint16, packet []byte) {
	size, said := w.in.Got(i)
	return w.client(w.rooms[i][w.size:][:said]), w.in.Addr(i).Port(), w.rooms[i][:size]
}

// client is whose address a packet came to (ip(7): in_pktinfo behind a cmsghdr).
func (w *wire) client(oob []byte) int {
	if !w.first.IsValid() {
		return 0
	}
	const header, address = 16, 8
	if len(oob) < header+address+4 {
		return -1
	}
	first := w.first.As4()
	return int(int32(binary.BigEndian.Uint32(oob[header+address:]) - binary.BigEndian.Uint32(first[:])))
}

// put has a packet wait until flush, or until there are many.
func (w *wire) put(who int, port uint16, packet []byte) {
	if w.waiting == maxBatch {
		_ = w.flush() // the next one fails too
	}
	i := w.waiting
	w.packets[i] = append(w.packets[i][:0], packet...)
	w.out.Put(i, w.packets[i], w.from[who])
	w.out.To(i, netip.AddrPortFrom(w.server, port))
	w.waiting++
}

func (w *wire) flush() (err error) {
	for at := 0; at < w.waiting && err == nil; {
		n := 0
		closed := w.raw.Write(func(fd uintptr) bool {
			n, err = w.out.Send(fd, at, w.waiting-at)
			return !full(err)
		})
		if err = errors.Join(closed, err); transient(err) {
			n, err = 1, nil // it is lost, and the client sends it again
		}
		at += n
	}
	w.waiting = 0
	return err
}
