package tftpd

import (
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// closed is an ICMP port unreachable about a datagram of ours.
type closed struct {
	to     netip.AddrPort
	quoted []byte // how the datagram began, if ICMP says so: RFC 792 asks for its UDP header only
}

// unreachable ends the transfer that an ICMP error is about, if it is about one that runs from this port.
func (m *Machine) unreachable(now time.Time, port uint16, c closed) bool {
	r := m.table.clients[c.to]
	if r == nil || r.local.Port() != port || !r.underway(c.quoted) {
		return false
	}
	m.Receive(now, machine.Unreachable{Src: r.local, Dst: c.to})
	return true
}

// underway tells whether a quoted packet can be one that the client has not acknowledged yet. What is not
// quoted can be.
func (t *Transfer) underway(quoted []byte) bool {
	n, err := number(quoted)
	switch {
	case err != nil:
		return true
	case opcode(quoted) == opDATA:
		ahead := uint64(n - uint16(t.acked))
		return ahead > 0 && ahead <= t.sent-t.acked
	}
	return opcode(quoted) == opOACK && t.phase == negotiating
}
