package conformance

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// TestTheRealDnsmasqDelaysAlike asks one question of each server, and compares what comes back and when.
// dnsmasq serves TFTP while it delays a reply, so a sentinel says nothing here: the reply is waited for.
func TestTheRealDnsmasqDelaysAlike(t *testing.T) { against(t, delaysAlike) }

func delaysAlike(t *testing.T, d peer.Program) {
	const proxy = "port=0\ndhcp-range=192.168.9.0,proxy\npxe-service=x86PC,\"Boot\",boot\npxe-service=x86PC,\"Disk\"\n"
	const leases = "port=0\nno-ping\ndhcp-range=192.168.9.60,192.168.9.60\n"
	const second = "dhcp-reply-delay=1\n"
	bios := kinds()[0]
	discover, proxyRequest, item := bios.questions()[0], bios.questions()[2], bios.questions()[4]
	sum := tally{peer: d, excused: map[string]int{}}
	t.Run("questions", func(t *testing.T) {
		for name, c := range map[string]struct {
			conf string
			ask  question
			want time.Duration
		}{
			"a DISCOVER of a proxy":          {proxy + second, discover, time.Second},
			"a REQUEST on 4011":              {proxy + second, proxyRequest, time.Second},
			"a boot item":                    {proxy + second, item, 0},
			"a client with the tag":          {proxy + "dhcp-reply-delay=tag:rom,1\ndhcp-mac=set:rom,00:1b:21:01:02:03\n", discover, time.Second},
			"a client without the tag":       {proxy + "dhcp-reply-delay=tag:other,1\n", discover, 0},
			"two seconds":                    {proxy + "dhcp-reply-delay=2\n", discover, 2 * time.Second},
			"a DISCOVER for an address":      {leases + second, discover, time.Second},
			"a REQUEST of an address":        {leases + second, taken(bios, "192.168.9.60").question(t), 0},
			"an INFORM":                      {leases + second, inform(bios).question(t), 0},
			"a DISCOVER with rapid commit":   {leases + second + "dhcp-rapid-commit\n", bios.with([]byte{80, 0}).questions()[0], time.Second},
			"a BOOTREQUEST":                  {leases + second + "bootp-dynamic\n", bootp(bios).question(t), 0},
			"a DISCOVER and no delay at all": {leases, discover, 0},
		} {
			t.Run(name, func(t *testing.T) { t.Parallel(); sum.delay(t, name, c.conf, bios, c.ask, c.want) })
		}
	})
	sum.counts(t)
	tshark(t, sum.sent)
}

// question is what an act asks of a server for a client whose address is known.
func (a act) question(t *testing.T) question {
	t.Helper()
	c := tenant{kind: a.kind, has: a.kind.addr}
	q, _ := a.ask(c, c)
	q.name = a.does
	return q
}

func (s *tally) delay(t *testing.T, name, conf string, k kind, q question, want time.Duration) {
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(conf))
	if err != nil {
		t.Fatal(err)
	}
	x := exchange{conf: conf, kind: k, question: q}
	real := startDnsmasq(t, s.peer, []byte(conf))
	theirs, after := real.await(t, q)
	for again := 0; after >= want+time.Second && again < 3; again++ { // the machine is busy
		theirs, after = real.await(t, q)
	}
	if after < want || after >= want+time.Second {
		t.Errorf("dnsmasq answers after %s, expected is %s", after, want)
	}
	replies, after, why := wait(&dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases}, q)
	if after != want {
		t.Errorf("we answer after %s, want %s", after, want)
	}
	x.theirs, x.ours, x.why = only(t, q, []reply{theirs}), only(t, q, replies), why
	s.judge(t, name, x, nil)
	s.one()
}

// await asks, and takes the time until the reply is there.
func (r *real) await(t *testing.T, q question) (reply, time.Duration) {
	t.Helper()
	asked := time.Now()
	r.send(datagram(ourMAC, serverMAC, q.src, q.dst, q.packet))
	late := time.After(10 * time.Second)
	for {
		select {
		case frame := <-r.frames:
			if p := read(frame); p.src.Port() == 67 || p.src.Port() == 4011 {
				return reply{src: p.src, dst: p.dst, packet: p.payload}, time.Since(asked)
			}
		case <-late:
			t.Fatalf("%s: dnsmasq does not answer; it says %q", q.name, r.host.Tail(9))
		}
	}
}

// wait is await for our server, in its own time.
func wait(cfg *dhcpd.Config, q question) (replies []reply, after time.Duration, why event.Event) {
	cfg.Links = []dhcp.Link{{Name: "eth0", Index: 2, Prefix: server}}
	cfg.Events = event.Func(func(e event.Event) { why = e })
	m := dhcpd.NewMachine(*cfg)
	start := time.Now()
	m.Receive(start, machine.Datagram{Src: q.src, Dst: q.dst, Payload: q.packet})
	take := func() {
		for d, ok := m.Next(); ok; d, ok = m.Next() {
			replies = append(replies, reply{src: d.Src, dst: d.Dst, packet: d.Payload})
		}
	}
	take()
	if at, waits := m.Deadline(); waits && len(replies) == 0 {
		after = at.Sub(start)
		m.Expire(at)
		take()
	}
	return replies, after, why
}
