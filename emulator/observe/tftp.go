package observe

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

const (
	tftpPort = 69

	opRRQ   = 1 // RFC 1350, 5; RFC 2347
	opDATA  = 3
	opACK   = 4
	opERROR = 5
	opOACK  = 6

	errNotFound   = 1
	errUnknownTID = 5
)

// transfers are the guest's, the latest of each of its ports with each server.
type transfers struct {
	live  map[transferKey]*transfer
	count uint64
}

type transferKey struct {
	port   uint16
	server netip.Addr
}

// fromClient reads what the guest sends.
func (o *Observer) fromClient(port uint16, dst netip.AddrPort, b []byte) {
	if len(b) < 4 {
		return
	}
	op := binary.BigEndian.Uint16(b)
	if op == opRRQ && dst.Port() == tftpPort {
		o.readRequest(port, dst, b)
		return
	}
	t := o.tftp.live[transferKey{port, dst.Addr()}]
	if t == nil || t.peer.Port() == 0 && op != opERROR {
		return
	}
	switch op {
	case opACK:
		if t.peer != dst && t.acked < 0 { // of two answers the guest has taken the other
			t.peer = dst
		}
		if t.peer == dst {
			o.ack(t, binary.BigEndian.Uint16(b[2:]))
		}
	case opERROR:
		o.abort(t, dst, b)
	}
}

// inFlight is how long after a refusal the same request from the same port is one that was sent before the refusal
// arrived: pxelinux asks again after a tenth of a second, and a slow machine reads its card later than that. Who
// wants to know again asks from another port.
const inFlight = time.Second

// readRequest starts a transfer, unless the same request is still without an end.
func (o *Observer) readRequest(port uint16, dst netip.AddrPort, b []byte) {
	key := transferKey{port, dst.Addr()}
	old := o.tftp.live[key]
	if old != nil && old.request == string(b) && (old.ended == "" || o.now.Sub(old.refused) < inFlight) {
		o.once(false, event.Event{Kind: event.RRQ, Peer: dst, Path: old.path, Xfer: old.id})
		return
	}
	name, mode, options, ok := parseRRQ(b)
	if !ok {
		return
	}
	o.tftp.count++
	t := newTransfer(o.tftp.count, name, string(b), old)
	o.tftp.live[key] = t
	o.record(event.Event{
		Kind: event.RRQ, Peer: dst, Path: name, Xfer: t.id, Attrs: event.Attrs("options", options, "mode", mode),
	})
}

// fromServer reads what the guest is sent. The first answer to a request binds the server's port (RFC
// 1350, 4): whatever comes from another is a stray, of a request that was doubled on the way.
func (o *Observer) fromServer(port uint16, src netip.AddrPort, b []byte) {
	t := o.tftp.live[transferKey{port, src.Addr()}]
	if t == nil {
		o.fromAnother(port, src, b)
	}
	if t == nil || len(b) < 2 || t.strays[src.Port()] {
		return
	}
	if t.peer.Port() == 0 {
		t.peer = src
	}
	if t.peer != src {
		return
	}
	switch op := binary.BigEndian.Uint16(b); {
	case op == opOACK:
		o.oack(t, b[2:])
	case len(b) < 4:
	case op == opDATA:
		o.data(t, binary.BigEndian.Uint16(b[2:]), b[4:])
	case op == opERROR:
		o.refusal(t, b)
	}
}

// fromAnother notes the answer to a question from another address than was asked, which no client takes (RFC 1350, 4): of a
// host that has two, as a rule.
func (o *Observer) fromAnother(port uint16, src netip.AddrPort, b []byte) {
	if len(b) < 4 || b[0] != 0 || b[1] != opOACK && b[1] != opDATA {
		return
	}
	for key, t := range o.tftp.live {
		if key.port == port && !t.answered && t.ended == "" && !t.misled {
			t.misled = true
			o.record(event.Event{Kind: event.OACK, Peer: src, Path: t.path, Xfer: t.id, Attrs: event.Attrs("asked", key.server.String())})
		}
	}
}

// refusal notes the server's ERROR.
func (o *Observer) refusal(t *transfer, b []byte) {
	e := t.event(event.TFTPError)
	e.Code, e.Text = int(binary.BigEndian.Uint16(b[2:])), text(b[4:])
	if e.Code == errNotFound {
		e.Kind = event.Miss
	}
	if t.ended == "" || t.ended == e.Kind {
		o.once(t.ended == "", e)
		t.ended, t.refused = e.Kind, o.now
	}
}

// abort notes the guest's ERROR. One to another port than its transfer's tells a stray server to stop and
// ends nothing.
func (o *Observer) abort(t *transfer, dst netip.AddrPort, b []byte) {
	code := int(binary.BigEndian.Uint16(b[2:]))
	if t.peer.Port() != 0 && t.peer != dst || code == errUnknownTID {
		return
	}
	e := t.event(event.Abort)
	e.Peer, e.Code, e.Text = dst, code, text(b[4:])
	if t.ended == "" || t.ended == event.Abort {
		o.once(t.ended == "", e)
		t.ended = event.Abort
	}
}
