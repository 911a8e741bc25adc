package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/wire/machine"
)

// Config is one file to read.
type Config struct {
	Local  netip.AddrPort // of a connection
	Server netip.AddrPort
	Host   string // as the URL names it
	Path   string // of the URL, with its query
	// Request is what is sent, with {method}, {path} and {host}; lines end as they are to.
	Request  string
	Probe    bool // only asks for the size, with HEAD
	Seq      uint32
	Patience retry.Backoff // of TCP; nothing set: tcp.Patience
	Wait     time.Duration // how long an answer may stand still; 0: for ever
	Memory   int64         // the largest file that fits; 0 for any
	Over     *Transfer     // the connection of an earlier one is used, if it is still open
}

// A Transfer reads one file by HTTP.
type Transfer struct {
	cfg     Config
	conn    *tcp.Conn
	keep    bool // the server lets the connection open
	raw     []byte
	head    *http.Response // once it has come
	start   int            // where the body begins
	until   time.Time      // when patience is out; zero: never
	content []byte
	size    int64
	done    bool
	err     *tftp.Error
}

// New begins a transfer.
func New(now time.Time, cfg Config) *Transfer {
	if len(cfg.Patience.Table) == 0 && cfg.Patience.First == 0 {
		cfg.Patience = tcp.Patience()
	}
	t := &Transfer{cfg: cfg, size: -1}
	if o := cfg.Over; o != nil && o.keep && o.conn.End() == tcp.Open {
		t.conn = o.conn
	} else {
		t.conn = tcp.Dial(now, tcp.Config{Local: cfg.Local, Remote: cfg.Server, Seq: cfg.Seq, Patience: cfg.Patience})
	}
	t.conn.Write(now, []byte(t.request()))
	t.progress(now)
	return t
}

func (t *Transfer) request() string {
	return strings.NewReplacer("{method}", t.method(), "{path}", t.cfg.Path, "{host}", t.cfg.Host).Replace(t.cfg.Request)
}

func (t *Transfer) method() string {
	if t.cfg.Probe {
		return http.MethodHead
	}
	return http.MethodGet
}

// Config is what the transfer was made of.
func (t *Transfer) Config() Config { return t.cfg }

// Done gives the content, or the error, once the transfer has ended.
func (t *Transfer) Done() (content []byte, err *tftp.Error, done bool) {
	return t.content, t.err, t.done
}

// Size is what the server said of the file, -1 when it did not.
func (t *Transfer) Size() int64 { return t.size }

// Header is a field of the answer's header, "" before it has come.
func (t *Transfer) Header(name string) string {
	if t.head == nil {
		return ""
	}
	return t.head.Header.Get(name)
}

// Close breaks the connection off: no other transfer will use it.
func (t *Transfer) Close() { t.conn.Abort() }

// Next yields a segment to send.
func (t *Transfer) Next() (machine.Datagram, bool) { return t.conn.Next() }

// Deadline is when Expire has something to do.
func (t *Transfer) Deadline() (time.Time, bool) {
	at, ok := t.conn.Deadline()
	if t.done {
		return time.Time{}, false
	}
	if !t.until.IsZero() && (!ok || t.until.Before(at)) {
		return t.until, true
	}
	return at, ok
}

// Receive takes a segment.
func (t *Transfer) Receive(now time.Time, in machine.Input) {
	if t.done {
		return
	}
	t.conn.Receive(now, in)
	t.look(now)
}

// Expire acts on the deadline.
func (t *Transfer) Expire(now time.Time) {
	if t.done {
		return
	}
	t.conn.Expire(now)
	if t.look(now); !t.done && !t.until.IsZero() && !now.Before(t.until) {
		t.end(tftp.ReadTimeout, 0, fmt.Sprintf("%s answered nothing more to %s after %d bytes", t.cfg.Server, t.name(), len(t.raw)))
	}
}

func (t *Transfer) progress(now time.Time) {
	if t.cfg.Wait > 0 {
		t.until = now.Add(t.cfg.Wait)
	}
}

// name is the request in short.
func (t *Transfer) name() string { return t.method() + " " + t.cfg.Path }

