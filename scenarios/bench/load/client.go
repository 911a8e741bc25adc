package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Opcodes of RFC 1350 and RFC 2347.
const (
	opRRQ = iota + 1
	_
	opData
	opAck
	opError
	opOACK
)

const minPacket = 4

// A client fetches one file.
type client struct {
	file         int
	size         int64
	blksize      int
	window       int
	peer         uint16 // the server's port for this transfer; 0: it has not answered
	last         int64  // block that came in order
	got          int64  // bytes
	inWindow     int
	gap          bool   // a block is missing, and that was said
	packet       []byte // the last that was sent
	tries        int    // since something came
	heard        time.Time
	began, ended time.Duration
	resends      int
	err          error
}

// rrq is a request with the options that differ from what RFC 1350 has without any.
func rrq(name string, blksize, window int) []byte {
	words := []string{name, "octet"}
	if blksize != 512 {
		words = append(words, "blksize", strconv.Itoa(blksize))
	}
	if window > 1 {
		words = append(words, "windowsize", strconv.Itoa(window))
	}
	return append([]byte{0, opRRQ}, strings.Join(words, "\x00")+"\x00"...)
}

// take takes a packet from a port of the server's, and reports whether there is one to send: c.packet.
func (c *client) take(now time.Time, from uint16, p []byte) (send bool) {
	if len(p) < minPacket || c.peer != 0 && from != c.peer {
		return false // another transfer of a request that was sent twice: the server's time-out ends it
	}
	op, number := binary.BigEndian.Uint16(p), binary.BigEndian.Uint16(p[2:])
	if c.peer == 0 && op == opData && number != 1 {
		return false
	}
	c.peer, c.heard, c.tries = from, now, 0
	switch op {
	case opOACK:
		send = c.oack(p[2:])
	case opData:
		send = c.data(number, p[minPacket:])
	case opError:
		c.err = fmt.Errorf("the server says ERROR %d %q", number, bytes.TrimRight(p[minPacket:], "\x00"))
		return false
	default:
		c.err = fmt.Errorf("the server sent a packet with opcode %d", op)
	}
	if c.err != nil {
		c.packet, send = []byte("\x00\x05\x00\x00aborted\x00"), true
	}
	return send
}

// oack takes what the server grants.
func (c *client) oack(p []byte) (send bool) {
	if c.last > 0 {
		return false
	}
	c.granted()
	words := strings.Split(strings.TrimSuffix(string(p), "\x00"), "\x00")
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.Atoi(words[i+1])
		switch name := strings.ToLower(words[i]); {
		case err != nil || n < 1 || n > overlap:
			c.err = fmt.Errorf("the server grants %s %q", name, words[i+1])
			return false
		case name == "blksize":
			c.blksize = n
		case name == "windowsize":
			c.window = n
		}
	}
	return c.ack()
}

// granted is what a server grants that says nothing.
func (c *client) granted() { c.blksize, c.window = 512, 1 }

// data takes a block. What is behind a gap goes with the one ACK that says so (RFC 7440 section 4); a block that came
// again means that our ACK was lost.
func (c *client) data(number uint16, block []byte) (send bool) {
	if c.blksize == 0 {
		c.granted()
	}
	switch {
	case number != uint16(c.last+1):
		if again := number == uint16(c.last); !again && c.gap {
			return false
		}
		c.gap = true
		return c.ack()
	case len(block) > c.blksize:
		c.err = fmt.Errorf("block %d has %d bytes, not %d", c.last+1, len(block), c.blksize)
	case c.got+int64(len(block)) > c.size || !bytes.Equal(block, Content(c.file, c.got, len(block))):
		c.err = fmt.Errorf("block %d has other bytes than the file", c.last+1)
	case len(block) < c.blksize && c.got+int64(len(block)) < c.size:
		c.err = fmt.Errorf("it ends after %d of %d bytes", c.got+int64(len(block)), c.size)
	default:
		return c.next(len(block))
	}
	return false
}

// next takes the block that was to come.
func (c *client) next(n int) (send bool) {
	c.gap = false
	c.last++
	c.inWindow++
	c.got += int64(n)
	if n < c.blksize || c.inWindow == c.window {
		return c.ack()
	}
	return false
}

// whole tells whether the last block has come.
func (c *client) whole() bool {
	return c.blksize > 0 && c.got == c.size && c.last == c.size/int64(c.blksize)+1
}

func (c *client) ack() bool {
	c.inWindow = 0
	if len(c.packet) != minPacket || c.packet[1] != opAck {
		c.packet = []byte{0, opAck, 0, 0}
	}
	binary.BigEndian.PutUint16(c.packet[2:], uint16(c.last))
	return true
}

// silence reports whether the last packet has to be sent again; or it gives up.
func (c *client) silence(now time.Time, timeout time.Duration) (send bool) {
	if now.Sub(c.heard) < timeout {
		return false
	}
	if c.tries++; c.tries > patience {
		c.err = fmt.Errorf("silence after %d of %d bytes", c.got, c.size)
		return false
	}
	c.heard = now
	c.resends++
	return true
}

// patience is how often a client sends a packet again before it gives up.
const patience = 30

// address is the i-th behind a first one.
func address(first netip.Addr, i int) netip.Addr {
	a := first.As4()
	binary.BigEndian.PutUint32(a[:], binary.BigEndian.Uint32(a[:])+uint32(i))
	return netip.AddrFrom4(a)
}
