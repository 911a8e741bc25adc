package teller

import (
	"fmt"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A transferKey tells transfers apart. Requests of HTTP have no number, so a digest of the path is theirs.
type transferKey struct {
	source, client string
	number         uint64
}

// A transfer is a file on its way, as its facts have told it so far.
type transfer struct {
	since time.Time // zero: its beginning was not seen
	size  int64     // 0: unknown
	probe bool      // its client asked how large it is

	told      time.Time
	toldBytes int64
}

// follow notes what a fact says of a transfer, and tells what is known of it.
func (p *Printer) follow(e event.Event) *transfer {
	switch e.Kind {
	case event.RRQ, event.HTTPRequest, event.OACK, event.Data, event.Got, event.Miss, event.TFTPError, event.Abort, event.HTTPResponse:
	default: // it is of none
		return &unseen
	}
	key := transferKey{e.Source, e.Client, e.Xfer}
	if e.Xfer == 0 {
		key.number = uint64(p.digest(e.Path))
	}
	t, known := p.transfers.get(key)
	if !known {
		t = &transfer{told: e.Time}
	}
	switch e.Kind {
	case event.RRQ, event.HTTPRequest:
		t = &transfer{since: e.Time, told: e.Time, probe: strings.Contains(e.Attr("options"), "tsize")}
		p.transfers.put(key, t)
	case event.OACK:
		t.size = e.TransferSize()
	case event.Data:
		if !known {
			p.transfers.put(key, t)
		}
	case event.Got, event.Miss, event.TFTPError, event.Abort, event.HTTPResponse:
		p.transfers.forget(key)
	}
	return t
}

// unseen is a transfer of which nothing is known, nor ever written down.
var unseen transfer

// Without a terminal a file's progress is a line for each quarter of it, and for each piece where its size
// is not known; a fast one is not worth any.
const (
	quarter = 4
	piece   = 16 << 20
	atMost  = time.Second // between two lines
)

// progress tells how far a file is.
func (p *Printer) progress(e event.Event, t *transfer) {
	if p.Terminal {
		fmt.Fprint(p.W, erase, p.beginning(e, level(e, t)), cut(Clean(p.text(e, t))))
		p.over = true
		return
	}
	step := t.size / quarter
	if t.size == 0 {
		step = piece
	}
	if e.Bytes-t.toldBytes >= step && e.Time.Sub(t.told) >= atMost {
		t.told, t.toldBytes = e.Time, e.Bytes
		p.line(e, level(e, t), p.text(e, t))
	}
}

// took is how long a file needed, where that is worth a word.
func (t *transfer) took(now time.Time) string {
	d := now.Sub(t.since)
	if t.since.IsZero() || d < 100*time.Millisecond {
		return ""
	}
	return fmt.Sprintf(" in %.1fs", d.Seconds())
}

// sizeProbe tells whether a client only asked how large a file is, as EDK2 and Intel ROMs do before they
// fetch it: RRQ with tsize, OACK, ERROR.
func sizeProbe(e event.Event, t *transfer) bool {
	return t.probe && e.Bytes == 0 && e.Attr("by") != "server" && e.Attr("by") != "icmp"
}
