package house

import "net/netip"

// leases remembers who has which address. They do not end: a lab is shorter than a lease.
type leases struct {
	reserve map[[6]byte]netip.Addr
	byMAC   map[[6]byte]netip.Addr
	taken   map[netip.Addr]bool // given out, reserved, declined, or the house's own
	prefix  netip.Prefix
	first   netip.Addr
}

func newLeases(cfg Config) *leases {
	l := &leases{
		reserve: cfg.Reserve,
		byMAC:   map[[6]byte]netip.Addr{},
		taken:   map[netip.Addr]bool{cfg.Addr.Addr(): true},
		prefix:  cfg.Addr.Masked(),
		first:   cfg.First,
	}
	for _, ip := range cfg.Reserve {
		l.taken[ip] = true
	}
	if !l.first.IsValid() {
		l.first = firstOf(l.prefix)
	}
	return l
}

// firstOf is the hundredth address of a prefix, or its first where it has no hundred.
func firstOf(p netip.Prefix) netip.Addr {
	first := p.Addr().Next()
	hundredth := first
	for range 99 {
		hundredth = hundredth.Next()
	}
	if p.Contains(hundredth.Next()) {
		return hundredth
	}
	return first
}

// of is the address a client has, if it has one.
func (l *leases) of(mac [6]byte) (netip.Addr, bool) {
	if ip, ok := l.reserve[mac]; ok {
		return ip, true
	}
	ip, ok := l.byMAC[mac]
	return ip, ok
}

// give is the address a client has or gets; false when the pool is used up.
func (l *leases) give(mac [6]byte) (netip.Addr, bool) {
	if ip, ok := l.of(mac); ok {
		return ip, true
	}
	// An address whose successor is outside is the broadcast address.
	for ip := l.first; l.prefix.Contains(ip) && l.prefix.Contains(ip.Next()); ip = ip.Next() {
		if !l.taken[ip] {
			l.taken[ip], l.byMAC[mac] = true, ip
			return ip, true
		}
	}
	return netip.Addr{}, false
}

// release takes a client's address back.
func (l *leases) release(mac [6]byte) {
	if ip, ok := l.byMAC[mac]; ok {
		delete(l.byMAC, mac)
		delete(l.taken, ip)
	}
}

// decline takes a client's address away for good: somebody else uses it.
func (l *leases) decline(mac [6]byte) { delete(l.byMAC, mac) }
