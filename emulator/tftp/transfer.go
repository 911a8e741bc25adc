package tftp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/wire/machine"
)

// TFTP opcodes (RFC 1350 section 5, RFC 2347).
const (
	opRRQ = iota + 1
	opWRQ
	opData
	opAck
	opError
	opOACK
)

// headSize is what syslinux reads of a file at once.
const headSize = 16384

// A Transfer reads one file by TFTP: RFC 1350, 2347, 2348, 2349; in lock step as most ROMs and pxelinux do, or by
// the windows of RFC 7440 where they were asked for and granted.
type Transfer struct {
	cfg     Config
	timer   retry.Timer
	rrq     []byte
	out     []byte // the next packet; nil when there is none
	small   [4]byte
	peer    netip.AddrPort // the server's transfer port, once it has answered
	refused bool           // an ICMP port unreachable came
	blksize int
	size    int64 // from tsize, -1 when unknown
	window  int
	pending int // blocks of the window that have come
	last    uint16
	content []byte
	done    bool
	err     *Error
}

// New begins a transfer: its RRQ waits in Next.
func New(now time.Time, cfg Config) *Transfer {
	t := &Transfer{cfg: cfg, timer: retry.Timer{Backoff: cfg.Patience}, blksize: 512, window: 1, size: -1, rrq: appendRRQ(nil, cfg.Name, cfg.Options)}
	t.out = t.rrq
	t.timer.Start(now)
	return t
}

// appendRRQ is a read request; options are words, each ended by a zero byte.
func appendRRQ(b []byte, name, options string) []byte {
	b = append(b, 0, opRRQ)
	b = append(append(b, name...), 0)
	b = append(append(b, "octet"...), 0)
	for i := range len(options) {
		c := options[i]
		if c == ' ' {
			c = 0
		}
		b = append(b, c)
	}
	if options != "" {
		b = append(b, 0)
	}
	return b
}

// Config is what the transfer was made of.
func (t *Transfer) Config() Config { return t.cfg }

// Done gives the content, or the error, once the transfer has ended.
func (t *Transfer) Done() (content []byte, err *Error, done bool) {
	return t.content, t.err, t.done
}

// Size is what the server said of the file, -1 when it did not.
func (t *Transfer) Size() int64 { return t.size }

// Next yields the packet to send.
func (t *Transfer) Next() (machine.Datagram, bool) {
	if t.out == nil {
		return machine.Datagram{}, false
	}
	d := machine.Datagram{Src: t.cfg.Local, Dst: t.cfg.Server, Payload: t.out}
	if t.peer.IsValid() {
		d.Dst = t.peer
	}
	t.out = nil
	return d, true
}

// Deadline is when the last packet is sent again.
func (t *Transfer) Deadline() (time.Time, bool) {
	at, ok := t.timer.Deadline()
	return at, ok && !t.done
}

// Expire sends the last packet again, or ends the transfer when patience is out.
func (t *Transfer) Expire(now time.Time) {
	if t.done || !t.timer.Due(now) {
		return
	}
	if t.timer.Expire() {
		t.giveUp()
		return
	}
	t.timer.Start(now)
	t.again()
}

// again puts the last packet in out: the RRQ until the server has answered, then the ACK.
func (t *Transfer) again() {
	if !t.peer.IsValid() {
		t.out = t.rrq
		return
	}
	t.ack(t.last)
}

func (t *Transfer) ack(block uint16) {
	t.pending = 0
	t.small = [4]byte{0, opAck, byte(block >> 8), byte(block)}
	t.out = t.small[:]
}

func (t *Transfer) giveUp() {
	if t.peer.IsValid() {
		t.end(ReadTimeout, 0, fmt.Sprintf("%s stopped sending %s after %d bytes", t.peer.Addr(), t.cfg.Name, len(t.content)))
		return
	}
	text := fmt.Sprintf("no answer from %s to the read request for %s", t.cfg.Server, t.cfg.Name)
	if t.refused {
		text = fmt.Sprintf("nobody listens at %s (port unreachable)", t.cfg.Server)
	}
	t.end(OpenTimeout, 0, text)
}

func (t *Transfer) end(r Reason, code int, text string) {
	t.done, t.err, t.content = true, &Error{Reason: r, Code: code, Text: text}, nil
}

// sendError tells the server that the transfer is over.
func (t *Transfer) sendError(code uint16, text string) {
	t.out = append(binary.BigEndian.AppendUint16([]byte{0, opError}, code), text...)
	t.out = append(t.out, 0)
}
