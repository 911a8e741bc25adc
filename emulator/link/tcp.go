package link

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/wire/machine"
)

const (
	tcpLen = 20 // of a header without options
	tcpSum = 16 // where its checksum is
)

// receiveTCP gives the machine a segment.
func (s *Stack) receiveTCP(p IPv4, segment []byte) {
	if !s.tcp || len(segment) < tcpLen || TransportSum(p.Src, p.Dst, ProtocolTCP, segment, tcpSum) != SumRight {
		return
	}
	s.m.Receive(s.now, machine.Datagram{
		Src: netip.AddrPortFrom(p.Src, binary.BigEndian.Uint16(segment)), Dst: netip.AddrPortFrom(p.Dst, binary.BigEndian.Uint16(segment[2:])),
		Payload: segment, TCP: true,
	})
}

// sendTCP sends a segment, whose checksum it fills in.
func (s *Stack) sendTCP(src, dst netip.Addr, segment []byte) {
	if len(segment) < tcpLen {
		return
	}
	s.scratch = append(s.scratch[:0], segment...)
	s.scratch[tcpSum], s.scratch[tcpSum+1] = 0, 0
	sum := ^fold(sum(pseudo4(src, dst, ProtocolTCP, len(segment)), s.scratch))
	binary.BigEndian.PutUint16(s.scratch[tcpSum:], sum)
	s.sendIPv4(src, dst, ProtocolTCP, s.scratch)
}
