package tftpd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

type phase int

const (
	negotiating phase = iota // our OACK waits for ACK 0
	sending
	over
)

// A Transfer is one file on its way to one client: a machine.Machine from the RRQ to the last ACK, or
// to the ERROR that refuses it. When it is Done its owner forgets it, after a last Next.
//
// Blocks are numbered from 1 without end here; the 16 bits of the wire wrap to 0, as every client but
// the oldest expects.
type Transfer struct {
	cfg           Config
	client, local netip.AddrPort
	link          int
	xfer          uint64
	who           string // the client, in facts
	rrq           []byte // as it came, to know it when it comes again
	name          string // as the client wrote it
	rule          string // the line that says what the client is served
	is            string // what the file is, as far as its beginning says
	like          string // what is there in place of one that is not
	file          *content.File
	blocks        blocks
	terms         terms

	phase    phase
	answered bool   // the client has reacted to us
	acked    uint64 // all blocks up to this one have arrived
	next     uint64 // the block to send next
	edge     uint64 // the last block that may be sent before an ACK
	sent     uint64 // the highest block sent so far
	last     uint64 // the last block; 0 until it was read
	lastLen  int
	sendOACK bool
	control  []machine.Datagram // what goes out before any block

	suspect   *suspect  // nil: nobody forges the client's packets
	heldUntil time.Time // the next block is held back; zero: it is not
	sentAt    time.Time // when one that was held back was sent, until its ACK comes

	now              time.Time // of the last call; Next has none of its own
	heardAt, retryAt time.Time
	repeatAt         time.Time // an ACK 0 that comes again before then is an echo
	tries            int       // retransmissions since the client moved on
	rtt              roundTrip
	reported         int64
	packet           []byte
}

// NewTransfer reads a request and opens its file (which may block). Whatever is wrong with it, the
// result is a Transfer: one that refuses and is done.
func NewTransfer(now time.Time, cfg Config, a Arrival) *Transfer {
	t := &Transfer{cfg: cfg.filled(), client: a.Src, local: a.Local, link: a.Link, xfer: a.Xfer, who: cfg.who(a.Src),
		rrq: bytes.Clone(a.Payload), next: 1, edge: 1, suspect: a.suspect, now: now, heardAt: now, phase: over, rule: event.BuiltIn}
	r, err := ParseRequest(a.Payload)
	if err != nil {
		t.refuseRequest(err)
		return t
	}
	t.name = r.Name
	tree, rule := t.cfg.tree(a)
	t.rule = rule
	file, err := tree.Open(r.Name)
	garbage := ""
	if err == nil {
		garbage = file.Garbage
	}
	t.record(event.Event{Kind: event.RRQ,
		Attrs: event.Attrs("options", printed(r.Options), "mode", r.Mode, "garbage", garbage)})
	if err != nil {
		t.refuseFile(tree, err)
		return t
	}
	mtu := a.On.MTU
	if mtu == 0 {
		mtu = 1500
	}
	t.start(r, file, mtu)
	return t
}

func (t *Transfer) start(r Request, file *content.File, mtu int) {
	t.file = file
	t.terms = t.cfg.negotiate(r, file.Size, t.cfg.maxBlock(mtu, t.local.Addr()))
	t.blocks = octet{file: file}
	if t.terms.netascii {
		t.blocks = &netascii{file: file}
	}
	t.phase = sending
	if len(t.terms.oack) > 0 {
		t.phase, t.sendOACK = negotiating, true
		t.record(event.Event{Kind: event.OACK, Attrs: event.Attrs("options", printed(t.terms.oack))})
	}
	t.retryAt = t.now.Add(t.wait())
}

// Done reports whether the transfer has ended, well or not.
func (t *Transfer) Done() bool { return t.phase == over && len(t.control) == 0 }

// Next yields what is to be sent now: first what is out of band, then the OACK, then blocks up to the
// end of the window.
func (t *Transfer) Next() (machine.Datagram, bool) {
	switch {
	case len(t.control) > 0:
		d := t.control[0]
		t.control = t.control[1:]
		return d, true
	case t.phase == negotiating && t.sendOACK:
		t.sendOACK = false
		return t.to(t.client, oackPacket(t.terms.oack)), true
	case t.phase == sending && t.next <= t.edge && (t.last == 0 || t.next <= t.last) && !t.held():
		return t.data()
	}
	return machine.Datagram{}, false
}

