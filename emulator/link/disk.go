package link

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// SlowDisk has a server read each block of a file for a while: what TFTP sends in a packet, and HTTP in a segment. A
// file's blocks are read one after the other, whoever asks for another one does not wait for them, and nothing that a
// client is sent overtakes its blocks. What is sent twice in a row was read once.
func SlowDisk(each time.Duration) Hold {
	type file struct {
		ready time.Time // when the last block was read
		block int64     // which one that was
	}
	files := map[[2]netip.AddrPort]file{} // by who sends it to whom
	return func(now time.Time, frame []byte) []time.Duration {
		ends, block, ok := sent(frame)
		if !ok {
			return []time.Duration{0}
		}
		f := files[ends]
		if f.ready.Before(now) {
			f.ready = now
		}
		if block != 0 {
			if block != f.block {
				f.ready = f.ready.Add(each)
			}
			f.block = block
			files[ends] = f
		}
		return []time.Duration{f.ready.Sub(now)}
	}
}

// sent tells who sends a frame to whom, and which block is in it: its number and one, 0 for none. All that a server says by
// TCP is HTTP.
func sent(frame []byte) (ends [2]netip.AddrPort, block int64, ok bool) {
	p, ok := ParseIPv4(frame)
	switch {
	case !ok || p.Fragment():
		return ends, 0, false
	case p.Protocol == ProtocolTCP && len(p.Payload) >= tcpLen:
		ends[0] = netip.AddrPortFrom(p.Src, binary.BigEndian.Uint16(p.Payload))
		ends[1] = netip.AddrPortFrom(p.Dst, binary.BigEndian.Uint16(p.Payload[2:]))
		if header := int(p.Payload[12]>>4) * 4; len(p.Payload) > header {
			block = int64(binary.BigEndian.Uint32(p.Payload[4:])) + 1
		}
		return ends, block, true
	}
	u, src, dst, ok := tftpPacket(frame)
	if ok && binary.BigEndian.Uint16(u.Payload) == tftpDATA {
		block = int64(binary.BigEndian.Uint16(u.Payload[2:])) + 1
	}
	return [2]netip.AddrPort{src, dst}, block, ok
}
