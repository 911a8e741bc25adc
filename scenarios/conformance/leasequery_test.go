package conformance

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// ask is a DHCPLEASEQUERY of a relay (RFC 4388), whose packet says what it is about.
func ask(relay string, list []byte, does string, about ...func(b []byte)) act {
	k := who("dot").through(relay)
	k.list = list
	k.edit = func(b []byte) {
		clear(b[28:44])
		for _, edit := range about {
			edit(b)
		}
	}
	a := say(k, "DHCPLEASEQUERY "+does, 10, nil)
	a.exact = true
	return a
}

func aboutAddr(s string) func(b []byte) {
	return func(b []byte) { addr := netip.MustParseAddr(s).As4(); copy(b[12:], addr[:]) }
}

func aboutMAC(k kind) func(b []byte) { return func(b []byte) { copy(b[28:], k.mac[:]) } }

// about is an option more, in the place where the packet's options end.
func (a act) with(option ...byte) act {
	a.kind = a.kind.with(option)
	return a
}

// queries are asked when ann, bob and cid have leases of .60, .61 and .62 for two seconds: ann with an identifier, a
// class and a name, bob through a relay that says where he is.
func queries() (all []act) {
	every := []byte{1, 3, 6, 12, 15, 28, 43, 51, 58, 59, 60, 61, 67, 82, 91, 92, 200}
	for _, relay := range []string{"192.168.9.250", "192.168.9.252"} {
		for _, list := range [][]byte{every, {51}, {58, 91}, {43}, {60, 200}, {82, 61}, {}} {
			for _, addr := range []string{"192.168.9.60", "192.168.9.61", "192.168.9.62"} {
				all = append(all, ask(relay, list, "for "+addr, aboutAddr(addr)))
			}
		}
		for _, addr := range []string{"192.168.9.63", "192.168.9.200", "192.168.9.2", "192.168.20.55", "10.9.9.9"} {
			all = append(all, ask(relay, every, "for "+addr, aboutAddr(addr)))
		}
		all = append(all,
			ask(relay, every, "for a hardware address", aboutMAC(who("bob"))),
			ask(relay, every, "for a hardware address that has an identifier", aboutMAC(who("ann"))),
			ask(relay, every, "for an unknown hardware address", aboutMAC(who("dot"))),
			ask(relay, every, "for an address, and another's hardware address", aboutAddr("192.168.9.60"), aboutMAC(who("bob"))),
			ask(relay, every, "for an identifier").with(61, 4, 0, 'a', 'n', 'n'),
			ask(relay, every, "for an identifier, and another's hardware address", aboutMAC(who("bob"))).with(61, 4, 0, 'a', 'n', 'n'),
			ask(relay, every, "for an unknown identifier, and a hardware address without one", aboutMAC(who("bob"))).with(61, 3, 0, 'x', 'y'),
			ask(relay, every, "for an unknown identifier, and a hardware address with another", aboutMAC(who("ann"))).with(61, 3, 0, 'x', 'y'),
			ask(relay, every, "for nothing"),
			ask(relay, every, "of one who has a class himself", aboutAddr("192.168.9.62")).with(60, 3, 'a', 's', 'k'),
			ask(relay, every, "with a server identifier", aboutAddr("192.168.9.60")).with(54, 4, 1, 2, 3, 4),
			ask(relay, every, "that goes through another relay", aboutAddr("192.168.9.60")).with(82, 6, 1, 4, 'p', 'o', 'r', 't'),
		)
	}
	return append(all, ask("192.168.9.250", every, "that names nobody who asks", aboutAddr("192.168.9.60"), func(b []byte) { clear(b[24:28]) }))
}

// TestTheRealDnsmasqTellsOfLeasesAlike asks as relays do. dnsmasq 2.90 does not know of that.
func TestTheRealDnsmasqTellsOfLeasesAlike(t *testing.T) { against(t, tellsOfLeasesAlike) }

func tellsOfLeasesAlike(t *testing.T, d peer.Program) {
	const pools = "dhcp-range=set:here,192.168.9.60,192.168.9.90,1h\ndhcp-range=192.168.20.50,192.168.20.60,255.255.255.0\n"
	const told = "dhcp-option-force=201,forced\ndhcp-option=encap:175,190,1b\ndhcp-option=vi-encap:9,5,hi\ndhcp-option=vendor:PXEClient,6,2b\ndhcp-option=3,192.168.9.7\ndhcp-option=58,600\ndhcp-option=200,plain\ndhcp-option=tag:here,6,9.9.9.9\ndhcp-option=tag:asks,200,class\ndhcp-vendorclass=set:asks,ask\n" +
		"dhcp-host=52:54:00:07:07:03,set:asks,named\ndomain=lab.example\ndhcp-boot=boot.0\n"
	sum := tally{peer: d, excused: map[string]int{}}
	t.Run("configurations", func(t *testing.T) {
		for name, conf := range map[string]string{
			"all may ask":               pools + "leasequery\n",
			"options":                   pools + told + "leasequery\n",
			"one may ask":               pools + "leasequery=192.168.9.250\n",
			"a network may ask":         pools + "leasequery=192.168.9.252/30\nleasequery\n",
			"only some of IPv6 may ask": pools + "leasequery=fd00::/64\n",
			"nobody may ask":            pools,
			"leases without end":        "dhcp-range=192.168.9.60,192.168.9.90,infinite\nleasequery\n",
			"options for option 60":     pools + "dhcp-option=60,ours\nleasequery\n",
		} {
			t.Run(name, func(t *testing.T) { t.Parallel(); sum.leasequery(t, name, "port=0\nno-ping\n"+conf) })
		}
	})
	sum.counts(t)
	sum.excuses(t)
	tshark(t, sum.sent)
}

func (s *tally) leasequery(t *testing.T, name, conf string) {
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Leases.Queries) > 0 && s.peer.Version < "2.92" {
		return
	}
	s.one()
	ann := who("ann").with([]byte{61, 4, 0, 'a', 'n', 'n'}, []byte{12, 3, 'a', 'n', 'n'})
	ann.class = "PXEClient:Arch:00000"
	bob := who("bob").through("192.168.9.250").with([]byte{82, 6, 1, 4, 'p', 'o', 'r', 't'})
	cid := who("cid")
	var acts []act
	for addr, k := range map[string]kind{"192.168.9.60": ann, "192.168.9.61": bob, "192.168.9.62": cid} {
		acts = append(acts, wishing(k, addr), take(k))
	}
	all := queries()
	all[0].until = time.Now().Add(2500 * time.Millisecond)
	s.play(t, name, conf, slices.Concat(acts, all), startDnsmasq(t, s.peer, []byte(conf)), newLessor(cfg), map[string]tenant{})
}
