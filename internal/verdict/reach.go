package verdict

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// reachCauses are about questions that find nobody.
func reachCauses() []Cause {
	return []Cause{
		{
			ID: "no-route", Name: "The machine has no way to the boot server",
			Shows: "a lease without a router, a boot server on another network, and no question there", Refutes: "an answer of the boot server to a question that was sent to it alone",
			Fix: "have the DHCP server send a router (option 3), and let that pass UDP to ports 4011, 69 and above 1023", Source: "RFC 2132, section 3.5",
			find: noRoute,
		},
		{
			ID: "house-4011", Name: "The DHCP server says PXEClient, and has no port 4011",
			Shows: "an OFFER of an address with option 60, and questions to port 4011 of its sender", Refutes: "an answer from there",
			Fix: "take option 60 out of the DHCP server's answers: it is left from a boot server that ran there", Source: "PXE-E55; PXE 2.1, section 2.2.3",
			find: house4011,
		},
		{
			ID: "dead-4011", Name: "Port 4011 does not answer",
			Shows: "questions to port 4011 of the boot server without an answer, or an OFFER that wants one and none that arrives", Refutes: "an answer from port 4011",
			Fix: "open UDP port 4011 in the firewall of the boot server and on the way there, or send OFFERs that need no question (offers: direct)", Source: "PXE-E55; PXE 2.1, section 2.2.3",
			find: dead4011,
		},
		{
			ID: "answer-not-taken", Name: "The answer from port 4011 is not taken",
			Shows: "an answer to another port, or from another address, than the question; the same question to port 4011 again and again, each with its answer", Refutes: "the file is asked for",
			Fix: "have the server answer to the port that the question came from, and from the address that was asked; look whether the answer names a file and siaddr", Source: "iPXE src/net/udp/dhcp.c, dhcp_pxebs_rx; PXE 2.1, section 2.2.3",
			find: answerNotTaken,
		},
		{
			ID: "dead-http", Name: "The HTTP server does not answer",
			Shows: "a URL as the boot file, and no request for it", Refutes: "a request that was answered",
			Fix: "open the server's TCP port in the firewall, and look whether the URL names an address that the machine reaches", Source: "EDK2 HttpBootDxe; UEFI 2.10, section 24.7",
			find: deadHTTP,
		},
		{
			ID: "http-type", Name: "UEFI HTTP boot takes the file for none, or for another kind",
			Shows: "a program that is called a CD or a disk (Content-Type); the size asked for by HEAD, and the file never", Refutes: "the file was asked for, and is what its Content-Type says",
			Fix: "serve programs as application/efi, CDs as application/vnd.efi-iso, disks as application/vnd.efi-img, or under names that end in .efi, .iso or .img; a disk also needs memory for all of it", Source: "UEFI 2.10, section 24.7; EDK2 HttpBootSupport.c, HttpBootCheckImageType",
			find: httpType,
		},
		{
			ID: "answered-elsewhere", Name: "TFTP is answered from another address",
			Shows: "a question to one address, its answer from another, and the question again", Refutes: "the machine takes the answer",
			Fix: "have the server answer from the address that was asked: a TFTP server of a host with two addresses on this network, or behind NAT, has to be told which", Source: "RFC 1350, section 4; RFC 1123, section 4.2.3.1",
			find: answeredElsewhere,
		},
		{
			ID: "dead-tftp", Name: "TFTP does not answer",
			Shows: "requests to UDP port 69 without an answer, or a file that is never asked for", Refutes: "an answer, an ERROR too",
			Fix: "open UDP port 69 and the ports of the transfers in the firewall of the boot server and on the way there, and look whether TFTP is on (enable-tftp)", Source: "PXE-E32; RFC 1350, section 4",
			find: deadTFTP,
		},
		{
			ID: "asks-elsewhere", Name: "The machine asks the DHCP server for its files",
			Shows: "an OFFER of the boot server, and requests for files to somebody else", Refutes: "a question to the boot server",
			Fix: "have the DHCP server name the boot server as next server, or be the DHCP server: U-Boot, and some firmware, ignores proxies", Source: "U-Boot net/bootp.c; siderolabs/booter issue 11",
			find: asksElsewhere,
		},
		{
			ID: "offer-ignored", Name: "The machine takes the address and ignores the boot server",
			Shows: "a REQUEST for an address, and nothing more", Refutes: "a question to the boot server",
			Fix: "try the other form of OFFER (offers: direct or redirect), answer sooner than the DHCP server, and look for a second boot server", Source: "EDK2 PxeBcDhcp4.c, PxeBcSelectDhcp4Offer; iPXE src/net/udp/dhcp.c",
			find: offerIgnored,
		},
	}
}

// leased tells that it has an address, or asked for one.
func (b *Boot) leased() bool { return b.n(event.Request, event.Ack)+b.of(otherAck).n > 0 }

