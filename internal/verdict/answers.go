package verdict

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// answerCauses are about whether the boot server answers, and is heard.
func answerCauses() []Cause {
	return []Cause{
		{
			ID: "no-discover", Name: "The machine asks for nothing",
			Shows: "no DISCOVER of it comes", Refutes: "any message of it",
			Fix: "look at its cable, its VLAN, spanning tree on its port (portfast), and whether its firmware boots from the network at all", Source: "PXE 2.1, section 2.2",
			find: noDiscover,
		},
		{
			ID: "address-twice", Name: "Two hosts have one address",
			Shows: "two hosts say by ARP that they have the address of the boot server, the DHCP server or the machine, and answers that do not come", Refutes: "the answers come, as where one host has two cards",
			Fix: "find the other host by its MAC, as the switch knows it, and give it another address; take fixed addresses out of the DHCP server's range", Source: "RFC 5227, section 1.1; RFC 826",
			find: addressTwice,
		},
		{
			ID: backAgain, Name: "The firmware begins anew",
			Shows: "a boot program came whole, and the firmware asks for an address again: at once, or within 4 minutes where UEFI firmware has other ways to boot", Refutes: "the program asked for something since",
			Fix: "see its screen: Access Denied is Secure Boot, which wants signed programs; iPXE that fetches iPXE wants a script; else the program ended, or somebody reset the machine", Source: "EDK2 BdsDxe; UEFI 2.10, section 32.5",
			find: cameBack,
		},
		{
			ID: "second-proxy", Name: "Another boot server answers too, and the machine follows it",
			Shows: "an OFFER to PXE clients of another address, and the machine asks there or not here", Refutes: "it fetches its files here",
			Fix: "stop the other boot server, or have it ignore this machine", Source: "PXE 2.1, section 2.4.3; warewulf3 pull request 137",
			find: secondProxy,
		},
		{
			ID: "ignored", Name: "A line of the configuration says to ignore the machine",
			Shows: "DISCOVERs, and a line that silenced the server", Refutes: "an OFFER",
			Fix: "change that line if the machine is to boot", Source: "dnsmasq(8), dhcp-ignore",
			find: ignored,
		},
		{
			ID: "unheard", Name: "Nobody answers the machine at all",
			Shows: "DISCOVERs at the machine, and no OFFER of anybody", Refutes: "an OFFER of anybody",
			Fix: "look at its cable and VLAN, at spanning tree on its port (portfast), and whether any DHCP server runs on this network", Source: "PXE-E51; IEEE 802.1D, section 8.4: a port learns for 30 s before it forwards",
			find: unheard,
		},
		{
			ID: "relay-elsewhere", Name: "A relay passes the questions to the DHCP server alone",
			Shows: "OFFERs of an address that a relay brings, and neither OFFER nor word of the boot server", Refutes: "an OFFER of the boot server; it says that it heard the machine",
			Fix: "have the relay pass DHCP on to the boot server too (a second ip helper-address, another address of dhcrelay), and look whether it runs and UDP port 67 is open there", Source: "RFC 1542, section 4.1; PXE 2.1, section 2.2",
			find: relayElsewhere,
		},
		{
			ID: "no-offer", Name: "The boot server sends no OFFER",
			Shows: "DISCOVERs, and no OFFER of the boot server", Refutes: "an OFFER of it",
			Fix: "give its architecture a boot file (pxe-service, an entry of bootrig.yaml), or let its vendor class in", Source: "PXE 2.1, section 2.2.1",
			find: noOffer,
		},
	}
}

// offerCauses are about what its answers say.
func offerCauses() []Cause {
	return []Cause{
		{
			ID: "offer-without-class", Name: "The OFFER does not say PXEClient (option 60)",
			Shows: "an OFFER of a file without option 60, and no request for the file", Refutes: "the file was asked for",
			Fix: "send option 60 = PXEClient (HTTPClient for a URL) with the OFFER", Source: "PXE 2.1, table 2-4; EDK2 PxeBcDhcp4.c; iPXE src/net/udp/dhcp.c",
			find: withoutClass,
		},
		{
			ID: "offer-without-server-id", Name: "The OFFER does not name its server (option 54)",
			Shows: "an OFFER without option 54, and no request for the file", Refutes: "the file was asked for",
			Fix: "send option 54", Source: "EDK2 Dhcp4Io.c, DhcpHandleSelect",
			find: withoutID,
		},
		{
			ID: "siaddr-zero", Name: "The answer names a file and no server for it (siaddr is 0)",
			Shows: "an answer with a file and siaddr 0.0.0.0, and no request for the file", Refutes: "the file was asked for",
			Fix: "send the address of the TFTP server in siaddr", Source: "iPXE src/net/udp/dhcp.c, dhcp_has_pxeopts; ipxe issue 954",
			find: siaddrZero,
		},
		{
			ID: "siaddr-elsewhere", Name: "The answer sends the machine to another address",
			Shows: "siaddr is not the boot server, and the machine asks there or nowhere", Refutes: "files come from there",
			Fix: "set siaddr to the address of the server that has the files", Source: "EDK2 PxeBcDhcp4.c, PxeBcDhcp4BootInfo",
			find: siaddrElsewhere,
		},
		{
			ID: "no-boot-file", Name: "The answers name no boot file",
			Shows: "answers, none of which has a file, and no request", Refutes: "a file was named",
			Fix: "name a boot file for its architecture", Source: "PXE-E53; PXE 2.1, section 2.2.3",
			find: noBootFile,
		},
	}
}

