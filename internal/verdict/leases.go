package verdict

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// leaseCauses are about the address.
func leaseCauses() []Cause {
	return []Cause{
		{
			ID: "address-conflict", Name: "Somebody has the machine's address",
			Shows: "a DECLINE of it, or an address that answers before it is given", Refutes: "it goes on with another address",
			Fix: "find who has the address, and take it out of the range", Source: "RFC 2131, section 3.1",
			find: conflict,
		},
		{
			ID: "nak", Name: "The DHCP server refuses the address",
			Shows: "a DHCPNAK, and no ACK behind it", Refutes: "an ACK",
			Fix: "look which DHCP server refuses it, and why: two of them on one network do so", Source: "RFC 2131, section 4.3.2",
			find: nak,
		},
		{
			ID: "no-lease", Name: "No DHCP server gives the machine an address",
			Shows: "OFFERs of the boot server, which is a proxy, and no REQUEST", Refutes: "a REQUEST, an OFFER of an address in time",
			Fix: "look at the DHCP server of this network: does it run, has it free addresses, does a relay pass the question on?", Source: "PXE-E52; PXE 2.1, section 2.2.1",
			find: noLease,
		},
		{
			ID: "offer-not-taken", Name: "The machine takes none of the OFFERs",
			Shows: "an OFFER of an address and one of a boot server, and no REQUEST", Refutes: "a REQUEST",
			Fix: "try the other form of OFFER (offers: direct or redirect, --offer), answer sooner, or be the DHCP server: some HP firmware takes no two OFFERs", Source: "bootimus issue 77; danderson/netboot issue 43; EDK2 PxeBcDhcp4.c, PxeBcSelectDhcp4Offer",
			find: notTaken,
		},
		{
			ID: "no-ack", Name: "The REQUEST for the address is not answered",
			Shows: "a REQUEST, and neither ACK nor NAK", Refutes: "an ACK",
			Fix: "look why the DHCP server that was asked is silent", Source: "RFC 2131, section 4.4.5",
			find: noAck,
		},
	}
}

func conflict(b *Boot) *found {
	for _, k := range []event.Kind{event.Decline, event.Conflict} {
		if t := b.of(what(k)); t.n > 0 && b.quiet() && !t.last.Time.Before(b.of(what(event.Ack)).last.Time) && b.asked4011() == 0 {
			return likely("somebody has the address that the machine was given", t.last)
		}
	}
	return nil
}

func nak(b *Boot) *found {
	for _, w := range []what{what(event.Nak), otherNak} {
		refused := b.of(w)
		after := b.of(what(event.Ack)).last.Time.After(refused.last.Time) || b.of(otherAck).last.Time.After(refused.last.Time)
		if refused.n > 0 && !after && b.quiet() && b.asked4011() == 0 {
			return certain(fmt.Sprintf("%s refuses the address (DHCPNAK)", sender(refused.last)), refused.last)
		}
	}
	return nil
}

// unleased tells that it was offered something and asked for no address.
func (b *Boot) unleased() bool {
	return b.n(event.Offer) > 0 && b.n(event.Request, event.ProxyRequest, event.BootRequest, event.BOOTPReply) == 0 && b.quiet() &&
		b.of(otherAsked).n == 0 && b.n(event.BOOTP) == 0
}

// offered is an OFFER of an address.
func (b *Boot) offered() (e event.Event, some bool) {
	if own := b.of(what(event.Offer)).last; isLease(own) {
		return own, true
	}
	t := b.of(leaseOffer)
	return t.last, t.n > 0
}

// slow is how long behind the last DISCOVER the first OFFER of an address came, if the client had stopped waiting by then:
// each of its waits is twice as long as the one before.
func (b *Boot) slow() (by time.Duration, some bool) {
	asked, offer := b.of(what(event.Discover)), b.of(leaseOffer)
	by = offer.since.Sub(asked.last.Time)
	wait := b.client.tries()
	if asked.n > 1 {
		all := asked.last.Time.Sub(asked.since) // of n-1 waits, the first of which is all/(2^(n-1)-1)
		wait = min(wait, all+all/time.Duration(1<<min(asked.n-1, 30)-1))
	}
	return by, offer.n > 0 && by > wait+time.Second
}

func noLease(b *Boot) *found {
	if !b.unleased() {
		return nil
	}
	if by, slow := b.slow(); slow {
		e := b.of(leaseOffer).last
		return b.sees(certain(fmt.Sprintf("the OFFER of an address from %s came %d s behind the last DISCOVER: too late", sender(e), int(by.Seconds())), e))
	}
	if _, some := b.offered(); some {
		return nil
	}
	offer := b.of(what(event.Offer))
	return b.sees(certain(fmt.Sprintf("no DHCP server offers an address: the boot server answered %s, and the machine asked for no address", times(offer.n, "time")), offer.last))
}

func notTaken(b *Boot) *found {
	lease, some := b.offered()
	if _, slow := b.slow(); slow || !some || !b.unleased() {
		return nil
	}
	return likely(fmt.Sprintf("the machine has an OFFER of an address from %s, and takes none", sender(lease)), lease, b.of(what(event.Offer)).last)
}

func noAck(b *Boot) *found {
	asked := b.of(what(event.Request))
	acked := b.n(event.Ack, event.Nak) + b.of(otherAck).n + b.of(otherNak).n
	why, by := b.because(event.Request)
	// Beside another DHCP server a server hears no ACK.
	if asked.n == 0 || acked > 0 || !b.quiet() || b.asked4011() > 0 || !b.Witnessed && why == "" {
		return nil
	}
	return certain(fmt.Sprintf("nobody answers %s for an address%s", times(asked.n, "REQUEST"), why), append(by, asked.last)...)
}
