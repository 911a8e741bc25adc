package link

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// spare are fields of a response that no boot program reads. They make room.
var spare = []string{"last-modified", "etag", "accept-ranges", "date", "server"}

// AnswerHTTP has a server that it is set on answer HTTP with another status ("403 Forbidden"; "": its own) and other
// fields ("Location: http://192.168.9.77/"), in as many bytes. Where these have no room the response passes unchanged.
func AnswerHTTP(status string, fields ...string) Filter {
	return func(frame []byte) ([]byte, bool) {
		p, ok := ParseIPv4(frame)
		if !ok || p.Protocol != ProtocolTCP || p.Fragment() || len(p.Payload) < tcpLen {
			return frame, true
		}
		header := int(p.Payload[12]>>4) * 4
		if header < tcpLen || header > len(p.Payload) || !bytes.HasPrefix(p.Payload[header:], []byte("HTTP/1.1 ")) {
			return frame, true
		}
		head, _, whole := bytes.Cut(p.Payload[header:], []byte("\r\n\r\n"))
		if !whole {
			return frame, true
		}
		copy(head, otherHead(string(head), status, fields))
		p.Payload[tcpSum], p.Payload[tcpSum+1] = 0, 0
		binary.BigEndian.PutUint16(p.Payload[tcpSum:], ^fold(sum(pseudo4(p.Src, p.Dst, ProtocolTCP, len(p.Payload)), p.Payload)))
		return frame, true
	}
}

// otherHead is a head of a response with other lines, as long as it was.
func otherHead(head, status string, fields []string) string {
	lines := strings.Split(head, "\r\n")
	if status != "" {
		lines[0] = "HTTP/1.1 " + status
	}
	kept := lines[:1:1]
	for _, line := range lines[1:] {
		name := fieldName(line)
		if typed := status != "" && name == "content-type"; !typed && !named(spare, name) && !named(fields, name) {
			kept = append(kept, line)
		}
	}
	kept = append(kept, fields...)
	const pad = "\r\nPad: "
	to := strings.Join(kept, "\r\n")
	if len(to)+len(pad) > len(head) {
		return head
	}
	return to + pad + strings.Repeat("-", len(head)-len(to)-len(pad))
}

func fieldName(line string) string {
	name, _, _ := strings.Cut(line, ":")
	return strings.ToLower(name)
}

// named tells whether a field is among some.
func named(fields []string, name string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return fieldName(f) == name })
}
