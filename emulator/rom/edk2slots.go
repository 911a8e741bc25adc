package rom

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// maxOffers is how many offers EDK2 keeps (NetworkPkg/UefiPxeBcDxe/PxeBcImpl.h, PXEBC_OFFER_MAX_NUM), and
// maxOffer the longest (PXEBC_DHCP4_PACKET_MAX_SIZE).
const (
	maxOffers = 16
	maxOffer  = 1472
)

// collect keeps an offer until the slot ends. One without option 54 is dropped before anybody looks at it
// (NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleSelect).
func (r *ROM) collect(o *Reply) {
	switch {
	case o.From.Port() != 67 || o.size > maxOffer || !r.cfg.Profile.HTTP.Boot && classify(o) == useless:
	case o.Type != 0 && (o.Type != msgOffer || o.ServerID() == netip.IPv4Unspecified()):
	case len(r.offers) < maxOffers:
		r.offers = append(r.offers, o)
	}
}

// slotEnded looks at what came. False: nothing of use, ask again.
func (r *ROM) slotEnded(now time.Time) bool {
	switch r.phase {
	case discover:
		return r.chosen(now)
	case proxyRequest, bootServer:
		return r.answered(now)
	}
	return false
}

// chosen chooses among the offers of this DISCOVER slot and those before.
func (r *ROM) chosen(now time.Time) bool {
	pick := choose
	if r.cfg.Profile.HTTP.Boot {
		pick = chooseURL
	}
	c, ok := pick(r.usable())
	if !ok {
		return false
	}
	r.lease, r.proxy, r.ask = c.lease, c.proxy, c.ask
	if c.lease.Type == 0 {
		r.acknowledged(now, c.lease) // BOOTP knows no REQUEST
		return true
	}
	r.enter(now, request)
	return true
}

// usable are the offers that the firmware chooses among.
func (r *ROM) usable() []*Reply {
	if !r.cfg.Profile.WholeOffer {
		return r.offers
	}
	return slices.DeleteFunc(slices.Clone(r.offers), func(o *Reply) bool { return o.YIAddr == netip.IPv4Unspecified() })
}

// askNext asks the next proxy on port 4011: at its siaddr, or where that is 0 at its option 54 (PxeBcDhcp4.c,
// PxeBcRetryBinlOffer).
func (r *ROM) askNext(now time.Time) {
	r.proxy, r.ask = r.ask[0], r.ask[1:]
	r.enter(now, proxyRequest)
}

// answered looks at the first answer of a slot on port 4011.
func (r *ROM) answered(now time.Time) bool {
	if len(r.answers) == 0 {
		return false
	}
	a := r.answers[0]
	if r.phase == bootServer {
		r.discovered(now)
		return true
	}
	if classify(a) == useless || classify(a) != proxyPXE10 && a.bootFile() == "" {
		r.heard = "its answer names no file"
		r.noAnswer(now, now.Sub(r.began))
		return true
	}
	r.pxe, r.heard = a, ""
	r.configured(now)
	return true
}

// noAnswer gives up one proxy.
func (r *ROM) noAnswer(now time.Time, waited time.Duration) {
	if len(r.ask) > 0 {
		r.askNext(now)
		return
	}
	r.sayAll(now, r.cfg.Profile.Lines.Lease)
	r.fail(NoProxyAck, fmt.Sprintf("%s:4011 did not answer in %s%s", r.proxyServer(), waited.Round(10*time.Millisecond), r.after()))
}

// discovered takes the first answer of a boot server that is in the list, if there is a list. EDK2 knows it by
// its siaddr, and does not look for the echo of the boot item.
func (r *ROM) discovered(now time.Time) {
	for _, a := range r.answers {
		if r.accept == nil || slices.Contains(r.accept, a.SIAddr) {
			r.boot, r.heard = a, ""
			r.bootFile(now)
			return
		}
		r.heard = fmt.Sprintf("%s is not in the list of boot servers", a.SIAddr)
	}
	r.nextServer(now)
}

// prompted shows a menu or fetches a file (NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c, PxeBcSelectBootPrompt and
// PxeBcSelectBootMenu).
func (r *ROM) prompted(now time.Time, p *Reply, m menu) {
	kind := classify(p)
	switch {
	case r.cfg.Profile.HTTP.Boot:
		r.bootFile(now)
	case kind != dhcpPXE10 && kind != proxyPXE10, m.control&skipDiscovery != 0 && p.bootFile() != "":
		r.bootFile(now)
	case m.items == nil:
		r.fail(Cancelled, "option 43 has no menu (9), and does not say that there is none (6, bit 3) beside a file")
	default:
		r.openMenu(now, m)
	}
}

// oneWay is whom EDK2 asks of those: it takes one way, multicast or broadcast or the list, and asks nobody for
// a type that a list does not have (NetworkPkg/UefiPxeBcDxe/PxeBcImpl.c, EfiPxeBcDiscover; PxeBcBoot.c,
// PxeBcExtractDiscoverInfo).
func (r *Reply) oneWay(typ uint16, ask []netip.Addr) []netip.Addr {
	switch {
	case r.PXE(8) != nil && len(r.listed(typ)) == 0:
		return nil
	case len(ask) > 0 && (ask[0].IsMulticast() || ask[0] == broadcast):
		return ask[:1]
	}
	return ask
}

// lacking says why offers make no boot.
func lacking(offers []*Reply) string {
	lease, names := netip.Addr{}, ""
	for _, o := range offers {
		if c := classify(o); c == dhcpOnly || c == bootp {
			lease = o.ServerID()
		} else {
			names = o.ServerID().String()
		}
	}
	if lease.IsValid() {
		return fmt.Sprintf("the lease of %s names no file and no proxy offer came", lease)
	}
	return names + " offered no address and no DHCP server did"
}
