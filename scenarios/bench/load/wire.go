package load

import (
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"golang.org/x/net/ipv4"
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
	packets *ipv4.PacketConn
	first   netip.Addr // invalid: there is one client, with the socket's address
	in, out []ipv4.Message
	waiting int      // packets of out
	from    [][]byte // of each client: the control message with its address
}

func newWire(conn *net.UDPConn, cfg Config) (*wire, error) {
	w := &wire{conn: conn, packets: ipv4.NewPacketConn(conn), first: cfg.First}
	force(conn, buffer)
	if err := w.packets.SetControlMessage(ipv4.FlagDst, true); err != nil {
		return nil, err
	}
	size := min(room, 2*max(cfg.Blksize, 512)) // of what a server sends that was asked for less, a piece is enough
	w.in, w.out = make([]ipv4.Message, maxBatch), make([]ipv4.Message, maxBatch)
	for i := range w.in {
		w.in[i] = ipv4.Message{Buffers: [][]byte{make([]byte, size)}, OOB: make([]byte, control)}
		w.out[i] = ipv4.Message{Buffers: make([][]byte, 1), Addr: &net.UDPAddr{IP: cfg.Server.Addr().AsSlice()}}
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
	flags := 0
	if !wait {
		flags = dontWait
	}
	n, err := w.packets.ReadBatch(w.in, flags)
	if !wait && wouldBlock(err) {
		return 0, nil
	}
	return max(n, 0), err
}

// packet is one that was read: for which client, from which port of the server's.
func (w *wire) packet(i int) (who int, from uint16, packet []byte) {
	m := &w.in[i]
	addr, ok := m.Addr.(*net.UDPAddr)
	if !ok {
		return -1, 0, nil
	}
	return w.client(m.OOB[:m.NN]), uint16(addr.Port), m.Buffers[0][:m.N]
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
	if w.waiting == len(w.out) {
		_ = w.flush() // the next one fails too
	}
	m := &w.out[w.waiting]
	m.Buffers[0] = append(m.Buffers[0][:0], packet...)
	m.OOB = w.from[who]
	m.Addr.(*net.UDPAddr).Port = int(port)
	w.waiting++
}

func (w *wire) flush() error {
	for at := 0; at < w.waiting; {
		n, err := w.packets.WriteBatch(w.out[at:w.waiting], 0)
		if err != nil {
			if !transient(err) {
				return err
			}
			n = 1 // it is lost, and the client sends it again
		}
		at += n
	}
	w.waiting = 0
	return nil
}
