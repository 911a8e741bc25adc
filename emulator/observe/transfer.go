package observe

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

const (
	defaultBlock = 512     // RFC 1350
	progressStep = 1 << 20 // Data facts are this far apart
	maxAhead     = 1 << 16 // blocks remembered beyond a gap: the largest window (RFC 7440)
)

// A transfer is one file on its way to the guest. Blocks are counted without wrapping.
type transfer struct {
	id       uint64
	path     string
	request  string          // the RRQ's bytes: a retransmission has the same
	strays   map[uint16]bool // server ports of this guest's port's earlier transfers
	peer     netip.AddrPort  // port 0 until the first answer
	answered bool            // OACK or DATA came
	block    int             // blksize
	next     int64           // the first block that has not come
	ahead    map[int64]bool  // those after a gap
	last     int64           // the block that ends the file, 0: not seen
	size     int64           // then the file's
	head     []byte          // its first bytes
	acked    int64           // -1: nothing yet
	moved    time.Time       // when a block came that had not come before
	told     time.Time       // when a fact told of one
	misled   bool            // somebody else answered
	ended    event.Kind      // Got, Miss, TFTPError or Abort
	refused  time.Time       // when it ended so by the server's ERROR
}

func newTransfer(id uint64, path, request string, old *transfer) *transfer {
	t := &transfer{id: id, path: path, request: request, block: defaultBlock, next: 1, acked: -1}
	// A server that answers from port 69 alone (tftp-single-port) has no strays, and one that refuses says it once: lpxelinux
	// has one port for all its requests, and the server's may come back soon.
	if old != nil {
		t.strays = maps.Clone(old.strays)
		refused := old.ended == event.Miss || old.ended == event.TFTPError
		if port := old.peer.Port(); port != 0 && port != tftpPort && !refused {
			if t.strays == nil {
				t.strays = map[uint16]bool{}
			}
			t.strays[port] = true
		}
	}
	return t
}

func (t *transfer) event(k event.Kind) event.Event {
	return event.Event{Kind: k, Peer: t.peer, Path: t.path, Xfer: t.id}
}

// unwrap finds the block that a 16-bit number means: the nearest to the one that is expected. Numbers
// wrap to 0, as all clients and dnsmasq have it.
func (t *transfer) unwrap(number uint16) int64 { return t.next + int64(int16(number-uint16(t.next))) }

func (o *Observer) oack(t *transfer, b []byte) {
	e := t.event(event.OACK)
	if t.answered {
		if t.next == 1 || t.ended != "" {
			o.once(false, e)
		}
		return
	}
	t.answered = true
	options := strings.Join(words(b), " ")
	e.Attrs = event.Attrs("options", options)
	fields := words(b)
	for i := 0; i+1 < len(fields); i += 2 {
		if n, err := strconv.Atoi(fields[i+1]); err == nil && n > 0 && strings.EqualFold(fields[i], "blksize") {
			t.block = n
		}
	}
	o.record(e)
}

func (o *Observer) data(t *transfer, number uint16, payload []byte) {
	block, length := t.unwrap(number), len(payload)
	if block < 1 || length > t.block {
		return
	}
	t.answered = true
	if block < t.next || t.ahead[block] {
		o.once(false, t.event(event.Data))
		return
	}
	t.moved = o.now
	if length < t.block {
		t.last, t.size = block, (block-1)*int64(t.block)+int64(length)
	}
	if block > t.next {
		if t.ahead == nil {
			t.ahead = map[int64]bool{}
		}
		if len(t.ahead) < maxAhead {
			t.ahead[block] = true
		}
		return
	}
	if len(t.head) < magic.Enough {
		t.head = append(t.head, payload[:min(length, magic.Enough)]...)
	}
	before := t.bytes()
	for t.next++; t.ahead[t.next]; t.next++ {
		delete(t.ahead, t.next)
	}
	if now := t.bytes(); block == 1 || now/progressStep > before/progressStep {
		o.progress(t)
	}
}

// progress notes how much of a file has come.
func (o *Observer) progress(t *transfer) {
	e := t.event(event.Data)
	e.Bytes = t.bytes()
	t.told = o.now
	o.record(e)
}

// end notes how far transfers came, the oldest first, where the latest fact of one is older than that.
func (o *Observer) end() {
	for _, t := range slices.SortedFunc(maps.Values(o.tftp.live), func(a, b *transfer) int { return cmp.Compare(a.id, b.id) }) {
		if t.ended == "" && t.moved.After(t.told) {
			o.now = t.moved
			o.progress(t)
		}
	}
}

// bytes is how much of the file has come without a gap.
func (t *transfer) bytes() int64 {
	if t.last != 0 && t.next > t.last {
		return t.size
	}
	return (t.next - 1) * int64(t.block)
}

// ack notes what the guest has. Its ACK of the last block means that it has the file, however the blocks
// came (RFC 1350, 6; an ACK is for all blocks before it, RFC 7440, 4).
func (o *Observer) ack(t *transfer, number uint16) {
	block := t.unwrap(number)
	if block <= t.acked {
		o.once(false, t.event("ack"))
		return
	}
	t.acked = block
	if t.last != 0 && block == t.last && t.ended == "" {
		t.ended = event.Got
		e := t.event(event.Got)
		e.Bytes, e.Attrs = t.size, event.Attrs("is", magic.Of(t.head, t.size))
		o.record(e)
	}
}
