package verdict

import "github.com/bootrig/bootrig/wire/event"

// message takes a message of DHCP.
func (b *Boot) message(kind event.Kind, e event.Event) {
	if b.left && kind != event.Discover && kind != event.BOOTP {
		return
	}
	switch kind {
	case event.Discover, event.BOOTP:
		b.discover(kind, e)
	case event.Offer, event.BOOTPReply:
		b.offer(e)
	case event.Heard:
		b.overheard(e)
	case event.Request:
		b.count(what(kind), e)
		if b.client.netboots() {
			b.reach(Leased)
		}
	case event.Ack, event.Nak:
		if !b.ours(e) {
			b.count("other-"+what(kind), e)
			break
		}
		b.count(what(kind), e)
		if kind == event.Ack && e.Path != "" {
			b.reach(Told)
		}
	case event.ProxyRequest, event.BootRequest:
		if !b.ours(e) && !e.Peer.Addr().IsMulticast() && e.Peer.Addr() != broadcast {
			b.count(otherAsked, e)
			break
		}
		b.begun = true
		b.count(what(kind), e)
		b.reach(Leased)
	case event.ProxyAck, event.BootAck:
		if b.ours(e) {
			b.count(what(kind), e)
			b.reach(Told)
		}
	case event.Decline, event.Conflict:
		w := what(kind)
		if e.Attr("other") != "" { // as ARP shows it: whose address it is is seen later
			w = twice + what(e.Peer.Addr().String())
		}
		b.count(w, e)
	}
}

// discover takes a DISCOVER. One of a program that was fetched begins DHCP anew, and one of the system that was
// started tells that it runs.
func (b *Boot) discover(kind event.Kind, e event.Event) {
	next := b.client.learn(e)
	if next.netboots() && b.over(e) {
		last := *b
		*b = Boot{Witnessed: last.Witnessed, Ours: last.Ours, Ends: last.Ends, now: e.Time, progress: e.Time}
		b.Follow(&last, e.Time)
	}
	switch {
	case b.stage >= Kernel && !next.netboots():
		b.ends().installing.asked = e
		b.reach(Installing)
		return
	case b.leaves(kind, next):
		b.left = true
		return
	case len(b.files) > 0 || next.http != b.client.http:
		b.again(next, e)
	}
	b.client, b.left = next, false
	b.count(what(kind), e)
	if b.asked.Kind == "" && next.netboots() {
		b.asked = e
	}
	if b.begun = b.begun || next.netboots(); b.begun {
		b.reach(Asking)
	}
}

// leaves tells whether who asks is neither the firmware, which asked before, nor a boot program that is told its file by
// DHCP: a GRUB that wants an address, or a system on the machine's disk.
func (b *Boot) leaves(kind event.Kind, next client) bool {
	return kind == event.Discover && b.begun && b.client.netboots() && !next.netboots()
}

// again begins DHCP anew.
func (b *Boot) again(next client, e event.Event) {
	if b.stage < Loaded && len(b.files) > 0 {
		b.earlier = b.findings(func(Cause) bool { return true })
	}
	switch f := b.last(); {
	case f == nil, b.stage != Loaded && b.stage != Configured:
	case next.ipxe && b.client.ipxe && b.stage == Loaded:
		b.loops++ // iPXE fetched iPXE
	case !next.ipxe:
		b.ends().back = e
		b.backs++
	}
	b.heard, b.files = nil, nil
}

func (b *Boot) offer(e event.Event) {
	switch {
	case b.ours(e):
		b.begun = true
		b.count(what(event.Offer), e)
		b.reach(Offered)
	case isLease(e):
		b.count(leaseOffer, e)
	case isPXE(e):
		b.count(otherOffer, e)
	}
}

// overheard takes an answer of another server that passed by a server of ours.
func (b *Boot) overheard(e event.Event) {
	switch of := event.Kind(e.Attr("of")); {
	case of == event.Offer && isLease(e):
		b.count(leaseOffer, e)
	case of == event.Offer && isPXE(e):
		b.count(otherOffer, e)
	case of == event.Ack, of == event.Nak:
		b.count("other-"+what(of), e)
	}
}
