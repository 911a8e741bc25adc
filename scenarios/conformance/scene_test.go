package conformance

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A scene is several clients who want addresses of one server, in the order of their lines.
type scene struct {
	conf string // behind port=0 and no-ping
	acts []act
}

// An act is one question of a client. exact says that the address in the answer is not the server's choice.
type act struct {
	who   string
	does  string
	kind  kind
	exact bool
	ask   func(c, other tenant) (question, bool)
	other string    // whose address it is about; "": its own
	ended bool      // its lease is over, and nobody else has the address
	until time.Time // it is done then; zero: at once
}

// A cast is the clients of all scenes, by name: plain ones, who want an address and nothing else.
func cast() map[string]kind {
	all := map[string]kind{}
	for i, name := range []string{"ann", "bob", "cid", "dot"} {
		n := byte(i + 1)
		all[name] = kind{
			name: name, mac: [6]byte{0x52, 0x54, 0, 7, 7, n}, addr: netip.AddrFrom4([4]byte{192, 168, 9, 220 + n}), arch: -1, port: 68,
			list: []byte{1, 3, 6, 12, 15, 51},
		}
	}
	return all
}

func who(name string) kind { return cast()[name] }

// with is a client that sends further options.
func (k kind) with(more ...[]byte) kind {
	k.more = slices.Concat(k.more, join(more...))
	return k
}

// say is an act whose packet is broadcast, or sent through the client's relay.
func say(k kind, does string, messageType byte, more func(own, other [4]byte) []byte) act {
	return act{who: k.name, does: does, kind: k, ask: func(c, other tenant) (question, bool) {
		var options []byte
		if more != nil {
			if !other.has.IsValid() {
				return question{}, false
			}
			own := [4]byte{}
			if c.has.IsValid() {
				own = c.has.As4()
			}
			options = more(own, other.has.As4())
		}
		q := c.questions()[0]
		q.packet = c.packet(messageType, anywhere, c.class, options)
		return q, true
	}}
}

// tell is an act whose packet is sent from the address that the client has.
func tell(k kind, does string, messageType byte, to netip.Addr, more ...byte) act {
	return act{who: k.name, does: does, kind: k, ask: func(c, other tenant) (question, bool) {
		if !other.has.IsValid() {
			return question{}, false
		}
		src, dst := netip.AddrPortFrom(other.has, 68), netip.AddrPortFrom(to, 67)
		return question{src: src, dst: dst, packet: c.packet(messageType, other.has, c.class, more)}, true
	}}
}

// tellFrom is one whose packet is sent from an address that nobody gave it.
func tellFrom(k kind, does string, messageType byte, from string) act {
	addr := netip.MustParseAddr(from)
	return act{who: k.name, does: does, kind: k, exact: true, ask: func(c, _ tenant) (question, bool) {
		src, dst := netip.AddrPortFrom(addr, 68), netip.AddrPortFrom(server.Addr(), 67)
		return question{src: src, dst: dst, packet: c.packet(messageType, addr, c.class, nil)}, true
	}}
}

func (a act) about(other string) act {
	a.other = other
	a.does += " of " + other + "'s address"
	return a
}

func us() []byte {
	own := server.Addr().As4()
	return join([]byte{pxe.OptServerID, 4}, own[:])
}

func requested(addr [4]byte) []byte { return join([]byte{pxe.OptRequestedAddress, 4}, addr[:]) }

func discover(k kind) act { return say(k, "DISCOVER", 1, nil) }

// wishing is a DISCOVER with an address in it, which is the one to get.
func wishing(k kind, addr string) act {
	a := say(k.with(requested(netip.MustParseAddr(addr).As4())), "DISCOVER wishing for "+addr, 1, nil)
	a.exact = true
	return a
}

func take(k kind) act {
	return say(k, "REQUEST of the offer", 3, func(_, other [4]byte) []byte { return join(requested(other), us()) })
}

func taken(k kind, addr string) act {
	return say(k.with(requested(netip.MustParseAddr(addr).As4()), us()), "REQUEST of "+addr, 3, nil)
}

func elsewhere(k kind) act {
	return say(k, "REQUEST of another server's offer", 3, func(_, other [4]byte) []byte {
		return join(requested(other), []byte{pxe.OptServerID, 4, 192, 168, 9, 1})
	})
}

