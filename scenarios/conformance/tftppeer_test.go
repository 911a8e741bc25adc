package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/wire/machine"
)

var tftpClient = netip.MustParseAddr("192.168.9.101")

// A tftpReply is a datagram of a server.
type tftpReply struct {
	port    uint16
	payload []byte
}

// A tftpPeer is one of the two servers. ask puts a request and returns all that is said to it; tell sends
// into a transfer, and next is what the server says then.
type tftpPeer interface {
	ask(t *testing.T, client netip.AddrPort, packet []byte) []tftpReply
	tell(client netip.AddrPort, port uint16, packet []byte)
	next(t *testing.T, client netip.AddrPort) tftpReply
}

// machinePeer is ours.
type machinePeer struct {
	m    machine.Machine
	said []tftpReply
	now  time.Time
}

func (p *machinePeer) tell(client netip.AddrPort, port uint16, packet []byte) {
	p.m.Receive(p.now, machine.Datagram{Src: client, Dst: netip.AddrPortFrom(server.Addr(), port), Payload: packet})
	for d, ok := p.m.Next(); ok; d, ok = p.m.Next() {
		if d.Dst == client {
			p.said = append(p.said, tftpReply{d.Src.Port(), bytes.Clone(d.Payload)})
		}
	}
}

func (p *machinePeer) ask(_ *testing.T, client netip.AddrPort, packet []byte) []tftpReply {
	p.said = nil
	p.tell(client, 69, packet)
	said := p.said
	p.said = nil
	return said
}

func (p *machinePeer) next(t *testing.T, client netip.AddrPort) tftpReply {
	if len(p.said) == 0 {
		t.Fatalf("we say nothing to %v", client)
	}
	said := p.said[0]
	p.said = p.said[1:]
	return said
}

// startTFTP runs dnsmasq with a configuration and the directory it serves.
func startTFTP(t *testing.T, d peer.Program, conf []byte, dir string) *tftpReal {
	t.Helper()
	return &tftpReal{startDnsmasq(t, d, conf, tap.Bind{Host: dir, Inside: dir, ReadOnly: true})}
}

// tftpReal is dnsmasq.
type tftpReal struct{ *real }

func (r *tftpReal) tell(client netip.AddrPort, port uint16, packet []byte) {
	r.send(datagram(ourMAC, serverMAC, client, netip.AddrPortFrom(server.Addr(), port), packet))
}

// ask sends a sentinel behind the request: both come to one socket, so its answer is the last.
func (r *tftpReal) ask(t *testing.T, client netip.AddrPort, packet []byte) []tftpReply {
	r.tell(client, 69, packet)
	r.sentinel()
	var said []tftpReply
	for {
		p := r.frame(t)
		switch {
		case p.dst == client:
			said = append(said, tftpReply{p.src.Port(), p.payload})
		case p.dst.Addr() == watch && p.dst.Port() == 20000+r.asked:
			return said
		}
	}
}

// keepsBlocks is the version from which on dnsmasq keeps a block that it has read, and knows whose it is by the place
// that the transfer has in memory: the next transfer may have the same.
const keepsBlocks = "2.92"

// forget makes dnsmasq forget its block, by a transfer that ends behind its OACK.
func (r *tftpReal) forget(t *testing.T) {
	client := netip.AddrPortFrom(tftpClient, 29999)
	for _, said := range r.ask(t, client, []byte("\x00\x01version.info\x00octet\x00tsize\x000\x00")) {
		r.tell(client, said.port, []byte("\x00\x05\x00\x08enough\x00"))
	}
}

// settle lets dnsmasq free the transfer that is over, which it does in a later round of its loop.
func (r *tftpReal) settle(t *testing.T) {
	for range sentinels {
		r.sentinel()
		for p := r.frame(t); p.dst.Addr() != watch || p.dst.Port() != 20000+r.asked; {
			p = r.frame(t)
		}
	}
}

