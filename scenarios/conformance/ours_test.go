package conformance

import (
	"time"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// ours answers as our server does without leases, and says why.
func ours(cfg *config.Config, q question) (replies []reply, why event.Event) {
	link := dhcp.Link{Name: "eth0", Index: 2, Prefix: server}
	m := dhcpd.NewMachine(dhcpd.Config{PXE: &cfg.DHCP, Lease: &lease.Config{Options: cfg.Leases.Options}, Links: []dhcp.Link{link}, Events: event.Func(func(e event.Event) { why = e })})
	m.Receive(time.Time{}, machine.Datagram{Src: q.src, Dst: q.dst, Payload: q.packet})
	if at, ok := m.Deadline(); ok {
		m.Expire(at)
	}
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		replies = append(replies, reply{src: d.Src, dst: d.Dst, packet: d.Payload})
	}
	return replies, why
}