func reboot(k kind) act {
	return say(k, "REQUEST after a reboot", 3, func(_, other [4]byte) []byte { return requested(other) })
}

func rebootAt(k kind, addr string) act {
	return say(k.with(requested(netip.MustParseAddr(addr).As4())), "REQUEST after a reboot of "+addr, 3, nil)
}

func decline(k kind) act {
	return say(k, "DECLINE", 4, func(_, other [4]byte) []byte { return join(requested(other), us()) })
}
func renew(k kind) act   { return tell(k, "renewal", 3, server.Addr()) }
func rebind(k kind) act  { return tell(k, "rebinding", 3, everybody) }
func release(k kind) act { return tell(k, "RELEASE", 7, server.Addr(), us()...) }
func inform(k kind) act  { return tell(k, "INFORM", 8, server.Addr()) }

// TestTheRealDnsmasqSharesOutAlike plays the scenes before both servers.
func TestTheRealDnsmasqSharesOutAlike(t *testing.T) { against(t, sharesOutAlike) }

func sharesOutAlike(t *testing.T, d peer.Program) {
	sum := tally{peer: d, excused: map[string]int{}}
	all := scenes()
	maps.Copy(all, optionScenes())
	t.Run("scenes", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			t.Run(name, func(t *testing.T) { t.Parallel(); sum.scene(t, name, all[name]) })
		}
	})
	sum.counts(t)
	sum.excuses(t)
	tshark(t, sum.sent)
}

func (s *tally) scene(t *testing.T, name string, of scene) {
	conf := "port=0\nno-ping\n" + of.conf
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	s.one()
	s.play(t, name, conf, of.acts, startDnsmasq(t, s.peer, []byte(conf)), newLessor(cfg), map[string]tenant{})
}

// play does the acts before both servers, which know of what some have already.
func (s *tally) play(t *testing.T, name, conf string, acts []act, real lessor, own *ourLessor, known map[string]tenant) {
	theirs, ours := maps.Clone(known), maps.Clone(known)
	for i, a := range acts {
		if !a.until.IsZero() {
			<-time.After(time.Until(a.until))
		}
		x := exchange{conf: conf, kind: a.kind, ended: a.ended}
		var asked bool
		if x.theirs, asked = a.put(t, theirs, real, nil); !asked {
			t.Fatalf("act %d: %s: %s has no address of dnsmasq's", i+1, a.does, a.who)
		}
		if x.ours, asked = a.put(t, ours, own, &x.question); !asked {
			t.Fatalf("act %d: %s: %s has no address of ours (%s)", i+1, a.does, a.who, own.why.Text)
		}
		x.why = own.why
		if !a.exact {
			for _, about := range []string{a.who, a.other} {
				x.theirs.mask(theirs[about].has)
				x.ours.mask(ours[about].has)
			}
		}
		sameMoment(x.theirs, x.ours)
		s.judge(t, strings.Join([]string{name, a.who, a.does}, " | "), x, nil)
	}
}

// sameMoment forgives a second between the two looks at a clock that say how long a lease lasts still, when it is to be
// renewed, and how old it is.
func sameMoment(theirs, ours reply) {
	for _, code := range []byte{51, 58, 59, 91} {
		a, b := theirs.options[code], ours.options[code]
		if len(a) == 4 && len(b) == 4 && binary.BigEndian.Uint32(a)-binary.BigEndian.Uint32(b)+1 <= 2 {
			ours.options[code] = a
		}
	}
}

// put does an act before one server.
func (a act) put(t *testing.T, cast map[string]tenant, l lessor, asked *question) (reply, bool) {
	c := cast[a.who]
	c.kind = a.kind
	other := c
	if a.other != "" {
		other = cast[a.other]
	}
	q, can := a.ask(c, other)
	if !can {
		return reply{}, false
	}
	q.name = a.does
	if asked != nil {
		*asked = q
	}
	r := only(t, q, l.ask(t, q))
	if r.packet != nil && addr(r.packet[16:20]) != "0.0.0.0" {
		c.has = netip.AddrFrom4([4]byte(r.packet[16:20]))
	}
	cast[a.who] = c
	return r, true
}
