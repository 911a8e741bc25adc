package steps

import (
	"regexp"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// The causes themselves are internal/verdict's. Here a scenario says who is who.
func TestCauses(t *testing.T) {
	for name, c := range map[string]struct {
		server string
		config string
		saw    func(*tape)
		want   string
	}{
		"dnsmasq without pxe-service": {"dnsmasq", "port=0\n# pxe-service=x86PC\n", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, house, "", "yiaddr=192.168.9.100")
		}, "no OFFER: dnsmasq answers a proxy's clients only if there is a pxe-service"},
		"dnsmasq with one": {"dnsmasq", "pxe-service=x86PC\n", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, house, "", "yiaddr=192.168.9.100")
		}, "no OFFER to one DISCOVER$"},
		"a silent server says why": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.judge.Take(event.Event{Kind: event.Ignore, Source: "server", Client: "pc", Text: "not for us", Rule: "a.conf:3", Attrs: "of=discover"})
		}, `no OFFER to one DISCOVER: it says: not for us \(a.conf:3\)`},
		"TFTP of the plan's server is dead": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "class=PXEClient server=192.168.9.2 siaddr=192.168.9.2")
			p.wire(event.RRQ, "192.168.9.2:69", "pxelinux.0", "")
			p.wire(event.Retry, "192.168.9.2:69", "pxelinux.0", "of=rrq")
			p.saw("guest", "pc", event.Error, "", "", "", "Connection timed out")
		}, `nothing answers TFTP requests to 192.168.9.2: pxelinux.0 was asked for 2 times \(the guest: Connection timed out\)`},
		"what another guest saw is no cause": {"ours", "", func(p *tape) {
			p.saw("wire", "pd", event.Miss, server, "x", "", "")
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "class=PXEClient server=192.168.9.2 siaddr=192.168.9.2")
			p.wire(event.Got, server, "pxelinux.0", "")
			p.saw("guest", "pc", event.Handoff, "", "", "kind=linux", "")
		}, "^$"},
		"waiting at a menu": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "class=PXEClient server=192.168.9.2 siaddr=192.168.9.2")
			for _, name := range []string{"pxelinux.0", "a/vesamenu.c32", "libutil.c32", "pxelinux.cfg/default", "a/menu.cfg", "splash.png"} {
				p.wire(event.Got, server, name, "")
			}
		}, "at the menu of vesamenu.c32, which may wait for a key"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTape(t, "expect pc handoff multiboot\n", Patience{Step: time.Hour})
			p.judge.plan.Env.Server, p.judge.plan.Server.Config = c.server, "d.conf"
			c.saw(p)
			p.judge.End("over")
			got := p.judge.Verdict([]byte(c.config))
			if got == nil || !regexp.MustCompile(c.want).MatchString(got.Cause) {
				t.Errorf("failure %+v, want cause %q", got, c.want)
			}
		})
	}
}