func noRoute(b *Boot) *found {
	server := b.server()
	if b.n(event.ProxyAck, event.BootAck) > 0 || b.answered() || !server.IsValid() {
		return nil
	}
	ack := b.of(otherAck).last
	addr, err := netip.ParseAddr(ack.Attr("yiaddr"))
	relayed := b.relayed()
	switch {
	case b.Witnessed && err == nil && ack.Attr("router") == "" && !near(addr, server):
		return certain(fmt.Sprintf("the lease of %s names no router (option 3), and %s is on another network", sender(ack), server), ack)
	case !b.Witnessed && relayed.IsValid() && b.leased() && !b.followed():
		return likely(fmt.Sprintf("the machine is behind the relay %s, and nothing that it sends to %s alone arrives: its lease names no router (option 3), or that does not pass it on", relayed, server), b.of(what(event.Request)).last)
	}
	return nil
}

// near tells whether addresses look like those of one network. What is the mask the facts do not say.
func near(a, b netip.Addr) bool {
	prefix, err := a.Prefix(24)
	return err == nil && prefix.Contains(b)
}

// relayed is the relay by which the machine is heard; invalid if there is none.
func (b *Boot) relayed() netip.Addr {
	addr, _ := netip.ParseAddr(b.of(what(event.Discover)).last.Attr("relay"))
	return addr
}

// answered tells that a file's request was answered.
func (b *Boot) answered() bool {
	for _, f := range b.files {
		if f.flows || f.end != "" && f.end != event.Unreachable {
			return true
		}
	}
	return false
}

func house4011(b *Boot) *found {
	offer, asked := b.of(leaseOffer).last, b.of(otherAsked)
	if asked.n == 0 || !isPXE(offer) || asked.last.Peer.Addr() != sender(offer) || len(b.files) > 0 {
		return nil
	}
	return certain(fmt.Sprintf("the DHCP server %s says PXEClient (option 60), and does not answer %s on port 4011", sender(offer), times(asked.n, "question")), offer, asked.last)
}

// asked4011 is how often it asked a boot server, since DHCP began.
func (b *Boot) asked4011() int { return b.n(event.ProxyRequest, event.BootRequest) }

// wants4011 tells whether the firmware has to ask on port 4011 before it knows its file.
func (b *Boot) wants4011() bool {
	offer := b.of(what(event.Offer)).last
	if offer.Kind == "" || b.client.http || isLease(offer) || strings.Contains(offer.Path, "://") {
		return false
	}
	vendor, _ := hex.DecodeString(offer.Attr("vendor"))
	subs, _ := pxe.ParseSubOptions(vendor)
	control, _ := subs.Get(pxe.SubDiscoveryControl)
	_, menu := subs.Get(pxe.SubBootMenu)
	switch skip := len(control) == 1 && control[0]&8 != 0; {
	case offer.Path == "", menu && !skip:
		return true
	case skip:
		return false
	}
	return b.client.uefi() && !b.client.ipxe // EDK2 asks, whatever the OFFER says (edk2 issue 8149)
}

// menu is the boot menu that it was sent, and its prompt (PXE 2.1, sub-options 9 and 10).
func (b *Boot) menu() (menu, prompt []byte) {
	e := b.of(what(event.ProxyAck)).last // where UEFI firmware finds it
	if e.Attr("vendor") == "" {
		e = b.of(what(event.Offer)).last
	}
	vendor, _ := hex.DecodeString(e.Attr("vendor"))
	subs, _ := pxe.ParseSubOptions(vendor)
	menu, _ = subs.Get(pxe.SubBootMenu)
	prompt, _ = subs.Get(pxe.SubMenuPrompt)
	return menu, prompt
}

// prompts tells whether the OFFER has a menu that waits for a key: a prompt without an end, or none.
func (b *Boot) prompts() bool {
	menu, prompt := b.menu()
	const ever = 255
	return menu != nil && b.wants4011() && (len(prompt) == 0 && !b.client.uefi() || len(prompt) > 0 && prompt[0] == ever)
}

// local tells whether the OFFER sends the machine to its disk at once: its menu begins with type 0, or UEFI HTTP boot is
// sent where nothing is.
func (b *Boot) local() bool {
	if strings.HasSuffix(b.of(what(event.Offer)).last.Path, pxe.HTTPLocalBoot) {
		return true
	}
	if !b.leased() || b.followed() {
		return false
	}
	menu, prompt := b.menu()
	return len(menu) >= 2 && menu[0] == 0 && menu[1] == 0 && (len(prompt) == 0 || prompt[0] == 0)
}

