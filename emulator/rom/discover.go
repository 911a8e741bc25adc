package rom

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/wire/machine"
)

// enter begins a phase that sends requests until they are answered.
func (r *ROM) enter(now time.Time, p phase) {
	r.phase, r.began, r.answers = p, now, nil
	if r.cfg.Profile.FreshXID && (p == proxyRequest || p == bootServer) {
		r.xid = r.rand.Uint32()
	}
	r.timer = retry.Timer{Backoff: map[phase]retry.Backoff{
		discover: r.cfg.Profile.Discover, request: r.cfg.Profile.Request,
		proxyRequest: r.cfg.Profile.Proxy, bootServer: r.cfg.Profile.BootServer,
	}[p]}
	r.send(now)
}

// send sends the phase's request and arms its timer.
func (r *ROM) send(now time.Time) {
	r.timer.Start(now)
	switch r.phase {
	case discover:
		r.nextXID(now)
		r.push(now, netip.AddrPortFrom(broadcast, 67), msgDiscover)
	case request:
		r.push(now, netip.AddrPortFrom(broadcast, 67), msgRequest)
	case proxyRequest:
		r.push(now, netip.AddrPortFrom(r.proxyServer(), 4011), msgRequest)
	case bootServer:
		r.push(now, r.itemServer(), msgRequest)
	}
}

func (r *ROM) push(now time.Time, to netip.AddrPort, msg byte) {
	from := netip.IPv4Unspecified()
	if r.addr.IsValid() {
		from = r.addr
	}
	r.port = 68
	if p := r.cfg.Profile.ProxyPort; p != 0 && to.Port() == 4011 {
		r.port = p
	}
	r.out = append(r.out, machine.Datagram{Src: netip.AddrPortFrom(from, r.port), Dst: to, Payload: r.packet(now, msg, to.Addr())})
}

// proxyServer is where the proxy offer taken sends its questions.
func (r *ROM) proxyServer() netip.Addr {
	if r.cfg.Profile.Collect.Slots {
		return r.server(r.proxy)
	}
	return r.proxy.PseudoID()
}

// reply sorts a DHCP packet to its phase.
func (r *ROM) reply(now time.Time, d machine.Datagram) {
	if d.Dst.Port() != r.port || r.phase == off || r.phase >= probe {
		return
	}
	reply, err := ParseReply(d.Payload)
	if err != nil || !r.mine(reply.XID) || reply.CHAddr != r.cfg.MAC {
		return
	}
	reply.From, reply.answersTo, reply.runsOn = d.Src, r.cfg.Profile.AnswersTo, r.cfg.Profile.RunsOn
	slots := r.cfg.Profile.Collect.Slots
	switch {
	case r.phase == discover && slots:
		r.collect(reply)
	case r.phase == discover:
		r.offer(now, reply)
	case r.phase == request:
		r.acknowledged(now, reply)
	case slots:
		r.answers = append(r.answers, reply)
	case r.phase == proxyRequest:
		r.proxyAnswer(now, reply)
	case r.phase == bootServer:
		r.bootAnswer(now, reply)
	}
}

func (r *ROM) sessionXID() uint32 {
	if r.phase == bootServer && r.cfg.Profile.ZeroXID {
		return 0
	}
	return r.xid
}

// offer takes a packet as a candidate for the lease, the proxy, or both. Of equal priority the later one
// wins (iPXE dhcp_discovery_rx).
func (r *ROM) offer(now time.Time, o *Reply) {
	if r.cfg.Profile.FirstLease {
		if o.YIAddr != netip.IPv4Unspecified() && o.From.Port() == 67 && o.Type == msgOffer {
			r.lease, r.xid = o, o.XID
			r.enter(now, request)
		}
		return
	}
	priority := o.eb(1)
	if o.YIAddr != netip.IPv4Unspecified() && o.From.Port() == 67 && (o.Type == msgOffer || o.Type == 0) &&
		(r.lease == nil || priority >= r.lease.eb(1)) {
		r.lease = o
	}
	if o.PXEClient() && (r.proxy == nil || priority >= r.proxy.eb(1)) {
		r.proxy = o
	}
	if r.lease == nil {
		return
	}
	c := r.cfg.Profile.Collect
	switch {
	case r.noProxy(), c.After > 0 && (r.proxy != nil || now.Sub(r.began) > c.After):
		r.enter(now, request)
	case c.After == 0 && r.lease.PXEClient() && r.lease.Option(43) != nil:
		// PXE 2.1 section 2.4.2: an offer that is both needs no more waiting.
		r.enter(now, request)
	}
}

// noProxy says that the lease tells iPXE not to care for proxies (option 175.b0).
func (r *ROM) noProxy() bool { return r.cfg.Profile.Features != nil && r.lease.eb(0xb0) != 0 }

// expired acts on a phase's timer: sends again, goes on with what it has, or fails.
func (r *ROM) expired(now time.Time) {
	if r.phase == prompt {
		r.choose(now, 0)
		return
	}
	failed := r.timer.Expire()
	waited := now.Sub(r.began)
	c := r.cfg.Profile.Collect
	switch {
	case c.Slots && r.slotEnded(now):
	case r.phase == discover && r.enough(waited, c):
		r.enter(now, request)
	case r.phase == proxyRequest && r.cfg.Profile.ProxyWait > 0 && waited > r.cfg.Profile.ProxyWait:
		// iPXE carries on without proxy data.
		r.heard = fmt.Sprintf("%s:4011 did not answer in %s%s; ran out of patience", r.proxy.PseudoID(), waited.Round(10*time.Millisecond), r.after())
		r.configured(now)
	case r.phase == bootServer && r.cfg.Profile.BootServerWait > 0 && waited > r.cfg.Profile.BootServerWait:
		r.nextServer(now)
	case failed && r.phase == request && r.cfg.Profile.FirstLease:
		r.lease = nil
		r.enter(now, discover)
	case failed:
		r.outOfPatience(now, waited)
	default:
		r.send(now)
	}
}

// enough says whether the offers at hand end the discovery.
func (r *ROM) enough(waited time.Duration, c Collect) bool {
	switch {
	case r.lease == nil || c.Slots:
		return false
	case c.After > 0:
		return waited > c.After
	case r.proxy != nil:
		return r.timer.Expired() >= c.WithProxy
	}
	return r.timer.Expired() >= c.LeaseOnly
}

func (r *ROM) outOfPatience(now time.Time, waited time.Duration) {
	waited = waited.Round(10 * time.Millisecond)
	switch r.phase {
	case discover:
		if len(r.offers) > 0 {
			why := lacking(r.offers)
			if r.cfg.Profile.WholeOffer {
				why = "no OFFER brought address and boot file in one"
			}
			r.fail(NoUseful, fmt.Sprintf("%s in %s", why, waited))
			return
		}
		if r.proxy != nil {
			r.fail(OnlyProxy, fmt.Sprintf("%s offered no address in %s and no DHCP server answered", r.proxy.PseudoID(), waited))
			return
		}
		r.fail(NoOffer, fmt.Sprintf("no offer in %s", waited))
	case request:
		r.fail(NoAck, fmt.Sprintf("%s did not acknowledge %s in %s%s", r.lease.ServerID(), r.lease.YIAddr, waited, r.after()))
	case proxyRequest:
		r.noAnswer(now, waited)
	case bootServer:
		r.nextServer(now)
	}
}

// after adds the reason the last reply was no use.
func (r *ROM) after() string {
	if r.heard == "" {
		return ""
	}
	return " (" + r.heard + ")"
}
