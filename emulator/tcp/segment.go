package tcp

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/wire/machine"
)

const (
	headerLen = 20
	mss       = 1460  // of Ethernet
	window    = 65535 // what a header can say without scaling
)

// The flags of a header.
const (
	fin = 1 << iota
	syn
	rst
	psh
	ack
)

// A segment is one of a connection, as it is read.
type segment struct {
	seq, ack uint32
	flags    byte
	window   uint16
	mss      int // 0: not said
	data     []byte
}

// parse reads a segment whose checksum was right.
func parse(b []byte) (s segment, ok bool) {
	if len(b) < headerLen {
		return s, false
	}
	header := int(b[12]>>4) * 4
	if header < headerLen || header > len(b) {
		return s, false
	}
	s = segment{
		seq: binary.BigEndian.Uint32(b[4:]), ack: binary.BigEndian.Uint32(b[8:]),
		flags: b[13], window: binary.BigEndian.Uint16(b[14:]), data: b[header:],
	}
	s.mss = maximum(b[headerLen:header])
	return s, true
}

// maximum finds the largest segment that the other side takes among the options (RFC 9293, 3.2).
func maximum(options []byte) int {
	const end, nothing, largest = 0, 1, 2
	for len(options) > 0 && options[0] != end {
		if options[0] == nothing {
			options = options[1:]
			continue
		}
		if len(options) < 2 || options[1] < 2 || int(options[1]) > len(options) {
			return 0
		}
		if options[0] == largest && options[1] == 4 {
			return int(binary.BigEndian.Uint16(options[2:]))
		}
		options = options[options[1]:]
	}
	return 0
}

// datagram is a segment to be sent.
func (s segment) datagram(link int, src, dst netip.AddrPort) machine.Datagram {
	b := make([]byte, headerLen, headerLen+4+len(s.data))
	binary.BigEndian.PutUint16(b, src.Port())
	binary.BigEndian.PutUint16(b[2:], dst.Port())
	binary.BigEndian.PutUint32(b[4:], s.seq)
	binary.BigEndian.PutUint32(b[8:], s.ack)
	b[13] = s.flags
	binary.BigEndian.PutUint16(b[14:], window)
	if s.flags&syn != 0 {
		b = append(b, 2, 4, mss>>8, mss&0xff)
	}
	b[12] = byte(len(b)) << 2
	return machine.Datagram{Link: link, Src: src, Dst: dst, Payload: append(b, s.data...), TCP: true}
}

// Refuse is the answer to a segment for a port that nobody has (RFC 9293, 3.5.2), if it deserves one.
func Refuse(d machine.Datagram) (machine.Datagram, bool) {
	s, ok := parse(d.Payload)
	if !ok || s.flags&rst != 0 {
		return d, false
	}
	answer := segment{seq: s.ack, flags: rst}
	if s.flags&ack == 0 {
		answer = segment{ack: s.seq + s.length(), flags: rst | ack}
	}
	return answer.datagram(d.Link, d.Dst, d.Src), true
}

// length is how much of the sequence it takes.
func (s segment) length() uint32 {
	n := uint32(len(s.data))
	for _, flag := range []byte{syn, fin} {
		if s.flags&flag != 0 {
			n++
		}
	}
	return n
}
