package tftpd

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/internal/turn"
	"github.com/bootrig/bootrig/wire/machine"
)

// The wall clock is turned to and fro between the packets of a transfer: none is sent early, none late, and the
// transfer goes on.
func TestATurnedClockEndsNoTransfer(t *testing.T) {
	const year = 365 * 24 * time.Hour
	m := NewMachine(Config{Tree: treeOf(map[string][]byte{"f": pattern(5000)})})
	now := time.Now()
	at := func(after, by time.Duration) time.Time { return turn.Wall(now.Add(after), by) }
	take := func() (blocks []uint16, tid machine.Datagram) {
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			blocks, tid = append(blocks, binary.BigEndian.Uint16(d.Payload[2:])), d
		}
		return blocks, tid
	}
	m.Receive(now, machine.Datagram{Link: 3, Src: guest, Dst: server69, Payload: Request{Name: "f", Mode: "octet"}.Append(nil)})
	_, tid := take()
	for block := uint16(1); block < 10; block++ {
		by := []time.Duration{year, -year, 0}[block%3]
		after := time.Duration(block) * 10 * time.Second
		ack := binary.BigEndian.AppendUint16([]byte{0, opACK}, block)
		m.Receive(at(after, by), machine.Datagram{Link: 3, Src: guest, Dst: tid.Src, Payload: ack})
		if got, _ := take(); len(got) != 1 || got[0] != block+1 {
			t.Fatalf("ACK %d is answered with %v", block, got)
		}
		due, waits := m.Deadline()
		if left := due.Sub(now.Add(after)); !waits || left <= 0 || left > time.Minute {
			t.Fatalf("after ACK %d it waits for %v, %v", block, left, waits)
		}
		m.Expire(at(due.Sub(now)-time.Millisecond, -by))
		if got, _ := take(); len(got) != 0 {
			t.Errorf("block %v is sent again early", got)
		}
		m.Expire(at(due.Sub(now), -by))
		if got, _ := take(); len(got) != 1 || got[0] != block+1 {
			t.Errorf("when it is time %v is sent again", got)
		}
	}
}