// quiet tells that nothing was fetched since DHCP began.
func (b *Boot) quiet() bool {
	return len(b.files) == 0 && b.of(otherFile).n == 0 && b.stage < Installing
}

// asks is how often it asked for an OFFER, since DHCP began.
func (b *Boot) asks() int { return b.n(event.Discover, event.BOOTP) }

func noDiscover(b *Boot) *found {
	if b.Witnessed && b.stage == Silent && len(b.heard) == 0 && b.quiet() && b.outcome().handoff.Kind == "" {
		return certain("the guest never sent a DISCOVER")
	}
	return nil
}

func secondProxy(b *Boot) *found {
	other := b.of(otherOffer)
	if other.n == 0 || len(b.files) > 0 || b.n(event.ProxyAck, event.BootAck) > 0 {
		return nil
	}
	who := sender(other.last)
	for _, w := range []what{otherAsked, otherFile} {
		if t := b.of(w); t.n > 0 && t.last.Peer.Addr() == who {
			return certain(fmt.Sprintf("another boot server answers too, %s, and the machine asks it for its file", who), other.last, t.last)
		}
	}
	if b.n(event.Request) > 0 && !b.Witnessed {
		return likely(fmt.Sprintf("another boot server answers too, %s, and the machine asks nothing more here", who), other.last)
	}
	return nil
}

// unanswered tells that the boot server sent no OFFER.
func (b *Boot) unanswered() bool { return b.asks() > 0 && b.n(event.Offer) == 0 && b.quiet() }

func ignored(b *Boot) *found {
	why := b.of(silence + what(event.Discover)).last
	if !b.unanswered() || why.Attr("meant") == "" {
		return nil
	}
	return certain("the server sent no OFFER: it says: "+reason(why), why)
}

// reason is the server's own of a silence.
func reason(e event.Event) string {
	if e.Rule == "" {
		return e.Text
	}
	return fmt.Sprintf("%s (%s)", e.Text, e.Rule)
}

// because is the server's reason for its silence to a question, where it is known.
func (b *Boot) because(asked ...event.Kind) (text string, by []event.Event) {
	for _, k := range asked {
		if why := b.of(silence + what(k)); why.n > 0 {
			return ": it says: " + reason(why.last), []event.Event{why.last}
		}
	}
	return "", nil
}

func unheard(b *Boot) *found {
	if _, by := b.because(event.Discover, event.BOOTP); !b.Witnessed || !b.Ours.IsValid() || !b.unanswered() || by != nil || b.of(leaseOffer).n+b.of(otherOffer).n > 0 {
		return nil
	}
	asked := b.of(what(event.Discover))
	return certain(fmt.Sprintf("nobody answers %s, no DHCP server either", times(b.asks(), "DISCOVER")), asked.last)
}

// relayElsewhere knows that a relay brought an OFFER by its sender, which is not who made it, and that it brought the
// question by what that says where it is heard behind the relay.
func relayElsewhere(b *Boot) *found {
	lease := b.of(leaseOffer).last
	_, by := b.because(event.Discover, event.BOOTP)
	relay := lease.Peer.Addr().Unmap()
	if !b.Witnessed || !b.unanswered() || by != nil || b.relayed().IsValid() || !relay.IsValid() || sender(lease) == relay {
		return nil
	}
	return likely(fmt.Sprintf("the relay %s brings the OFFER of %s, and none of a boot server answers %s", relay, sender(lease), times(b.asks(), "DISCOVER")), lease, b.of(what(event.Discover)).last)
}

