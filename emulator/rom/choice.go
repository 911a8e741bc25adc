package rom

import "net/netip"

// A Choice is what a ROM took of all that it heard.
type Choice struct {
	Lease  *Reply     // the OFFER whose address it asks for; nil: none was of use
	Proxy  *Reply     // who else names the boot file, or knows who does; nil: nobody that counts
	Named  *Reply     // the packet whose boot file counts; nil: none yet
	File   string     // as it is named there
	Server netip.Addr // where that packet sends the machine
	Why    string     // the firmware's rule
}

// Choice is what it took until now.
func (r *ROM) Choice() Choice {
	c := Choice{Lease: r.lease, Proxy: r.proxy, Why: r.why()}
	if r.pxe != nil {
		c.Proxy = r.pxe
	}
	if c.Named = r.named(); c.Named == nil && c.Proxy != nil && r.ack == nil {
		c.Named = c.Proxy // it has only offers, and this one would count
	}
	if c.Named == nil && r.ack == nil {
		c.Named = r.lease
	}
	if c.Named != nil {
		if c.File = r.file(c.Named); c.File != "" {
			c.Server = r.server(c.Named)
		}
	}
	return c
}

// why is the rule by which it chose.
func (r *ROM) why() string {
	switch {
	case r.lease == nil && r.proxy == nil:
		return ""
	case r.lease == nil:
		return "an OFFER without an address is of no use without one that has an address"
	case r.cfg.Profile.HTTP.Boot && r.proxy == nil:
		return "a DHCP server that calls itself HTTPClient (option 60) and names a URL beats every proxy"
	case r.cfg.Profile.HTTP.Boot:
		return "of the proxies that call themselves HTTPClient (option 60) the first one counts, one whose URL has an address before one whose URL has a name"
	case r.cfg.Profile.Collect.Slots:
		return r.whyOfClasses()
	case r.proxy == nil:
		return "the last OFFER with an address counts, and nobody calls itself PXEClient (option 60)"
	case r.proxy == r.lease:
		return "the last OFFER with an address counts, and it calls itself PXEClient (option 60) too"
	}
	return "the last OFFER with an address counts for the address, and for the boot file the last one before it went on that calls itself PXEClient (option 60)"
}

// whyOfClasses is the rule of EDK2, which takes the first offer of the best kind (PxeBcDhcp4.c, PxeBcSelectDhcp4Offer).
func (r *ROM) whyOfClasses() string {
	switch kind := classify(r.lease); {
	case kind == dhcpPXE10:
		return "a DHCP server that calls itself PXEClient (option 60) and says in option 43 what to boot beats every proxy"
	case kind == dhcpBINL:
		return "a DHCP server that calls itself PXEClient (option 60) and says nothing in option 43 is asked on port 4011, and proxies are not"
	case r.proxy != nil && classify(r.proxy) == proxyPXE10:
		return "of the proxies the first one counts that says in option 43 what to boot"
	case r.proxy != nil || len(r.ask) > 0:
		return "no proxy says in option 43 what to boot, so they are asked on port 4011, in the order of their OFFERs"
	}
	return "no proxy counts, so the first OFFER of an address with a boot file does"
}
