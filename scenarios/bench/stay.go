package bench

import (
	"encoding/binary"
	"slices"
	"time"
)

// Stays are how long blocks were in a server: from the ACK that comes to its card to the block behind it that leaves.
type stays struct {
	asked time.Time // zero: no ACK waits
	next  uint16    // the block that it asks for
	took  []time.Duration
}

// What a frame of Ethernet with IPv4 without options and UDP has where (RFC 894, 791, 768, 1350).
const (
	opcodeAt, numberAt, behindNumber = 14 + 20 + 8, 14 + 20 + 8 + 2, 14 + 20 + 8 + 4
	opData, opAck                    = 3, 4
)

// take takes a frame that passes the card, either way.
func (s *stays) take(at time.Time, frame []byte) {
	if len(frame) < behindNumber {
		return
	}
	switch number := binary.BigEndian.Uint16(frame[numberAt:]); binary.BigEndian.Uint16(frame[opcodeAt:]) {
	case opAck:
		s.asked, s.next = at, number+1
	case opData:
		if number == s.next && !s.asked.IsZero() {
			s.took = append(s.took, at.Sub(s.asked))
		}
		s.asked = time.Time{}
	}
}

// median is 0 if there are none.
func (s *stays) median() time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	return s.took[len(s.took)/2]
}
