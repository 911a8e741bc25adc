package observe

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/layers"
)

func TestHTTPExchanges(t *testing.T) {
	const get = "GET /a HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n"
	const ok = "HTTP/1.0 200 OK\r\nContent-Length: 42\r\n\r\nbody"
	type segment struct {
		fromGuest bool
		seq       uint32
		text      string
	}
	for name, c := range map[string]struct {
		segments []segment
		want     []string
	}{
		"a request and its response":          {[]segment{{true, 1, get}, {false, 1, ok}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "http-response /a 200 42 "}},
		"both again":                          {[]segment{{true, 1, get}, {true, 1, get}, {false, 1, ok}, {false, 1, ok}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "retry /a 0 0 of=http-request", "http-response /a 200 42 ", "retry /a 0 0 of=http-response"}},
		"100 Continue is not the response":    {[]segment{{true, 1, get}, {false, 1, "HTTP/1.1 100 Continue\r\n\r\n"}, {false, 26, ok}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "http-response /a 200 42 "}},
		"two requests on one connection":      {[]segment{{true, 1, "HEAD /a HTTP/1.1\r\n\r\n"}, {false, 1, "HTTP/1.1 404 Not Found\r\n\r\n"}, {true, 21, "GET /b HTTP/1.1\r\n\r\n"}}, []string{"http-request /a 0 0 method=HEAD", "http-response /a 404 0 ", "http-request /b 0 0 method=GET"}},
		"a redirect":                          {[]segment{{true, 1, get}, {false, 1, "HTTP/1.1 302 Found\r\nLocation: http://x/b\r\n\r\n"}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "http-response /a 302 0 location=http://x/b"}},
		"what it calls the file":              {[]segment{{true, 1, get}, {false, 1, "HTTP/1.1 200 OK\r\nContent-Type: application/efi\r\nContent-Length: 0\r\n\r\n"}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "http-response /a 200 0 type=application/efi"}},
		"a response nobody asked for":         {[]segment{{false, 1, ok}}, nil},
		"a body that looks like a response":   {[]segment{{true, 1, get}, {false, 1, ok}, {false, 99, "HTTP/1.1 500 no\r\n\r\n"}}, []string{"http-request /a 0 0 method=GET range=bytes=0-9", "http-response /a 200 42 "}},
		"bytes that are no HTTP":              {[]segment{{true, 1, "\x16\x03\x01\r\n"}, {true, 9, "a b c\r\n"}, {true, 20, "GET /a HTTP/1.1"}}, nil},
		"a response without a status is none": {[]segment{{true, 1, "GET /a HTTP/1.1\r\n\r\n"}, {false, 1, "HTTP/1.1\r\n"}, {false, 11, "HTTP/1.1 xyz\r\n"}}, []string{"http-request /a 0 0 method=GET"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t)
			for _, s := range c.segments {
				tcp := &layers.TCP{SrcPort: 1270, DstPort: 8080, Seq: s.seq, ACK: true, Window: 100}
				if !s.fromGuest {
					tcp.SrcPort, tcp.DstPort = tcp.DstPort, tcp.SrcPort
				}
				w.o.Frame(epoch, s.fromGuest, w.frame(s.fromGuest, layers.IPProtocolTCP, tcp, payload([]byte(s.text))))
			}
			var got []string
			for _, e := range w.facts {
				got = append(got, fmt.Sprint(e.Kind, " ", e.Path, " ", e.Code, " ", e.Bytes, " ", e.Attrs))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}
