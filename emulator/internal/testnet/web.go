package testnet

import (
	"fmt"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// web answers HTTP, on a wire that loses nothing: files by their names without the first slash.
func (n *Net) web(now time.Time, d machine.Datagram) (answers []machine.Datagram) {
	key := pair{d.Dst, d.Src}
	c := n.conns[key]
	if c != nil {
		c.Receive(now, d)
	} else {
		var ok bool
		if c, ok = tcp.Accept(now, tcp.Config{Local: d.Dst, Remote: d.Src, Patience: tcp.Patience()}, d); !ok {
			return nil
		}
		n.conns[key] = c
	}
	if request := string(c.Read()); request != "" {
		n.Asked = append(n.Asked, request)
		c.Write(now, []byte(n.respond(strings.Fields(request)[1])))
		if strings.Contains(request, "HTTP/1.0") {
			c.Finish(now)
		}
	}
	for a, ok := c.Next(); ok; a, ok = c.Next() {
		answers = append(answers, a)
	}
	return answers
}

func (n *Net) respond(path string) string {
	content, ok := n.Files(strings.TrimPrefix(path, "/"))
	if !ok {
		n.Log = append(n.Log, path+" ✗")
		return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
	}
	n.Log = append(n.Log, path)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(content), content)
}
