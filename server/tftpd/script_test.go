package tftpd

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

var (
	start    = time.Date(2019, 5, 26, 0, 0, 0, 0, time.UTC)
	guest    = netip.MustParseAddrPort("192.168.9.100:2070")
	stranger = netip.MustParseAddrPort("192.168.9.66:666")
	server69 = netip.MustParseAddrPort("192.168.9.2:69")
)

// pattern makes n bytes that differ from block to block.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8*13 + i>>16*29)
	}
	return b
}

func treeOf(files map[string][]byte) content.Tree {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return content.Of(fsys, "/tftpboot")
}

// play runs a conversation with a Machine and returns it with the answers that came. The script is
// lines such as
//
//	> rrq name octet tsize 0     the guest sends; also: ack 3, error 8 text, raw 0004, and "stranger: ack 3"
//	+2s                          time passes, in steps as the machine's deadlines ask
//	< data 1 512                 an answer; those of the script are skipped, those that came are put in
func play(t *testing.T, cfg Config, script string) string {
	t.Helper()
	m := NewMachine(cfg)
	now, tid := start, netip.AddrPort{}
	var out []string
	drain := func() {
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			if d.Dst == guest {
				tid = d.Src
			}
			out = append(out, "< "+shown(d))
		}
	}
	for line := range strings.Lines(strings.TrimSpace(script)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "<") {
			continue
		}
		out = append(out, line)
		if pause, ok := strings.CutPrefix(line, "+"); ok {
			until := now.Add(must(time.ParseDuration(pause)))
			for at, ok := m.Deadline(); ok && !at.After(until); at, ok = m.Deadline() {
				now = at
				m.Expire(now)
				drain()
			}
			now = until
			continue
		}
		words := strings.TrimPrefix(line, "> ")
		src := guest
		if rest, ok := strings.CutPrefix(words, "stranger: "); ok {
			src, words = stranger, rest
		}
		if words == "unreachable" {
			m.Receive(now, machine.Unreachable{Src: tid, Dst: guest})
		} else {
			payload, toPort69 := packet(strings.Fields(words))
			dst := tid
			if toPort69 {
				dst = server69
			}
			m.Receive(now, machine.Datagram{Src: src, Dst: dst, Payload: payload})
		}
		drain()
	}
	return strings.Join(out, "\n") + "\n"
}

// packet makes the bytes of one line, and says whether they go to port 69.
func packet(words []string) ([]byte, bool) {
	switch words[0] {
	case "rrq":
		r := Request{Name: words[1], Mode: words[2]}
		for i := 3; i+1 < len(words); i += 2 {
			r.Options = append(r.Options, Option{words[i], words[i+1]})
		}
		return r.Append(nil), true
	case "ack":
		p := binary.BigEndian.AppendUint16(nil, opACK)
		return binary.BigEndian.AppendUint16(p, uint16(must(strconv.ParseUint(words[1], 10, 16)))), false
	case "error":
		return errorPacket(uint16(must(strconv.ParseUint(words[1], 10, 16))), strings.Join(words[2:], " ")), false
	case "raw69":
		return []byte(must(strconv.Unquote(words[1]))), true
	}
	panic("no such packet: " + words[0])
}

// shown is one datagram of the server in words.
func shown(d machine.Datagram) string {
	n := 0
	if len(d.Payload) >= 4 {
		n = int(binary.BigEndian.Uint16(d.Payload[2:]))
	}
	to := ""
	if d.Dst != guest {
		to = " to " + d.Dst.String()
	}
	switch opcode(d.Payload) {
	case opDATA:
		return fmt.Sprintf("data %d %d%s", n, len(d.Payload)-4, to)
	case opOACK:
		return "oack " + strings.TrimSpace(strings.ReplaceAll(string(d.Payload[2:]), "\x00", " ")) + to
	case opERROR:
		return fmt.Sprintf("error %d %s%s", n, errorText(d.Payload), to)
	}
	return fmt.Sprintf("%q%s", d.Payload, to)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// facts keeps what was recorded, each as "kind path attrs bytes code text".
type facts []string

func (f *facts) Record(e event.Event) {
	line := string(e.Kind) + " " + e.Path
	if e.Attrs != "" {
		line += " " + string(e.Attrs)
	}
	if e.Bytes != 0 {
		line += fmt.Sprintf(" %d bytes", e.Bytes)
	}
	if e.Code != 0 {
		line += fmt.Sprintf(" code %d", e.Code)
	}
	if e.Text != "" {
		line += ": " + e.Text
	}
	*f = append(*f, line)
}
