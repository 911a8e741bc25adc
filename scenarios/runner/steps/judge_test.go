package steps

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

const lab = `lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server
guest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100
guest pd firmware=ipxe-bios mac=52:54:00:12:34:57 ip=192.168.9.101
`

const house, server = "192.168.9.1:67", "192.168.9.2:67"

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// tape records facts one second apart.
type tape struct {
	judge *Judge
	now   time.Time
	seq   uint64
}

func newTape(t *testing.T, steps string, p Patience) *tape {
	t.Helper()
	f, err := script.Parse("t.txtar", []byte(lab+steps))
	if err != nil {
		t.Fatal(err)
	}
	return &tape{judge: New(f.Plan(script.Env{World: "sim", Server: "ours"}), p, start), now: start}
}

func (p *tape) saw(source, guest string, k event.Kind, peer, path, attrs, text string) {
	p.now = p.now.Add(time.Second)
	p.seq++
	e := event.Event{Seq: p.seq, Time: p.now, Source: source, Client: guest, Kind: k, Path: path, Attrs: event.Attributes(attrs), Text: text}
	if peer != "" {
		e.Peer = netip.MustParseAddrPort(peer)
	}
	p.judge.Take(e)
}

func (p *tape) wire(k event.Kind, peer, path, attrs string) {
	p.saw("wire", "pc", k, peer, path, attrs, "")
}

func (p *tape) failure() string {
	f := p.judge.Verdict(nil)
	if f == nil {
		return ""
	}
	return f.Step + ": " + f.Reason
}

