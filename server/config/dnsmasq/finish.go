package dnsmasq

import (
	"net/netip"

	"github.com/bootrig/bootrig/wire/pxe"
)

// port is the port of the DNS server that bootrig has not.
func (r *reader) port(value text) {
	n, ok := atMost(0xffff, value.String())
	switch {
	case !ok:
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
	proxy := &r.cfg.DHCP
	r.rule = name
	if !r.seen["port"] {
		r.notice("there is no port=0, so dnsmasq would serve DNS too; bootrig does not")
	}
	r.finishTFTP(name)
	if r.seen["dhcp-fqdn"] && !r.domainGiven {
		r.rule = r.at["dhcp-fqdn"]
		r.wrong("dhcp-fqdn wants the domain of all leases: add domain=NAME")
	}
	if r.seen["leasequery"] && len(r.cfg.Leases.Queries) == 0 {
		r.cfg.Leases.Queries = []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0)}
	}
	gives := len(r.cfg.Leases.Ranges) > 0
	switch {
	case len(proxy.Networks) == 0 && !gives && len(r.cfg.Relays) > 0:
	case len(proxy.Networks) == 0 && !gives:
		r.rule = name
		r.notice("there is no dhcp-range, so no DHCP client is answered")
	case len(proxy.Boot)+len(proxy.Services) == 0 && gives && r.cfg.Leases.Names(pxe.OptBootFile):
	case len(proxy.Boot)+len(proxy.Services) == 0 && gives:
		r.rule = r.cfg.Leases.Ranges[0].Rule
		r.notice("neither dhcp-boot nor pxe-service says what to boot, so clients get addresses only")
	case len(proxy.Networks) > 0 && len(proxy.Boot)+len(proxy.Services) == 0:
		r.rule = proxy.Networks[0].Rule
		r.notice("neither dhcp-boot nor pxe-service says what to boot, so no client is answered")
	}
}
