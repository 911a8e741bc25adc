package rom

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// acknowledged takes the lease, then decides whether the proxy must be asked again (iPXE dhcp_request_rx,
// PXE 2.1 section 2.4.3).
func (r *ROM) acknowledged(now time.Time, a *Reply) {
	switch {
	case a.From.Port() != 67, a.ServerID() != r.lease.ServerID():
		return
	case a.Type == msgNak && r.cfg.Profile.NakEnds:
		r.fail(Refused, fmt.Sprintf("%s refused the address", a.ServerID()))
		return
	case a.Type == msgNak:
		r.heard = fmt.Sprintf("%s refused the address", a.ServerID())
		return
	case a.Type != msgAck && a.Type != 0, a.YIAddr != r.lease.YIAddr:
		return
	}
	r.ack, r.addr, r.heard = a, a.YIAddr, ""
	r.wants = r.file(a)
	if !r.cfg.Profile.Collect.Slots { // EDK2 tells it when it also knows the boot file
		r.sayAll(now, r.cfg.Profile.Lines.Lease)
	}
	switch {
	case len(r.ask) > 0:
		r.askNext(now)
	case r.proxy == nil || r.noProxy() || r.cfg.Profile.Fixed != nil:
		r.configured(now)
	case r.complete(r.proxy):
		r.pxe = r.proxy
		r.configured(now)
	default:
		r.enter(now, proxyRequest)
	}
}

// complete says that a proxy's packet needs no question on port 4011.
func (r *ROM) complete(p *Reply) bool {
	if r.cfg.Profile.Collect.Slots {
		return true // the others are in ask
	}
	if r.cfg.Profile.StrictOffer {
		// iPXE dhcp_has_pxeopts: a file and where to get it, or a menu.
		return p.File() != "" && p.SIAddr != netip.IPv4Unspecified() || p.PXE(9) != nil
	}
	if p.File() != "" {
		return true
	}
	for _, sub := range []byte{6, 8, 9, 10} {
		if p.PXE(sub) != nil {
			return true
		}
	}
	return false
}

// proxyAnswer takes the answer of port 4011, if it is of use.
func (r *ROM) proxyAnswer(now time.Time, a *Reply) {
	switch {
	case a.From.Port() != 4011:
		r.heard = fmt.Sprintf("an answer came from port %d", a.From.Port())
		return
	case a.Type != msgAck && a.Type != msgOffer, a.PseudoID() != r.proxy.PseudoID():
		r.heard = fmt.Sprintf("an answer of type %d from %s", a.Type, a.PseudoID())
		return
	case r.cfg.Profile.StrictOffer && !r.complete(a):
		r.heard = fmt.Sprintf("its answer has file %q with siaddr %s", a.File(), a.SIAddr)
		return
	}
	r.pxe, r.heard = a, ""
	r.configured(now)
}

// configured is where DHCP ends and the choice of a boot file begins (iPXE src/usr/autoboot.c, netboot).
func (r *ROM) configured(now time.Time) {
	switch {
	case r.now().AddressOnly && r.GoOn(now):
		return
	case r.cfg.Profile.Fixed != nil && !r.cfg.LeaseOnly:
		r.fixed()
		return
	case r.cfg.LeaseOnly:
		r.end(Outcome{Handover: r.handover()})
		return
	}
	p := r.pxe
	if p == nil {
		p = r.ack
	}
	m := p.menu()
	if r.cfg.Profile.Collect.Slots {
		r.sayAll(now, r.cfg.Profile.Lines.Lease)
		r.prompted(now, p, m)
		return
	}
	switch {
	case !p.PXEClient() || m.items == nil || m.control&skipDiscovery != 0 && r.named() != nil:
		r.bootFile(now)
	case r.cfg.Profile.Menu == MenuPrompted && !m.hasPrompt:
		r.fail(BadMenu, "option 43 has a menu (9) and no prompt (10)")
	default:
		r.openMenu(now, m)
	}
}

// named is the packet that names the boot file: the proxy's beats the DHCP server's (its settings block
// shadows the interface's). To EDK2 it is the last one, with or without a name.
func (r *ROM) named() *Reply {
	for _, reply := range []*Reply{r.boot, r.pxe, r.ack} {
		if reply != nil && (r.file(reply) != "" || reply == r.boot || r.cfg.Profile.Collect.Slots) {
			return reply
		}
	}
	return nil
}

// fill puts values into a line or text of the profile.
func (r *ROM) fill(line string) string {
	mask, gw, dhcp, ip := "", "", "", ""
	if r.ack != nil {
		mask, gw, dhcp, ip = r.ack.Addr(1).String(), r.ack.Addr(3).String(), r.ack.ServerID().String(), r.ack.YIAddr.String()
	}
	return strings.NewReplacer("{mac}", net.HardwareAddr(r.cfg.MAC[:]).String(), "{ip}", ip, "{mask}", mask,
		"{gw}", gw, "{dhcp}", dhcp, "{url}", r.url).Replace(line)
}
