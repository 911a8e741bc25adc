package bench

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"
)

func TestABlockStaysFromTheACKToItsDATA(t *testing.T) {
	frame := func(opcode, number uint16) []byte {
		f := make([]byte, opcodeAt, behindNumber)
		return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(f, opcode), number)
	}
	type passed struct {
		at    time.Duration
		frame []byte
	}
	for name, c := range map[string]struct {
		frames []passed
		want   []time.Duration
	}{
		"lock step":                     {[]passed{{0, frame(opAck, 0)}, {5, frame(opData, 1)}, {20, frame(opAck, 1)}, {27, frame(opData, 2)}}, []time.Duration{5, 7}},
		"an OACK is no block":           {[]passed{{0, frame(1, 'f')}, {9, frame(6, 'b')}, {10, frame(opAck, 0)}, {14, frame(opData, 1)}}, []time.Duration{4}},
		"block 0 is behind 65535":       {[]passed{{0, frame(opAck, 65535)}, {3, frame(opData, 0)}}, []time.Duration{3}},
		"a frame that was not seen":     {[]passed{{0, frame(opAck, 7)}, {40, frame(opData, 9)}, {50, frame(opAck, 9)}, {52, frame(opData, 10)}}, []time.Duration{2}},
		"sent again by a timer":         {[]passed{{0, frame(opAck, 7)}, {2, frame(opData, 8)}, {1000, frame(opData, 8)}}, []time.Duration{2}},
		"an ARP, which is shorter":      {[]passed{{0, frame(opAck, 7)}, {1, make([]byte, 42)}, {2, frame(opData, 8)}}, []time.Duration{2}},
		"a block that nobody asked for": {[]passed{{0, frame(opData, 1)}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var s stays
			for _, p := range c.frames {
				s.take(time.Unix(1e9, 0).Add(p.at), p.frame)
			}
			if !slices.Equal(s.took, c.want) {
				t.Errorf("%d, want %d", s.took, c.want)
			}
		})
	}
	if got := (&stays{took: []time.Duration{9, 1, 5}}).median(); got != 5 {
		t.Errorf("the median is %d", got)
	}
}
