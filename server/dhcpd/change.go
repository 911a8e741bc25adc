package dhcpd

import (
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
)

// Change replaces all that a Machine was told between two packets, but for the leases, which it knows better if it has
// given any addresses. What it has decided already goes out if the link that it was decided for is still there as it
// was; else its client asks again.
func (m *Machine) Change(cfg Config) {
	m.settle()
	old := slices.Concat(m.cfg.Links, m.cfg.Uplinks)
	m.cfg = cfg.filled()
	if gives := len(m.cfg.Lease.Ranges) > 0; gives && !m.gave {
		m.leases, m.gave = lease.New(m.cfg.Lease, m.cfg.PXE, m.cfg.Known), true
	} else {
		m.leases.Change(m.cfg.Lease, m.cfg.PXE)
	}
	m.probes.patience = m.cfg.Patience
	m.renumber(old)
}

// filled has no nil that can be avoided.
func (cfg Config) filled() Config {
	if cfg.Events == nil {
		cfg.Events = event.Discard
	}
	if cfg.Lease == nil {
		cfg.Lease = &lease.Config{}
	}
	if cfg.Lease.NoPing {
		cfg.Patience = 0
	}
	return cfg
}

// renumber finds the links of what waits among the new ones.
func (m *Machine) renumber(old []dhcp.Link) {
	all := slices.Concat(m.cfg.Links, m.cfg.Uplinks)
	number := func(was int) int { return slices.Index(all, old[was]) }
	m.out, m.went = slices.DeleteFunc(m.out[m.went:], func(o outgoing) bool { return number(o.Link) < 0 }), 0
	for i := range m.out {
		m.out[i].Link = number(m.out[i].Link)
	}
	m.later = slices.DeleteFunc(m.later, func(l delayed) bool { return number(l.Link) < 0 })
	for i := range m.later {
		m.later[i].Link = number(m.later[i].Link)
	}
	m.probes.renumber(number)
}
