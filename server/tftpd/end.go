package tftpd

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
)

// end closes the file and records how it went.
func (t *Transfer) end(kind event.Kind, code int, text, by string) {
	t.phase = over
	if t.file != nil {
		t.file.Close()
		t.file = nil
	}
	sent := ""
	if kind == event.Abort && by == "server" && t.answered && t.last != 0 && t.sent == t.last {
		sent = "all"
	}
	t.record(event.Event{Kind: kind, Bytes: t.bytes(), Code: code, Text: text, Attrs: event.Attrs("by", by, "sent", sent, "is", t.is, "like", t.like)})
}

// refuse ends the transfer with an ERROR to the client.
func (t *Transfer) refuse(kind event.Kind, code uint16, text string) {
	t.control = append(t.control, t.to(t.client, errorPacket(code, text)))
	t.end(kind, int(code), text, "")
}

// refuseRequest says what dnsmasq says; the reason is for the log.
func (t *Transfer) refuseRequest(reason error) {
	text := fmt.Sprintf("unsupported request from %s", t.client.Addr().Unmap())
	t.control = append(t.control, t.to(t.client, errorPacket(codeIllegal, text)))
	t.end(event.TFTPError, codeIllegal, text+": "+reason.Error(), "")
}

// refuseFile turns the error of a Tree into the code that dnsmasq sends for it
// (testdata/captures/dnsmasq290-tftp-decisions.txt).
func (t *Transfer) refuseFile(tree content.Tree, err error) {
	path := t.name
	var p *fs.PathError
	if errors.As(err, &p) {
		path, err = p.Path, p.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.like = t.cfg.Hints.For(t.now, tree, t.name)
		t.refuse(event.Miss, codeNotFound, fmt.Sprintf("file %s not found for %s", path, t.client.Addr().Unmap()))
	case errors.Is(err, fs.ErrPermission):
		t.refuse(event.TFTPError, codeAccess, fmt.Sprintf("cannot access %s: %v", path, err))
	case errors.Is(err, content.ErrIsDirectory):
		t.refuse(event.TFTPError, codeUndefined, fmt.Sprintf("cannot read %s: is a directory", path))
	default:
		t.refuse(event.TFTPError, codeUndefined, fmt.Sprintf("cannot read %s: %v", path, err))
	}
}
