package conformance

import (
	"slices"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lint"
)

// hangs tells whether the intended difference proxy-range-set keeps a dnsmasq from being asked more.
func hangs(version string, cfg *config.Config) bool {
	here := dhcp.Link{Prefix: server}
	tagged := func(n dhcp.Network) bool { return !n.Leases && n.Set != "" && n.On(here) }
	return intended("proxy-range-set").In(version) && slices.ContainsFunc(cfg.DHCP.Networks, tagged)
}

func intended(id string) dnsmasq.Difference {
	all := dnsmasq.Differences()
	return all[slices.IndexFunc(all, func(d dnsmasq.Difference) bool { return d.ID == id })]
}

// hang sees that a dnsmasq answers one DISCOVER, and after the second nothing at all, while we answer both. Who comes
// here because of a dnsmasq that does not hang any more: the difference has an end, Before.
func (s *tally) hang(t *testing.T, name string, cfg *config.Config, real *real) {
	t.Helper()
	q := kinds()[0].questions()[0]
	if len(real.ask(t, q)) != 1 {
		t.Errorf("%s: dnsmasq does not answer the first client", name)
	}
	for range 2 {
		if replies, _ := ours(cfg, q); len(replies) != 1 {
			t.Errorf("%s: we answer %d times", name, len(replies))
		}
	}
	real.send(datagram(ourMAC, serverMAC, q.src, q.dst, q.packet))
	if real.alive(3 * time.Second) {
		t.Errorf("%s: dnsmasq does not hang: proxy-range-set is over", name)
	}
	real.hung = true
	said := func(n config.Notice) bool { return n.ID == "proxy-range-set" }
	if !slices.ContainsFunc(lint.Differences(cfg), said) {
		t.Errorf("%s: check does not tell of it", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.excused["proxy-range-set"]++
}

// alive tells whether TFTP requests are answered still. One is answered in the round of the poll that brings the
// question, so it must be more.
func (r *real) alive(within time.Duration) bool {
	r.sentinel()
	late := time.After(within)
	for answered := 0; answered < sentinels; {
		select {
		case frame := <-r.frames:
			if p := read(frame); p.dst.Addr() == watch && p.dst.Port() == 20000+r.asked {
				answered++
				r.sentinel()
			}
		case <-late:
			return false
		}
	}
	return true
}
