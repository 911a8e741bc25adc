package conformance

import (
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A lessor gives addresses: dnsmasq or our server.
type lessor interface {
	ask(t *testing.T, q question) []reply
}

// ourLessor is our server, whose leases live as long as a configuration is compared.
type ourLessor struct {
	machine *dhcpd.Machine
	why     event.Event
}

func newLessor(cfg *config.Config, known ...lease.Lease) *ourLessor {
	o := &ourLessor{}
	o.machine = dhcpd.NewMachine(dhcpd.Config{
		PXE: &cfg.DHCP, Lease: &cfg.Leases, Known: known, Links: []dhcp.Link{{Name: "eth0", Index: 2, Prefix: server}},
		Events: event.Func(func(e event.Event) { o.why = e }),
	})
	return o
}

func (o *ourLessor) ask(_ *testing.T, q question) []reply { return o.askAt(time.Now(), q) }

func (o *ourLessor) askAt(now time.Time, q question) (replies []reply) {
	o.machine.Receive(now, machine.Datagram{Src: q.src, Dst: q.dst, Payload: q.packet})
	for d, ok := o.machine.Next(); ok; d, ok = o.machine.Next() {
		replies = append(replies, reply{src: d.Src, dst: d.Dst, packet: d.Payload})
	}
	return replies
}

// A tenant is a client in the middle of a conversation with one server.
type tenant struct {
	kind
	ports dhcp.Ports
	has   netip.Addr // what it was offered
}

// A step is one question of a conversation. What a server is asked depends on what it gave.
type step struct {
	name string
	ask  func(tenant) (question, bool)
}

// conversation is the life of a lease (RFC 2131 section 4.3).
func conversation(k kind) []step {
	if k.bootp {
		return []step{{"BOOTREQUEST", func(c tenant) (question, bool) { return c.questions()[0], true }}}
	}
	own := netip.MustParseAddr("192.168.9.2").As4()
	leased := func(name string, messageType byte, more func(addr [4]byte) []byte) step {
		return step{name, func(c tenant) (question, bool) {
			q := c.questions()[0]
			if !c.has.IsValid() {
				return q, false
			}
			q.packet = c.packet(messageType, anywhere, c.class, more(c.has.As4()))
			return q, true
		}}
	}
	direct := func(name string, messageType byte) step {
		return step{name, func(c tenant) (question, bool) {
			if !c.has.IsValid() {
				return question{}, false
			}
			to := netip.AddrPortFrom(server.Addr(), 67)
			return question{src: netip.AddrPortFrom(c.has, 68), dst: to, packet: c.packet(messageType, c.has, c.class, nil)}, true
		}}
	}
	wanting := func(addr [4]byte) []byte { return join([]byte{50, 4}, addr[:], []byte{54, 4}, own[:]) }
	wrong := func([4]byte) []byte { return []byte{50, 4, 192, 168, 9, 222} }
	return []step{
		{"DISCOVER", func(c tenant) (question, bool) { return c.questions()[0], true }},
		leased("REQUEST of the offer", 3, wanting),
		direct("renewal", 3),
		direct("INFORM", 8),
		leased("REQUEST of another address after a reboot", 3, wrong),
		leased("REQUEST of its address after a reboot", 3, func(addr [4]byte) []byte { return join([]byte{50, 4}, addr[:]) }),
		direct("RELEASE", 7),
		{"DISCOVER after that", func(c tenant) (question, bool) { return c.questions()[0], true }},
	}
}

// TestTheRealDnsmasqGivesLeasesAlike compares whole conversations. Which free address a client gets is
// each server's own choice, and T1 and T2 hold a random part.
func TestTheRealDnsmasqGivesLeasesAlike(t *testing.T) { against(t, givesLeasesAlike) }

func givesLeasesAlike(t *testing.T, d peer.Program) {
	names := configurations(t, d, "lease")
	sum := tally{peer: d, excused: map[string]int{}}
	t.Run("configurations", func(t *testing.T) {
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) { t.Parallel(); sum.lease(t, name) })
		}
	})
	sum.counts(t)
	sum.excuses(t)
	tshark(t, sum.sent)
}

func (s *tally) lease(t *testing.T, name string) {
	conf, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := dnsmasq.Parse("dnsmasq.conf", conf)
	if err != nil {
		t.Fatal(err)
	}
	s.one()
	real, own := startDnsmasq(t, s.peer, conf), newLessor(cfg)
	seen := map[string]bool{}
	for _, k := range kinds() {
		theirs, ours := tenant{kind: k, ports: cfg.DHCP.Ports}, tenant{kind: k, ports: cfg.DHCP.Ports}
		for _, step := range conversation(k) {
			x := exchange{conf: string(conf), kind: k}
			var asked bool
			if x.theirs, asked = theirs.put(t, step, real); !asked {
				continue
			}
			if x.ours, asked = ours.put(t, step, own); !asked {
				continue
			}
			x.question, _ = step.ask(ours)
			x.why = own.why
			x.theirs.mask(theirs.has)
			x.ours.mask(ours.has)
			for _, id := range s.judge(t, filepath.Base(name)+" | "+k.name+" | "+step.name, x, nil) {
				seen[id] = seen[id] || !k.few
			}
		}
	}
	s.told(t, filepath.Base(name), cfg, seen)
}

// put asks one server a step's question, and keeps what it gives.
func (c *tenant) put(t *testing.T, s step, l lessor) (reply, bool) {
	q, can := s.ask(*c)
	if !can {
		return reply{}, false
	}
	q = q.on(c.ports)
	q.name = s.name
	r := only(t, q, l.ask(t, q))
	if r.packet != nil && addr(r.packet[16:20]) != "0.0.0.0" {
		c.has = netip.AddrFrom4([4]byte(r.packet[16:20]))
	}
	return r, true
}

// mask takes out what each server is free to choose: the address, and the random part of T1 and T2,
// which is up to a sixteenth of the lease's time (dnsmasq rfc2131.c, do_options).
func (r *reply) mask(has netip.Addr) {
	if r.packet == nil || !has.IsValid() {
		return
	}
	free, chosen := [4]byte{192, 168, 9, 255}, has.As4()
	for _, at := range []int{12, 16} {
		if [4]byte(r.packet[at:]) == chosen {
			copy(r.packet[at:], free[:])
		}
	}
	if r.dst.Addr() == has {
		r.dst = netip.AddrPortFrom(netip.AddrFrom4(free), r.dst.Port())
	}
	whole, timed := r.options[51]
	if !timed || len(whole) != 4 {
		return
	}
	seconds := binary.BigEndian.Uint32(whole)
	for code, latest := range map[byte]uint32{58: seconds / 2, 59: seconds / 8 * 7} {
		if v := r.options[code]; len(v) == 4 {
			if t := binary.BigEndian.Uint32(v); t <= latest+8 && t+seconds/16+8 >= latest {
				r.options[code] = []byte("about right")
			}
		}
	}
}
