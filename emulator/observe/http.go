package observe

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

const (
	tcpLen = 20
	tcpSYN = 2
	tcpSum = 16 // where the checksum is
)

// A connection is a guest's TCP port and the server it talks to.
type connection struct {
	port uint16
	peer netip.AddrPort
}

// An exchange is the latest request on a connection.
type exchange struct {
	path            string
	asked, answered uint32 // sequence numbers of request and response
	waiting         bool
}

// tcp looks for requests and responses of HTTP/1 on any port: a lab's server may use another than 80.
func (o *Observer) tcp(fromGuest bool, src, dst netip.Addr, b []byte) {
	if len(b) < tcpLen || link.TransportSum(src, dst, link.ProtocolTCP, b, tcpSum) == link.SumWrong {
		return
	}
	header := int(b[12]>>4) * 4
	if header < tcpLen || header > len(b) {
		return
	}
	payload, seq := b[header:], binary.BigEndian.Uint32(b[4:])
	srcPort, dstPort := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	if !fromGuest {
		c := connection{dstPort, netip.AddrPortFrom(src, srcPort)}
		if x := o.http[c]; x != nil && bytes.HasPrefix(payload, []byte("HTTP/1.")) {
			o.httpResponse(c, x, seq, payload)
		}
		return
	}
	c := connection{srcPort, netip.AddrPortFrom(dst, dstPort)}
	if b[13]&tcpSYN != 0 {
		delete(o.http, c)
	}
	if line, rest, ok := httpRequest(payload); ok {
		o.httpRequest(c, seq, line, rest)
	}
}

// httpRequest recognises a request line (RFC 9112, 3).
func httpRequest(payload []byte) (line []string, headers string, ok bool) {
	first, rest, found := bytes.Cut(payload, []byte("\r\n"))
	if !found {
		return nil, "", false
	}
	line = strings.Split(string(first), " ")
	ok = len(line) == 3 && line[0] != "" && strings.HasPrefix(line[2], "HTTP/1.") && strings.ToUpper(line[0]) == line[0]
	return line, string(rest), ok
}

func (o *Observer) httpRequest(c connection, seq uint32, line []string, headers string) {
	e := event.Event{
		Kind: event.HTTPRequest, Peer: c.peer, Path: line[1],
		Attrs: event.Attrs("method", line[0], "range", header(headers, "range")),
	}
	x := o.http[c]
	if x != nil && x.asked == seq {
		o.once(false, e)
		return
	}
	o.http[c] = &exchange{path: line[1], asked: seq, waiting: true}
	o.record(e)
}

func (o *Observer) httpResponse(c connection, x *exchange, seq uint32, payload []byte) {
	e := event.Event{Kind: event.HTTPResponse, Peer: c.peer, Path: x.path}
	if !x.waiting {
		if x.answered == seq {
			o.once(false, e)
		}
		return
	}
	status, headers, _ := strings.Cut(string(payload), "\r\n")
	words := strings.SplitN(status, " ", 3)
	if len(words) < 2 {
		return
	}
	code, err := strconv.Atoi(words[1])
	if err != nil || code < 200 {
		return // 100 Continue is not the answer
	}
	e.Code = code
	e.Attrs = event.Attrs("location", header(headers, "location"), "type", header(headers, "content-type"))
	if n, err := strconv.ParseInt(header(headers, "content-length"), 10, 64); err == nil && n >= 0 {
		e.Bytes = n
		_, body, _ := strings.Cut(headers, "\r\n\r\n")
		if begin := []byte(body); len(begin) > 0 && (len(begin) >= magic.Enough || int64(len(begin)) >= n) {
			e.Attrs = e.Attrs.And(event.Attrs("is", magic.Of(begin, n)))
		}
	}
	x.waiting, x.answered = false, seq
	o.record(e)
}

// header finds a field in the lines before the body.
func header(headers, name string) string {
	for line := range strings.SplitSeq(headers, "\r\n") {
		if line == "" {
			break
		}
		if key, value, _ := strings.Cut(line, ":"); strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
