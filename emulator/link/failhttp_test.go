package link

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answer is a frame with a response of HTTP.
func answer(text string) []byte {
	segment := make([]byte, tcpLen, tcpLen+len(text))
	binary.BigEndian.PutUint16(segment, 80)
	segment[12] = tcpLen / 4 << 4
	segment = append(segment, text...)
	b := appendEther(nil, [6]byte(macA), [6]byte(macB), typeIPv4)
	return append(appendIPv4(b, addrB.Addr(), addrA.Addr(), ProtocolTCP, 0, dontFragment, len(segment)), segment...)
}

func TestAnotherAnswerOfHTTP(t *testing.T) {
	const ours = "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: 3\r\nContent-Type: application/efi\r\nEtag: \"1234-3\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\nabc"
	for name, c := range map[string]struct {
		status, field, was string
		want               []string // lines
	}{
		"another status": {"403 Forbidden", "", ours, []string{"HTTP/1.1 403 Forbidden", "Content-Length: 3"}},
		"a redirect":     {"302 Found", "Location: http://192.168.9.77/", ours, []string{"HTTP/1.1 302 Found", "Content-Length: 3", "Location: http://192.168.9.77/"}},
		"another type":   {"", "Content-Type: text/plain", ours, []string{"HTTP/1.1 200 OK", "Content-Length: 3", "Content-Type: text/plain"}},
		"no room":        {"403 Forbidden", "", "HTTP/1.1 200 OK\r\n\r\n", nil},
		"no head":        {"403 Forbidden", "", "HTTP/1.1 200 OK\r\n", nil},
		"a body":         {"403 Forbidden", "", "abc", nil},
	} {
		var fields []string
		if c.field != "" {
			fields = append(fields, c.field)
		}
		frame, _ := AnswerHTTP(c.status, fields...)(answer(c.was))
		p, _ := ParseIPv4(frame)
		got := string(p.Payload[tcpLen:])
		if len(got) != len(c.was) {
			t.Errorf("%s: it has %d bytes, and had %d", name, len(got), len(c.was))
		}
		if c.want == nil {
			if got != c.was {
				t.Errorf("%s: it is %q", name, got)
			}
			continue
		}
		head, body, _ := strings.Cut(got, "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		if diff := cmp.Diff(c.want, lines[:len(lines)-1]); diff != "" || body != "abc" || TransportSum(p.Src, p.Dst, ProtocolTCP, p.Payload, tcpSum) != SumRight {
			t.Errorf("%s: %q (-want +got):\n%s", name, got, diff)
		}
	}
}
