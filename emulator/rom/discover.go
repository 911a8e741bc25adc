package rom

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/internal/machine"
)

// enter begins a phase that sends requests until they are answered.
func (r *ROM) enter(now time.Time, p phase) {
	r.phase, r.began = p, now
	r.timer = timer{Backoff: map[phase]Backoff{
		discover: r.cfg.Profile.Discover, request: r.cfg.Profile.Request,
		proxyRequest: r.cfg.Profile.Proxy, bootServer: r.cfg.Profile.BootServer,
	}[p]}
	r.send(now)
}

// send sends the phase's request and arms its timer.
func (r *ROM) send(now time.Time) {
	r.timer.start(now)
	switch r.phase {
	case discover:
		r.push(netip.AddrPortFrom(broadcast, 67), r.packet(now, msgDiscover, r.xid))
	case request:
		more := append(addrOption(54, r.lease.ServerID()), addrOption(50, r.lease.YIAddr)...)
		r.push(netip.AddrPortFrom(broadcast, 67), r.packet(now, msgRequest, r.xid, more...))
	case proxyRequest:
		to := r.proxy.PseudoID()
		r.push(netip.AddrPortFrom(to, 4011), r.packet(now, msgRequest, r.xid, addrOption(54, to)...))
	case bootServer:
		r.sendBootItem(now)
	}
}

func (r *ROM) push(to netip.AddrPort, payload []byte) {
	from := netip.IPv4Unspecified()
	if r.addr.IsValid() {
		from = r.addr
	}
	r.out = append(r.out, machine.Datagram{Src: netip.AddrPortFrom(from, 68), Dst: to, Payload: payload})
}

// reply sorts a DHCP packet to its phase.
func (r *ROM) reply(now time.Time, d machine.Datagram) {
	if d.Dst.Port() != 68 || r.phase == off || r.phase >= probe {
		return
	}
	reply, err := ParseReply(d.Payload)
	if err != nil || reply.XID != r.sessionXID() || reply.CHAddr != r.cfg.MAC {
		return
	}
	reply.From = d.Src
	switch r.phase {
	case discover:
		r.offer(now, reply)
	case request:
		r.acknowledged(now, reply)
	case proxyRequest:
		r.proxyAnswer(now, reply)
	case bootServer:
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
	failed := r.timer.expire()
	waited := now.Sub(r.began)
	c := r.cfg.Profile.Collect
	switch {
	case r.phase == discover && r.enough(waited, c):
		r.enter(now, request)
	case r.phase == proxyRequest && r.cfg.Profile.ProxyWait > 0 && waited > r.cfg.Profile.ProxyWait:
		// iPXE carries on without proxy data.
		r.heard = fmt.Sprintf("%s:4011 did not answer in %s%s; ran out of patience", r.proxy.PseudoID(), waited.Round(10*time.Millisecond), r.after())
		r.configured(now)
	case r.phase == bootServer && r.cfg.Profile.BootServerWait > 0 && waited > r.cfg.Profile.BootServerWait:
		r.nextServer(now)
	case failed:
		r.outOfPatience(now, waited)
	default:
		r.send(now)
	}
}

// enough says whether the offers at hand end the discovery.
func (r *ROM) enough(waited time.Duration, c Collect) bool {
	switch {
	case r.lease == nil:
		return false
	case c.After > 0:
		return waited > c.After
	case r.proxy != nil:
		return r.timer.expired >= c.WithProxy
	}
	return r.timer.expired >= c.LeaseOnly
}

func (r *ROM) outOfPatience(now time.Time, waited time.Duration) {
	waited = waited.Round(10 * time.Millisecond)
	switch r.phase {
	case discover:
		if r.proxy != nil {
			r.fail(OnlyProxy, fmt.Sprintf("%s offered no address in %s and no DHCP server answered", r.proxy.PseudoID(), waited))
			return
		}
		r.fail(NoOffer, fmt.Sprintf("no offer in %s", waited))
	case request:
		r.fail(NoAck, fmt.Sprintf("%s did not acknowledge %s in %s%s", r.lease.ServerID(), r.lease.YIAddr, waited, r.after()))
	case proxyRequest:
		r.fail(NoProxyAck, fmt.Sprintf("%s:4011 did not answer in %s%s", r.proxy.PseudoID(), waited, r.after()))
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
