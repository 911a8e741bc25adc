package link

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

var (
	epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	macA  = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 0xa}
	macB  = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 0xb}
	addrA = netip.MustParsePrefix("192.168.9.10/24")
	addrB = netip.MustParsePrefix("192.168.9.11/24")
	portA = netip.AddrPortFrom(addrA.Addr(), 40000)
	portB = netip.AddrPortFrom(addrB.Addr(), 2000)
)

// A mailbox is a machine that sends what is put into it and keeps what it receives.
type mailbox struct {
	out      []machine.Datagram
	got      []machine.Datagram
	closed   []machine.Unreachable
	expire   time.Time
	onExpire func(now time.Time)
}

func (m *mailbox) Receive(_ time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Datagram:
		in.Payload = append([]byte(nil), in.Payload...)
		m.got = append(m.got, in)
	case machine.Unreachable:
		m.closed = append(m.closed, in)
	}
}

func (m *mailbox) Expire(now time.Time) {
	m.expire = time.Time{}
	if m.onExpire != nil {
		m.onExpire(now)
	}
}

func (m *mailbox) Next() (machine.Datagram, bool) {
	if len(m.out) == 0 {
		return machine.Datagram{}, false
	}
	d := m.out[0]
	m.out = m.out[1:]
	return d, true
}

func (m *mailbox) Deadline() (time.Time, bool) { return m.expire, !m.expire.IsZero() }

func (m *mailbox) send(src, dst netip.AddrPort, payload string) {
	m.out = append(m.out, machine.Datagram{Src: src, Dst: dst, Payload: []byte(payload)})
}

func (m *mailbox) texts() []string {
	var t []string
	for _, d := range m.got {
		t = append(t, string(d.Payload))
	}
	return t
}

// run advances the LAN until nothing is left or the time is over, and tells the time.
func run(l *LAN, now time.Time, span time.Duration) time.Time {
	for end := now.Add(span); ; {
		at, ok := l.Deadline()
		if !ok || at.After(end) {
			return now
		}
		if at.After(now) {
			now = at
		}
		l.Advance(now)
	}
}

// pair is a LAN with two hosts that know each other.
type pair struct {
	*LAN
	a, b   mailbox
	pa, pb Port
	sa, sb *Stack
}

func newPair(t testing.TB, seed uint64) *pair {
	t.Helper()
	p := &pair{LAN: NewLAN(seed)}
	p.sa = NewStack(StackConfig{MAC: macA, Addr: addrA}, &p.a)
	p.sb = NewStack(StackConfig{MAC: macB, Addr: addrB}, &p.b)
	p.pa, p.pb = p.Plug("a", p.sa), p.Plug("b", p.sb)
	return p
}
