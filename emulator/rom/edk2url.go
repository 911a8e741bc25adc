package rom

import (
	"net/netip"
	"net/url"
)

// A place is what an offer is to UEFI HTTP boot (NetworkPkg/HttpBootDxe/HttpBootDhcp4.c, HttpBootParseDhcp4Packet).
type place struct {
	proxy bool // it has no lease
	url   bool // it calls itself HTTPClient and names a URL
	name  bool // with a host's name in it, which takes a name server
}

// place classifies an offer; false: it is of no use. One of HTTPClient must name a URL, and a proxy must be one.
func (r *Reply) place() (p place, ok bool) {
	p.proxy = r.YIAddr == netip.IPv4Unspecified()
	if !r.HTTPClient() {
		return p, !p.proxy
	}
	u, err := url.Parse(r.bootFile())
	if err != nil || u.Host == "" {
		return p, false
	}
	_, err = netip.ParseAddr(u.Hostname())
	p.url, p.name = true, err != nil
	return p, true
}

// chooseURL picks among the offers by the order of UEFI HTTP boot (HttpBootSelectDhcpOffer): a lease that names a URL
// beats every proxy, a URL with an address one with a name, and that needs a lease that names a name server (option 6).
func chooseURL(offers []*Reply) (c choice, ok bool) {
	first := func(want place, dns bool) *Reply {
		for _, o := range offers {
			if p, ok := o.place(); ok && p == want && (!dns || o.Option(6) != nil) {
				return o
			}
		}
		return nil
	}
	for _, named := range []bool{false, true} {
		if whole := first(place{url: true, name: named}, named); whole != nil {
			return choice{lease: whole}, true
		}
	}
	for _, named := range []bool{false, true} {
		c = choice{lease: first(place{}, named), proxy: first(place{proxy: true, url: true, name: named}, false)}
		if c.lease != nil && c.proxy != nil {
			return c, true
		}
	}
	return choice{}, false
}