// data reads and sends the next block.
func (t *Transfer) data() (machine.Datagram, bool) {
	if t.packet == nil { // not before the client has answered the OACK: a flood of requests has no blocks
		t.packet = make([]byte, 4+t.terms.block)
	}
	n, err := t.blocks.read(t.next, t.packet[4:])
	if err != nil {
		t.refuse(event.TFTPError, codeUndefined, fmt.Sprintf("cannot read %s: %v", t.name, err))
		return t.Next()
	}
	if n < t.terms.block {
		t.last, t.lastLen = t.next, n
	}
	if t.next == 1 && t.sent == 0 {
		t.is = t.look(t.packet[4 : 4+n])
	}
	binary.BigEndian.PutUint16(t.packet, opDATA)
	binary.BigEndian.PutUint16(t.packet[2:], uint16(t.next))
	t.sent = max(t.sent, t.next)
	t.next++
	return t.to(t.client, t.packet[:4+n]), true
}

// prepare reads what the next window will have, while the ACK for it is on its way.
func (t *Transfer) prepare() {
	if b, plain := t.blocks.(octet); plain && t.phase == sending {
		b.ahead(t.sent+1, t.terms.window, t.terms.block)
	}
}

// look says what the file is, by its first block, or by more of it where blocks are small.
func (t *Transfer) look(first []byte) string {
	if len(first) < magic.Enough && int64(len(first)) < t.file.Size {
		head := make([]byte, min(magic.Enough, t.file.Size))
		if n, err := t.file.ReadAt(head, 0); n == len(head) || err == nil {
			first = head
		}
	}
	return magic.Of(first, t.file.Size)
}

func (t *Transfer) to(dst netip.AddrPort, payload []byte) machine.Datagram {
	return machine.Datagram{Link: t.link, Src: t.local, Dst: dst, Payload: payload}
}

// Receive takes what the client sent to the transfer's port, or the word that the client's port is closed.
func (t *Transfer) Receive(now time.Time, in machine.Input) {
	t.now = now
	switch in := in.(type) {
	case machine.Unreachable:
		if t.phase != over {
			t.end(event.Abort, 0, "the client's port is closed", "icmp")
		}
	case machine.Datagram:
		t.receive(in.Payload)
	}
}

func (t *Transfer) receive(packet []byte) {
	n, err := number(packet)
	if t.phase == over || err != nil {
		return
	}
	switch opcode(packet) {
	case opACK:
		t.ack(n)
	case opERROR:
		// EDK2 and Intel ROMs ask for the size this way: OACK, then ERROR 8 or 0.
		t.end(event.Abort, int(n), errorText(packet), "client")
	}
}

// ack moves on only when an ACK is new. A repeated one is ignored, or both sides would send everything
// twice from there on (the Sorcerer's Apprentice, RFC 1123 section 4.2.3.1). An ACK of less than was
// sent means that the block behind it was lost: RFC 7440 section 4 goes back to it.
func (t *Transfer) ack(low uint16) {
	if t.phase == negotiating {
		if low == 0 {
			t.phase = sending
			t.edge = uint64(t.terms.window)
			t.heard()
		}
		return
	}
	ahead := uint64(low - uint16(t.acked))
	if ahead == 0 || ahead > t.sent-t.acked {
		t.odd(low)
		return
	}
	t.acked += ahead
	t.sees()
	t.measure()
	lost := t.acked < t.sent
	t.next, t.edge = t.acked+1, t.acked+uint64(t.terms.window)
	t.heard()
	t.progress()
	if t.acked == t.last {
		t.end(event.Got, 0, "", "")
	} else if lost {
		t.retry("data", t.next)
	}
}

// proven tells whether the client has acknowledged a block. Until then all may be a forgery.
func (t *Transfer) proven() bool { return t.acked > 0 }

func (t *Transfer) heard() {
	t.answered = true
	t.heardAt, t.tries = t.now, 0
	t.retryAt = t.now.Add(t.wait())
	t.repeatAt = t.now.Add(echo)
}

// bytes is how much of the file has arrived.
func (t *Transfer) bytes() int64 {
	if t.last != 0 && t.acked == t.last {
		return int64(t.last-1)*int64(t.terms.block) + int64(t.lastLen)
	}
	return int64(t.acked) * int64(t.terms.block)
}

// progress records Data with the first block and then with each MiB.
func (t *Transfer) progress() {
	if n := t.bytes(); t.reported == 0 || n>>20 != t.reported>>20 {
		t.reported = max(n, 1)
		t.record(event.Event{Kind: event.Data, Bytes: n})
	}
}

func (t *Transfer) retry(of string, block uint64) {
	number := ""
	if block > 0 {
		number = strconv.FormatUint(block, 10)
	}
	t.record(event.Event{Kind: event.Retry, Attrs: event.Attrs("of", of, "block", number)})
}

func (t *Transfer) record(e event.Event) {
	e.Time, e.Rule = t.now, t.rule
	e.Source, e.Client, e.Peer, e.Xfer, e.Path = "server", t.who, t.client, t.xfer, t.name
	t.cfg.Events.Record(e)
}
