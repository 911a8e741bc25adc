package verdict

import (
	"regexp"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

func TestCauses(t *testing.T) {
	const missing = "Failed to load ldlinux.c32"
	for name, c := range map[string]struct {
		server string
		config string
		saw    func(*tape)
		want   string
	}{
		"dnsmasq without pxe-service": {"dnsmasq", "port=0\n# pxe-service=x86PC\n", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, house, "", "")
		}, "no OFFER: dnsmasq answers a proxy's clients only if there is a pxe-service"},
		"a silent server says why": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.judge.Take(event.Event{Kind: event.Ignore, Source: "server", Client: "pc", Text: "not for us", Rule: "a.conf:3", Attrs: "of=discover"})
		}, `no OFFER: it says: not for us \(a.conf:3\)`},
		"nobody on 4011": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=192.168.9.2")
			p.wire(event.BootRequest, "192.168.9.2:4011", "", "item=32768.0")
			p.wire(event.Retry, "192.168.9.2:4011", "", "of=boot-request")
			p.saw("guest", "pc", event.Error, "", "", "", "no boot server")
		}, `no reply on port 4011 of 192.168.9.2 to 2 requests \(the guest: no boot server\)`},
		"siaddr 0": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=0.0.0.0")
		}, "the offer names pxelinux.0 but its siaddr is 0"},
		"a wrong siaddr": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=0.0.0.0")
			p.wire(event.BootAck, server, "pxelinux.0", "siaddr=192.168.9.77")
		}, "the boot-ack sends the ROM to siaddr 192.168.9.77, where nobody serves"},
		"TFTP dead": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=192.168.9.2")
			p.wire(event.RRQ, "192.168.9.2:69", "pxelinux.0", "")
			p.wire(event.Retry, "192.168.9.2:69", "pxelinux.0", "of=rrq")
		}, "nothing answers TFTP requests to 192.168.9.2: pxelinux.0 was asked for 2 times"},
		"a file that is missing": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=192.168.9.2")
			p.wire(event.RRQ, "192.168.9.2:69", "ldlinux.c32", "")
			p.wire(event.Miss, "192.168.9.2:69", "ldlinux.c32", "")
			p.saw("guest", "pc", event.Error, "", "", "", missing)
		}, missing + ": the server has no ldlinux.c32"},
		"nobody on 4011 of a wrong siaddr": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "arch=7")
			p.wire(event.Offer, server, "", "siaddr=192.168.9.77")
			p.wire(event.Ack, house, "", "server=192.168.9.1 router=192.168.9.1")
			p.saw("guest", "pc", event.Error, "", "", "", "PXE-E16: No valid offer received.")
		}, `the offer sends the ROM to port 4011 of siaddr 192.168.9.77, where nobody serves; .* \(the guest: PXE-E16`},
		"a siaddr that nobody was asked for is no cause": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "arch=7")
			p.wire(event.Offer, server, "", "siaddr=192.168.9.77")
			p.saw("guest", "pc", event.Error, "", "", "", "PXE-E16: No valid offer received.")
		}, "^PXE-E16"},
		"a closed TFTP port": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "a.efi", "siaddr=192.168.9.2")
			p.wire(event.RRQ, "192.168.9.2:69", "a.efi", "")
			p.wire(event.Unreachable, "192.168.9.2:69", "a.efi", "")
			p.saw("guest", "pc", event.Error, "", "", "", "PXE-E99: Unexpected network error.")
		}, `nobody listens on TFTP port 69 of 192.168.9.2 \(the guest: PXE-E99`},
		"a file that the ROM's code means, and does not name": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "a.efi", "siaddr=192.168.9.2")
			p.wire(event.RRQ, "192.168.9.2:69", "a.efi", "")
			p.wire(event.Miss, "192.168.9.2:69", "a.efi", "")
			p.saw("guest", "pc", event.Error, "", "", "", "PXE-E23: Client received TFTP error from server.")
		}, "PXE-E23: .*: the server has no a.efi"},
		"a program of another kind": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "arch=7")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=192.168.9.2")
			p.wire(event.Got, server, "pxelinux.0", "")
			p.saw("guest", "pc", event.Error, "", "", "", "BdsDxe: failed to load Boot0001: Not Found")
		}, `^pxelinux.0 came whole, and is no UEFI program for this machine \(client architecture 7\)`},
		"but Secure Boot is not the program's kind": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "arch=7")
			p.wire(event.Offer, server, "a.efi", "siaddr=192.168.9.2")
			p.wire(event.Got, server, "a.efi", "")
			p.saw("guest", "pc", event.Error, "", "", "", "BdsDxe: failed to load Boot0001: Access Denied: Secure Boot")
		}, "^BdsDxe: failed to load Boot0001: Access Denied"},
		"waiting at a menu": {"ours", "", func(p *tape) {
			p.wire(event.Discover, "", "", "")
			p.wire(event.Offer, server, "pxelinux.0", "siaddr=192.168.9.2")
			for _, name := range []string{"pxelinux.0", "a/vesamenu.c32", "libutil.c32", "pxelinux.cfg/default", "a/menu.cfg", "splash.png"} {
				p.wire(event.Got, server, name, "")
			}
		}, "the guest is at the menu of vesamenu.c32, which may wait for a key"},
		"only the guest knows": {"ours", "", func(p *tape) {
			p.saw("guest", "pc", event.Error, "", "", "", "Panic on CPU 0: Not enough RAM")
		}, "Panic on CPU 0: Not enough RAM"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTape(t, "expect pc handoff linux\n", Patience{Step: time.Hour})
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
