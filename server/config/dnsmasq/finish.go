package dnsmasq

import "strconv"

// port is the port of the DNS server that bootrig has not.
func (r *reader) port(value text) {
	n, err := strconv.ParseUint(value.String(), 10, 16)
	switch {
	case err != nil:
		r.wrong("port=%s: not a port number", value)
	case n == 0:
		r.noDNS = true
	default:
		r.notice("port=%d: bootrig serves no DNS", n)
	}
}

// finish looks at the file as a whole.
func (r *reader) finish(name string) {
	r.mistakes = append(r.mistakes, r.cfg.DHCP.Check()...)
	r.noticeUnused()
	dhcp := &r.cfg.DHCP
	r.rule = name
	if !r.seen["port"] {
		r.notice("there is no port=0, so dnsmasq would serve DNS too; bootrig does not")
	}
	r.finishTFTP(name)
	gives := len(r.cfg.Leases.Ranges) > 0
	switch {
	case len(dhcp.Ranges) == 0 && !gives && len(r.cfg.Relays) > 0:
	case len(dhcp.Ranges) == 0 && !gives:
		r.rule = name
		r.notice("there is no dhcp-range, so no DHCP client is answered")
	case len(dhcp.Boot)+len(dhcp.Services) == 0 && gives:
		r.rule = r.cfg.Leases.Ranges[0].Rule
		r.notice("neither dhcp-boot nor pxe-service says what to boot, so clients get addresses only")
	case len(dhcp.Ranges) > 0 && len(dhcp.Boot)+len(dhcp.Services) == 0:
		r.rule = dhcp.Ranges[0].Rule
		r.notice("neither dhcp-boot nor pxe-service says what to boot, so no client is answered")
	}
}