func dead4011(b *Boot) *found {
	asked, answers := b.asked4011(), b.n(event.ProxyAck, event.BootAck)
	if answers > 0 || len(b.files) > 0 {
		return nil
	}
	why, by := b.because(event.BootRequest, event.ProxyRequest)
	if closed := b.of(closed4011); closed.n > 0 {
		why, by = why+": nobody listens there", append(by, closed.last)
	}
	offer := b.of(what(event.Offer)).last
	switch {
	case asked > 0:
		return certain(fmt.Sprintf("no reply on port 4011 of %s to %s%s", b.server(), times(asked, "request"), why), append(by, b.of(what(event.BootRequest)).last, b.of(what(event.ProxyRequest)).last)...)
	case !b.Witnessed && b.leased() && b.wants4011() && !b.prompts() && b.quiet():
		return likely(fmt.Sprintf("the machine should ask on port 4011 of %s, and no request arrives", b.server()), offer)
	}
	return nil
}

func answerNotTaken(b *Boot) *found {
	asked, answers := b.asked4011(), b.n(event.ProxyAck, event.BootAck)
	if answers == 0 || len(b.files) > 0 {
		return nil
	}
	answer, no := b.brought(), b.of(refused)
	switch {
	case answer.Attr("toport") != "":
		return certain(fmt.Sprintf("the answer from port 4011 goes to port %s, from which nobody asked", answer.Attr("toport")), answer, no.last)
	case answer.Attr("asked") != "" && asked > 1:
		return certain(fmt.Sprintf("port 4011 of %s was asked, and the answer comes from %s", answer.Attr("asked"), answer.Peer.Addr()), answer)
	case answers < 3 && (!b.Witnessed || asked < 3):
		return nil
	}
	return likely(fmt.Sprintf("the answer from port 4011 is not taken: it was asked for %d times", asked), b.brought())
}

func deadHTTP(b *Boot) *found {
	if f := b.latest(); f != nil && f.http && f.end == "" && b.stage < Kernel {
		return likely(fmt.Sprintf("nothing answers %s %s of %s", cmp.Or(f.last.Attr("method"), "the request for"), f.path, f.last.Peer), f.last)
	}
	e := b.brought()
	if !strings.HasPrefix(e.Path, "http") || !strings.Contains(e.Path, "://") || !b.quiet() || !b.leased() {
		return nil
	}
	if b.Witnessed && strings.HasPrefix(e.Path, "https") {
		return possible(fmt.Sprintf("the machine should fetch %s: TLS hides whether it does", e.Path), e)
	}
	return likely(fmt.Sprintf("the machine should fetch %s, and no request arrives", e.Path), e)
}

func answeredElsewhere(b *Boot) *found {
	f, other := b.latest(), b.of(otherFile).last
	if f == nil || f.end != "" || f.flows || other.Kind != event.OACK || other.Path != f.path || other.Attr("asked") == "" {
		return nil
	}
	return certain(fmt.Sprintf("%s was asked for %s, and the answer comes from %s", other.Attr("asked"), f.path, other.Peer.Addr()), f.last, other)
}

func deadTFTP(b *Boot) *found {
	if f := b.latest(); f != nil && !f.http {
		switch {
		case f.end == event.Unreachable:
			return certain(fmt.Sprintf("nobody listens on TFTP port 69 of %s", f.last.Peer.Addr()), f.last)
		case f.end == "" && !f.flows && b.Witnessed && !b.served():
			return certain(fmt.Sprintf("nothing answers TFTP requests to %s: %s was asked for %d times", f.last.Peer.Addr(), f.path, f.asked), f.last)
		}
		return nil
	}
	e := b.brought()
	if next, set := siaddr(e); set && b.server().IsValid() && next != b.server() {
		return nil
	}
	if b.Witnessed || !b.quiet() || e.Path == "" || strings.Contains(e.Path, "://") {
		return nil
	}
	if e.Kind == event.Offer && !b.leased() {
		return nil
	}
	return likely(fmt.Sprintf("the machine should ask for %s on TFTP port 69 of %s, and no request arrives", e.Path, e.Attr("siaddr")), e)
}

func asksElsewhere(b *Boot) *found {
	t := b.of(otherFile)
	if next, _ := siaddr(b.brought()); t.n == 0 || b.n(event.Offer) == 0 || b.followed() || b.stage >= Loaded || t.last.Peer.Addr() == next || t.last.Kind == event.Got {
		return nil
	}
	return certain(fmt.Sprintf("the machine asks %s for %s, and not the boot server %s", t.last.Peer.Addr(), t.last.Path, b.server()), t.last)
}

func offerIgnored(b *Boot) *found {
	offer := b.of(what(event.Offer))
	if offer.n == 0 || !b.leased() || b.followed() || !b.quiet() || b.prompts() {
		return nil
	}
	if b.late() {
		return likely(fmt.Sprintf("the OFFER of %s came behind the REQUEST for an address: too late", b.server()), offer.last, b.of(what(event.Request)).last)
	}
	return possible("the machine takes an address, and ignores the OFFER of the boot server", offer.last)
}

// late tells whether the machine asked for an address before it had the boot server's OFFER.
func (b *Boot) late() bool {
	asked := b.find(what(event.Request))
	return asked >= 0 && b.find(what(event.Offer)) > asked
}