func TestStepsMatchInTheOrderOfEachPeer(t *testing.T) {
	for name, c := range map[string]struct {
		steps string
		saw   func(*tape)
		want  string
	}{
		"two servers race": {
			"expect pc offer from=house\nexpect pc offer from=server\n",
			func(p *tape) {
				p.wire(event.Offer, server, "", "")
				p.wire(event.Offer, house, "", "")
			}, "",
		},
		"offers of one server are a set": {
			"expect pc offer from=server file=b\nexpect pc offer from=server file=a\n",
			func(p *tape) {
				p.wire(event.Offer, server, "a", "")
				p.wire(event.Offer, server, "b", "")
			}, "",
		},
		"but not across a REQUEST": {
			"expect pc offer from=server file=b\nexpect pc offer from=server file=a\n",
			func(p *tape) {
				p.wire(event.Offer, server, "a", "")
				p.wire(event.Request, "", "", "")
				p.wire(event.Offer, server, "b", "")
			}, "expect pc offer from=server file=a: over",
		},
		"files come in order": {
			"expect pc got a\nexpect pc got b\n",
			func(p *tape) {
				p.wire(event.Got, server, "b", "")
				p.wire(event.Got, server, "a", "")
			}, "expect pc got b: over",
		},
		"other facts may lie between": {
			"expect pc got a\nexpect pc got b\n",
			func(p *tape) {
				p.wire(event.Got, server, "a", "")
				p.wire(event.Miss, server, "x", "")
				p.wire(event.Got, server, "b", "")
			}, "",
		},
		"one fact matches one step": {
			"expect pc got a\nexpect pc got a\n",
			func(p *tape) { p.wire(event.Got, server, "a", "") }, "expect pc got a: over",
		},
		"guests do not wait for each other": {
			"expect pc got a\nexpect pd got a\n",
			func(p *tape) {
				p.saw("wire", "pd", event.Got, server, "a", "", "")
				p.wire(event.Got, server, "a", "")
			}, "",
		},
		"what the server says does not decide": {
			"expect pc got a\n",
			func(p *tape) { p.saw("server", "pc", event.Got, server, "a", "", "") }, "expect pc got a: over",
		},
		"why the server ignored a packet only it can say": {
			"expect pc ignore 'no arch'\n",
			func(p *tape) { p.saw("server", "pc", event.Ignore, "", "", "", "option 93: no arch") }, "",
		},
		"names may be patterns and fields must be equal": {
			"expect pc miss pxelinux.cfg/01-* code=1\nexpect pc offer siaddr=192.168.9.2\nexpect pc handoff linux\n",
			func(p *tape) {
				p.judge.Take(event.Event{Kind: event.Miss, Client: "pc", Source: "wire", Path: "pxelinux.cfg/01-52", Code: 1, Time: p.now})
				p.wire(event.Offer, server, "", "siaddr=0.0.0.0")
				p.wire(event.Offer, server, "", "siaddr=192.168.9.2")
				p.saw("guest", "pc", event.Handoff, "", "", "kind=linux", "")
			}, "",
		},
		"what must never be seen": {
			"! expect pc error\nexpect pc got a\n",
			func(p *tape) {
				p.saw("guest", "pc", event.Error, "", "", "", "bad")
				p.wire(event.Got, server, "a", "")
			}, "! expect pc error: it was seen",
		},
		"an open step outranks what must not be seen": {
			"! expect pc error\nexpect pc got a\n",
			func(p *tape) { p.saw("guest", "pc", event.Error, "", "", "", "bad") }, "expect pc got a: the guest gave up",
		},
		"who asks for another file has not given up": {
			"expect pc got a\n",
			func(p *tape) {
				p.saw("guest", "pc", event.Error, "", "", "", "bad")
				p.wire(event.RRQ, server, "b", "")
			}, "expect pc got a: over",
		},
		"too many retries": {
			"expect pc retries<=1\n",
			func(p *tape) {
				p.wire(event.Retry, server, "", "of=rrq")
				p.wire(event.Retry, server, "", "of=rrq")
			}, "expect pc retries<=1: there were 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTape(t, c.steps, Patience{Step: time.Hour})
			c.saw(p)
			p.judge.End("over")
			if got := p.failure(); got != c.want {
				t.Errorf("verdict %q, want %q", got, c.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	simulated := Patience{Step: 20 * time.Second}
	real := Patience{Step: 20 * time.Second, Stall: true, AfterError: 3 * time.Second}
	for name, c := range map[string]struct {
		patience Patience
		step     string
		run      func(*tape)
		want     string
	}{
		"virtual time is strict": {simulated, "expect pc got a within=500ms\n", func(p *tape) {
			p.wire(event.Got, server, "a", "")
		}, "it came after 1s"},
		"a step without within has the world's patience": {simulated, "expect pc got a\n", func(p *tape) {
			p.judge.Tick(start.Add(19 * time.Second))
			p.judge.Tick(start.Add(21 * time.Second))
		}, "not within 20s"},
		"within counts from the step before": {simulated, "expect pc got a\nexpect pc got b within=2s\n", func(p *tape) {
			p.now = start.Add(10 * time.Second)
			p.wire(event.Got, server, "a", "")
			p.wire(event.Got, server, "b", "")
		}, ""},
		"within= is strict for a real guest too": {real, "expect pc got a within=5s\n", func(p *tape) {
			for range 10 {
				p.wire(event.Data, server, "a", "")
				p.judge.Tick(p.now)
			}
		}, "not within 5s"},
		"and what comes late is too late": {real, "expect pc got a within=500ms\n", func(p *tape) {
			p.wire(event.Got, server, "a", "")
		}, "it came after 1s"},
		"stall= counts in virtual time": {simulated, "expect pc got a stall=5s\n", func(p *tape) {
			for range 30 {
				p.wire(event.Data, server, "a", "")
				p.judge.Tick(p.now)
			}
			p.judge.Tick(p.now.Add(6 * time.Second))
		}, "nothing happened for 6s"},
		"both limits": {real, "expect pc got a stall=5s within=8s\n", func(p *tape) {
			for range 10 {
				p.wire(event.Data, server, "a", "")
				p.judge.Tick(p.now)
			}
		}, "not within 8s"},
		"progress gives a real guest more time": {real, "expect pc got a stall=5s\n", func(p *tape) {
			for range 10 {
				p.wire(event.Data, server, "a", "")
				p.judge.Tick(p.now)
			}
			p.wire(event.Got, server, "a", "")
		}, ""},
		"standstill does not": {real, "expect pc got a stall=5s\n", func(p *tape) {
			p.judge.Progress("pc", start.Add(2*time.Second))
			p.judge.Tick(start.Add(8 * time.Second))
		}, "nothing happened for 6s"},
		"and progress has an end": {real, "expect pc got a stall=1s\n", func(p *tape) {
			for range 12 {
				p.wire(event.Data, server, "a", "")
				p.judge.Tick(p.now)
			}
		}, "not within 11s, though things went on"},
		"after an error a short silence is enough": {real, "expect pc got a\n", func(p *tape) {
			p.saw("guest", "pc", event.Error, "", "", "", "bad")
			p.judge.Tick(p.now.Add(4 * time.Second))
		}, "the guest gave up"},
		"but not where a longer one is allowed": {real, "expect pc got a stall=10s\n", func(p *tape) {
			p.saw("guest", "pc", event.Error, "", "", "", "bad")
			p.judge.Tick(p.now.Add(4 * time.Second))
			p.wire(event.Got, server, "a", "")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTape(t, c.step, c.patience)
			c.run(p)
			got := ""
			if f := p.judge.Verdict(nil); f != nil {
				got = f.Reason
			}
			if got != c.want {
				t.Errorf("reason %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFailureShowsWhatWasSeenInstead(t *testing.T) {
	p := newTape(t, "expect pc got b\n", Patience{Step: time.Hour})
	for _, name := range strings.Split("u v w x y z", " ") {
		p.wire(event.Got, server, name, "")
	}
	p.wire(event.Miss, server, "b", "")
	p.judge.End("over")
	var got []string
	for _, e := range p.judge.Verdict(nil).Near {
		got = append(got, string(e.Kind)+" "+e.Path)
	}
	if diff := cmp.Diff([]string{"got v", "got w", "got x", "got y", "got z", "miss b"}, got); diff != "" {
		t.Errorf("nearest facts (-want +got):\n%s", diff)
	}
}