func (r *tftpReal) next(t *testing.T, client netip.AddrPort) tftpReply {
	for {
		if p := r.frame(t); p.dst == client {
			return tftpReply{p.src.Port(), p.payload}
		}
	}
}

func (r *tftpReal) frame(t *testing.T) packet {
	t.Helper()
	soon, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	select {
	case frame := <-r.frames:
		return read(frame)
	case <-soon.Done():
		t.Fatalf("dnsmasq is silent; it says %q", r.host.Tail(9))
		return packet{}
	}
}

// errorForm is what is compared of the text of an ERROR: how the sentence begins. Paths are written
// otherwise by dnsmasq, as they were joined, and by us, as they were meant; so are the reasons.
var errorForm = regexp.MustCompile(`^(file |cannot access |cannot read |unsupported request from 192\.168\.9\.101$)`)

// interview asks, and fetches the whole file if it is offered.
func interview(t *testing.T, p tftpPeer, client netip.AddrPort, q tftpQuestion) map[string]string {
	t.Helper()
	replies := p.ask(t, client, []byte(q.packet))
	if len(replies) == 0 {
		return map[string]string{"answer": "silence"}
	}
	first := replies[0]
	said := map[string]string{"answer": "a reply", "replies": fmt.Sprint(len(replies)), "from": whence(first.port)}
	said["opcode"] = fmt.Sprint(binary.BigEndian.Uint16(first.payload))
	f := fetch{peer: p, client: client, port: first.port, block: 512, window: 1}
	switch said["opcode"] {
	case "5":
		said["error"], said["text"] = errorOf(first.payload)
	case "6":
		said["oack"] = strings.ReplaceAll(strings.TrimSuffix(string(first.payload[2:]), "\x00"), "\x00", " ")
		f.agree(said["oack"])
		if q.probe {
			p.tell(client, first.port, []byte("\x00\x05\x00\x08enough\x00"))
			return said
		}
		p.tell(client, first.port, []byte{0, 4, 0, 0})
		f.run(t, p.next(t, client), said)
	case "3":
		f.run(t, first, said)
	}
	return said
}

func whence(port uint16) string {
	switch {
	case port == 69:
		return "port 69"
	case port >= 5000 && port <= 5050: // which no system gives out by itself
		return "the range"
	}
	return "another port"
}

func errorOf(p []byte) (code, text string) {
	text = strings.TrimSuffix(string(p[4:]), "\x00")
	if form := errorForm.FindString(text); form != "" {
		text = form
	}
	return fmt.Sprint(binary.BigEndian.Uint16(p[2:])), text
}

// A fetch is one file on its way.
type fetch struct {
	peer          tftpPeer
	client        netip.AddrPort
	port          uint16
	block, window int
	data          []byte
}

func (f *fetch) agree(oack string) {
	words := strings.Fields(oack)
	for i := 0; i+1 < len(words); i += 2 {
		n, _ := strconv.Atoi(words[i+1])
		switch words[i] {
		case "blksize":
			f.block = n
		case "windowsize":
			f.window = n
		}
	}
}

// run takes block by block, and acknowledges each window.
func (f *fetch) run(t *testing.T, r tftpReply, said map[string]string) {
	t.Helper()
	for n := 1; ; n++ {
		if binary.BigEndian.Uint16(r.payload) == 5 {
			said["then"], _ = errorOf(r.payload)
			return
		}
		if got := binary.BigEndian.Uint16(r.payload[2:]); got != uint16(n) || r.port != f.port {
			t.Fatalf("block %d from port %d, want %d from %d", got, r.port, n, f.port)
		}
		f.data = append(f.data, r.payload[4:]...)
		last := len(r.payload)-4 < f.block
		if last || n%f.window == 0 {
			f.peer.tell(f.client, f.port, binary.BigEndian.AppendUint16([]byte{0, 4}, uint16(n)))
		}
		if last {
			said["blocks"] = fmt.Sprint(n)
			said["bytes"] = fmt.Sprintf("%d %x", len(f.data), sha256.Sum256(f.data))
			return
		}
		r = f.peer.next(t, f.client)
	}
}
