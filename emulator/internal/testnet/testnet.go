// Package testnet is the smallest net a scripted guest boots from: one LAN, one house, one boot server, all in
// memory and without time of their own. It serves tests of the guest alone; what a wire does is in link.
package testnet

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// Start is when every net begins.
func Start() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// A Net answers a guest's datagrams.
type Net struct {
	Addr   netip.Addr // leased to the guest
	House  netip.Addr
	Server netip.Addr
	Files  func(name string) ([]byte, bool)

	DHCP func(request []byte, to netip.AddrPort) []machine.Datagram      // nil: Menu
	Drop func(toGuest bool, d machine.Datagram) bool                     // nil: nothing is lost
	Edit func(d machine.Datagram) machine.Datagram                       // of what goes to the guest
	Seen func(now time.Time, toGuest bool, d machine.Datagram)           // every datagram, before Drop
	OACK func(name string, granted []string) (options []string, ok bool) // edits what is granted

	Log       []string // names of read requests; a miss ends with " ✗"
	Web       bool     // it has HTTP too
	Asked     []string // read requests, and requests of HTTP, as they came
	Got       []string // names of files whose last block was acknowledged
	transfers map[pair]*transfer
	conns     map[pair]*tcp.Conn
	ports     uint16
}

// New is a net with the addresses of the captures.
func New(files func(name string) ([]byte, bool)) *Net {
	return &Net{
		Addr: netip.MustParseAddr("192.168.9.100"), House: netip.MustParseAddr("192.168.9.1"),
		Server: netip.MustParseAddr("192.168.9.2"), Files: files,
		transfers: map[pair]*transfer{}, conns: map[pair]*tcp.Conn{}, ports: 30000,
	}
}

// Run gives m all it asks for until it neither sends nor waits, or until done or end. It returns when that was.
func (n *Net) Run(m machine.Machine, now, end time.Time, done func() bool) time.Time {
	for {
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			for _, answer := range n.answers(now, d) {
				m.Receive(now, answer)
			}
		}
		at, ok := m.Deadline()
		if !ok || done() || at.After(end) {
			return now
		}
		if at.After(now) {
			now = at
		}
		m.Expire(now)
	}
}

func (n *Net) answers(now time.Time, d machine.Datagram) []machine.Datagram {
	d.Payload = append([]byte{}, d.Payload...)
	if n.lost(now, false, d) {
		return nil
	}
	var kept []machine.Datagram
	answer := n.answer
	if d.TCP && n.Web {
		answer = func(d machine.Datagram) []machine.Datagram { return n.web(now, d) }
	}
	for _, a := range answer(d) {
		if n.Edit != nil {
			a = n.Edit(a)
		}
		if !n.lost(now, true, a) {
			kept = append(kept, a)
		}
	}
	return kept
}

func (n *Net) lost(now time.Time, toGuest bool, d machine.Datagram) bool {
	if n.Seen != nil {
		n.Seen(now, toGuest, d)
	}
	return n.Drop != nil && n.Drop(toGuest, d)
}

func (n *Net) answer(d machine.Datagram) []machine.Datagram {
	switch d.Dst.Port() {
	case 67, 4011:
		answer := n.Menu
		if n.DHCP != nil {
			answer = n.DHCP
		}
		replies := answer(d.Payload, d.Dst)
		for i, r := range replies {
			replies[i].Dst = netip.AddrPortFrom(r.Dst.Addr(), d.Src.Port()) // EDK2 asks from port 4011
		}
		return replies
	case 69:
		return n.open(d)
	default:
		if t := n.transfers[pair{d.Dst, d.Src}]; t != nil {
			next := t.ack(d)
			if next == nil && d.Payload[1] == 4 {
				n.Got = append(n.Got, t.name)
			}
			return next
		}
	}
	return nil
}

// A pair names a transfer: a read request that comes twice begins two.
type pair struct{ server, client netip.AddrPort }

// A transfer is the server's side of one file.
type transfer struct {
	from, to netip.AddrPort
	name     string
	content  []byte
	blksize  int
	window   int
}

// open answers a read request: ERROR 1, OACK, or DATA 1 when no option was asked for.
func (n *Net) open(d machine.Datagram) []machine.Datagram {
	words := split(d.Payload[2:])
	name := words[0]
	n.Asked = append(n.Asked, string(d.Payload))
	n.ports++
	t := &transfer{from: netip.AddrPortFrom(d.Dst.Addr(), n.ports), to: d.Src, name: name, blksize: 512, window: 1}
	content, ok := n.Files(name)
	if !ok {
		n.Log = append(n.Log, name+" ✗")
		return t.send(append([]byte{0, 5, 0, 1}, fmt.Sprintf("file %s not found\x00", name)...))
	}
	n.Log = append(n.Log, name)
	t.content = content
	n.transfers[pair{t.from, t.to}] = t
	var granted []string
	for i := 2; i+1 < len(words); i += 2 {
		switch words[i] {
		case "blksize":
			t.blksize, _ = strconv.Atoi(words[i+1]) // the clients here send numbers
			granted = append(granted, "blksize", words[i+1])
		case "windowsize":
			t.window, _ = strconv.Atoi(words[i+1])
			granted = append(granted, "windowsize", words[i+1])
		case "tsize":
			granted = append(granted, "tsize", fmt.Sprint(len(content)))
		}
	}
	if n.OACK != nil {
		if granted, ok = n.OACK(name, granted); !ok {
			return nil
		}
	}
	if granted == nil {
		t.blksize, t.window = 512, 1
		return t.block(1)
	}
	oack := []byte{0, 6}
	for _, w := range granted {
		oack = append(append(oack, w...), 0)
	}
	return t.send(oack)
}

func (t *transfer) ack(d machine.Datagram) []machine.Datagram {
	if binary.BigEndian.Uint16(d.Payload) != 4 {
		return nil
	}
	next := int(binary.BigEndian.Uint16(d.Payload[2:])) + 1
	var blocks []machine.Datagram
	for i := range t.window {
		blocks = append(blocks, t.block(next+i)...)
	}
	return blocks
}

// block is DATA; small files only, so that block numbers need not wrap.
func (t *transfer) block(i int) []machine.Datagram {
	from := (i - 1) * t.blksize
	if from > len(t.content) {
		return nil
	}
	chunk := t.content[from:min(from+t.blksize, len(t.content))]
	return t.send(append([]byte{0, 3, byte(i >> 8), byte(i)}, chunk...))
}

func (t *transfer) send(payload []byte) []machine.Datagram {
	return []machine.Datagram{{Src: t.from, Dst: t.to, Payload: payload}}
}

func split(p []byte) (words []string) {
	begin := 0
	for i, c := range p {
		if c == 0 {
			words = append(words, string(p[begin:i]))
			begin = i + 1
		}
	}
	return words
}