func noOffer(b *Boot) *found {
	if !b.unanswered() || unheard(b) != nil || relayElsewhere(b) != nil || b.idles() {
		return nil
	}
	why, by := b.because(event.Discover, event.BOOTP)
	if b.Witnessed && !b.Ours.IsValid() {
		return certain(fmt.Sprintf("no boot server answers %s", times(b.asks(), "DISCOVER")), b.of(what(event.Discover)).last)
	}
	return certain(fmt.Sprintf("the server sent no OFFER to %s%s", times(b.asks(), "DISCOVER"), why), append(by, b.of(what(event.Discover)).last)...)
}

func times(n int, word string) string {
	if n == 1 {
		return "one " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// brought is the answer that the boot file comes from: the last one of the boot server.
func (b *Boot) brought() event.Event {
	for _, k := range []event.Kind{event.BootAck, event.ProxyAck, event.Ack} {
		if t := b.of(what(k)); t.n > 0 && (k != event.Ack || t.last.Path != "") {
			return t.last
		}
	}
	return b.of(what(event.Offer)).last
}

// followed tells that an answer of the boot server led to a question.
func (b *Boot) followed() bool {
	return len(b.files) > 0 || b.asked4011() > 0
}

func withoutClass(b *Boot) *found {
	e := b.of(what(event.Offer)).last
	if !b.Witnessed || e.Kind != event.Offer || isPXE(e) || b.followed() || isLease(e) && !b.client.http {
		return nil
	}
	return certain(fmt.Sprintf("the OFFER of %s lacks option 60, so the firmware takes it for none of a boot server", sender(e)), e)
}

func withoutID(b *Boot) *found {
	e := b.of(what(event.Offer)).last
	if !b.Witnessed || e.Kind != event.Offer || e.Attr("server") != "" || b.followed() {
		return nil
	}
	return certain(fmt.Sprintf("the OFFER of %s lacks option 54, and firmware drops such", e.Peer.Addr()), e)
}

// siaddr is the address where an answer sends the machine; false if it says none.
func siaddr(e event.Event) (addr netip.Addr, set bool) {
	addr, err := netip.ParseAddr(e.Attr("siaddr"))
	return addr, err == nil && !addr.IsUnspecified()
}

func siaddrZero(b *Boot) *found {
	e := b.brought()
	if e.Attr("siaddr") != "0.0.0.0" || e.Path == "" || strings.Contains(e.Path, "://") || len(b.files) > 0 || !b.leased() {
		return nil
	}
	if e.Kind == event.Offer && (b.late() || b.asked4011() > 0) { // it asks for an answer that is better
		return nil
	}
	return certain(fmt.Sprintf("the %s names %s but its siaddr is 0: the ROM has no server to fetch it from", e.Kind, e.Path), e)
}

func siaddrElsewhere(b *Boot) *found {
	e := b.brought()
	next, set := siaddr(e)
	server := b.server()
	if !b.Witnessed && set && server.IsValid() && next != server && e.Path != "" && !strings.Contains(e.Path, "://") && b.quiet() && b.leased() {
		return possible(fmt.Sprintf("the %s sends the machine to %s for %s: what becomes of it there is not seen here", e.Kind, next, e.Path), e)
	}
	if !b.Witnessed || !set || !server.IsValid() || next == server || strings.Contains(e.Path, "://") || len(b.files) > 0 {
		return nil
	}
	if came(b.of(otherFile).last) {
		return nil
	}
	switch leased := b.n(event.Request, event.Ack) + b.of(otherAck).n; {
	case e.Path != "":
		return certain(fmt.Sprintf("the %s sends the ROM to siaddr %s, where nobody serves; the server is %s", e.Kind, next, server), e)
	case leased > 0 && b.asked4011() == 0:
		return certain(fmt.Sprintf("the %s sends the ROM to port 4011 of siaddr %s, where nobody serves; the server is %s", e.Kind, next, server), e)
	}
	return nil
}

// server is the boot server, as far as it is known.
func (b *Boot) server() netip.Addr {
	if b.Ours.IsValid() {
		return b.Ours
	}
	return sender(b.of(what(event.Offer)).last)
}

func noBootFile(b *Boot) *found {
	e := b.brought()
	last := e.Kind == event.ProxyAck || e.Kind == event.BootAck || e.Kind == event.Offer && isLease(e) && b.n(event.Ack) > 0
	if menu, _ := b.menu(); !last || len(b.files) > 0 || e.Path != "" || menu != nil {
		return nil
	}
	return b.sees(certain(fmt.Sprintf("the %s of %s names no boot file", e.Kind, sender(e)), e))
}
