package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// A pingpong machine answers each datagram with one of a size, as a TFTP transfer does.
type pingpong struct {
	own, peer netip.AddrPort
	payload   []byte
	due       bool
	deadline  time.Time
	left      int
}

func (p *pingpong) Receive(now time.Time, in machine.Input) {
	if p.left--; p.left > 0 {
		p.due, p.deadline = true, now.Add(time.Second)
	} else {
		p.deadline = time.Time{}
	}
}
func (p *pingpong) Expire(time.Time)            { p.deadline = time.Time{} }
func (p *pingpong) Deadline() (time.Time, bool) { return p.deadline, !p.deadline.IsZero() }
func (p *pingpong) Next() (machine.Datagram, bool) {
	if !p.due {
		return machine.Datagram{}, false
	}
	p.due = false
	return machine.Datagram{Src: p.own, Dst: p.peer, Payload: p.payload}, true
}

// BenchmarkLAN sends blocks of 1408 bytes and their acknowledgements between two hosts.
func BenchmarkLAN(b *testing.B) {
	for name, faults := range map[string]Faults{"clean": {}, "jitter": {Jitter: time.Microsecond}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			server := &pingpong{own: portA, peer: portB, payload: make([]byte, 1412), due: true, left: b.N/2 + 1}
			client := &pingpong{own: portB, peer: portA, payload: make([]byte, 4), left: b.N/2 + 1}
			l := NewLAN(1)
			l.SetFaults(faults)
			stack := NewStack(StackConfig{MAC: macA, Addr: addrA}, server)
			stack.Learn(portB.Addr(), macB)
			l.Plug("server", stack)
			l.Plug("client", NewStack(StackConfig{MAC: macB}, client))
			b.ResetTimer()
			run(l, epoch, 1000*time.Hour)
			if server.left > 1 {
				b.Fatalf("%d datagrams are missing", server.left)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packets/s")
		})
	}
}