// look reads what has come.
func (t *Transfer) look(now time.Time) {
	if p := t.conn.Read(); len(p) > 0 {
		t.raw = append(t.raw, p...)
		t.progress(now)
	}
	if t.head == nil {
		t.readHead()
	}
	if t.head != nil && !t.done {
		t.readBody()
	}
	if t.done {
		return
	}
	switch t.conn.End() {
	case tcp.Refused:
		t.end(tftp.Unreachable, 0, fmt.Sprintf("nobody listens at %s (connection refused)", t.cfg.Server))
	case tcp.Silent:
		t.end(tftp.OpenTimeout, 0, fmt.Sprintf("%s did not answer: no connection for %s", t.cfg.Server, t.name()))
	case tcp.Stalled:
		t.end(tftp.ReadTimeout, 0, fmt.Sprintf("%s stopped answering %s after %d bytes", t.cfg.Server, t.name(), len(t.raw)))
	case tcp.Reset, tcp.Closed:
		t.end(tftp.ReadTimeout, 0, fmt.Sprintf("%s closed the connection %d bytes into its answer to %s", t.cfg.Server, len(t.raw), t.name()))
	}
}

// readHead reads the status and the header fields.
func (t *Transfer) readHead() {
	at := bytes.Index(t.raw, []byte("\r\n\r\n"))
	if at < 0 {
		return
	}
	t.start = at + 4
	asked := &http.Request{Method: t.method()}
	head, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(t.raw[:t.start])), asked)
	switch {
	case err != nil:
		t.end(tftp.BadPacket, 0, fmt.Sprintf("%s: %s: no answer of HTTP: %v", t.cfg.Server, t.name(), err))
		return
	case head.StatusCode/100 == 1: // it will answer
		t.raw = t.raw[t.start:]
		return
	}
	_ = head.Body.Close() // it is read elsewhere
	t.head, t.keep, t.size = head, !head.Close, head.ContentLength
	if head.StatusCode != http.StatusOK {
		t.status(head)
	}
}

// status ends the transfer in the words of a status that is not 200.
func (t *Transfer) status(head *http.Response) {
	reason := tftp.ServerError
	switch head.StatusCode {
	case http.StatusNotFound:
		reason = tftp.NotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		reason = tftp.AccessDenied
	}
	t.end(reason, head.StatusCode, fmt.Sprintf("%s answered %s to %s", t.cfg.Server, head.Status, t.name()))
}

// readBody looks whether all has come: as many bytes as was said, the last chunk, or the end of the connection.
func (t *Transfer) readBody() {
	body := t.raw[t.start:]
	switch {
	case t.cfg.Probe:
		t.done = true
		if t.size < 0 {
			t.end(tftp.NoSize, 0, fmt.Sprintf("%s does not say how long %s is", t.cfg.Server, t.cfg.Path))
		}
	case t.cfg.Memory > 0 && max(t.size, int64(len(body))) > t.cfg.Memory:
		t.end(tftp.TooBig, 0, fmt.Sprintf("%s has %d bytes, memory for files is %d", t.cfg.Path, max(t.size, int64(len(body))), t.cfg.Memory))
	case t.size >= 0 && int64(len(body)) >= t.size:
		t.got(body[:t.size])
	case len(t.head.TransferEncoding) > 0 && bytes.HasSuffix(body, []byte("0\r\n\r\n")):
		t.chunked()
	case t.size < 0 && t.conn.End() == tcp.Closed && len(t.head.TransferEncoding) == 0:
		t.keep = false
		t.got(body)
	}
}

// chunked puts the chunks together, if this is their end.
func (t *Transfer) chunked() {
	whole, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(t.raw)), nil)
	if err != nil {
		return
	}
	content, err := io.ReadAll(whole.Body)
	if err == nil && whole.Body.Close() == nil {
		t.got(content)
	}
}

func (t *Transfer) got(content []byte) {
	t.content, t.size, t.done, t.raw = content, int64(len(content)), true, nil
}

func (t *Transfer) end(r tftp.Reason, code int, text string) {
	t.done, t.err, t.content = true, &tftp.Error{Reason: r, Code: code, Text: text}, nil
	t.keep = false
	t.conn.Abort()
}
