package storm

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/wire/event"
)

// embedded is a LAN with our server as it is without a configuration.
const embedded = "lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2\nserver\n"

func ground(t *testing.T, req runner.Request, faults ...string) *runner.Ground {
	t.Helper()
	for _, fault := range faults {
		req.Source = append([]byte("fault "+fault+"\n"), req.Source...)
	}
	g, err := runner.NewGround(req)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func simple() runner.Request {
	return runner.Request{Name: "storm", Source: []byte(embedded), World: runner.Sim}
}

func run(t *testing.T, g *runner.Ground, cfg Config) (boots []Boot) {
	t.Helper()
	if cfg.Mix == nil {
		cfg.Mix = Mix{{"ipxe-bios", 1}}
	}
	if err := Sim(t.Context(), g, cfg, nil, func(b Boot) { boots = append(boots, b) }); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(boots, func(a, b Boot) int { return cmp.Or(a.LAN-b.LAN, a.Client-b.Client) })
	return boots
}

func TestEachClientDoesItsWholeChain(t *testing.T) {
	g := ground(t, runnertest.Request(t, "ubuntu-small.txtar", runner.Sim, "ours"), "wire loss=1%")
	boots := run(t, g, Config{Clients: 10, Together: 5, Seed: 1, Keys: []string{"ret"}})
	if len(boots) != 10 {
		t.Fatalf("%d boots of 10 clients", len(boots))
	}
	for _, b := range boots {
		if b.Lost != nil {
			t.Errorf("%d/%d is lost: %+v", b.LAN, b.Client, *b.Lost)
		}
		sum := time.Duration(0)
		for _, p := range phases {
			if b.Took[p] <= 0 {
				t.Errorf("%d/%d: %s took %s", b.LAN, b.Client, p, b.Took[p])
			}
			sum += b.Took[p]
		}
		if whole := b.Took[Total]; sum-whole > whole || whole != b.Ended-b.Began {
			t.Errorf("%d/%d took %s, from %s to %s: %v", b.LAN, b.Client, whole, b.Began, b.Ended, b.Took)
		}
	}
}

func TestASeedReplaysAndSoDoesEachLANAlone(t *testing.T) {
	g := ground(t, simple(), "wire loss=10% jitter=2ms")
	cfg := Config{Clients: 60, Together: 20, Seed: 7, Mix: Mix{{"ipxe-bios", 2}, {"ovmf-x64", 1}}, Arrival: Arrival{Rate: 50}}
	first, again := run(t, g, cfg), run(t, g, cfg)
	if diff := gocmp.Diff(first, again); diff != "" {
		t.Errorf("the same seed (-first +again):\n%s", diff)
	}
	alone := run(t, g, Config{Clients: 20, Together: 20, Seed: 9, Mix: cfg.Mix, Arrival: cfg.Arrival})
	for i := range alone {
		alone[i].LAN = 2
	}
	if diff := gocmp.Diff(first[40:], alone); diff != "" {
		t.Errorf("the third LAN alone (-first +alone):\n%s", diff)
	}
	if gocmp.Equal(first[:20], first[20:40]) {
		t.Error("two seeds gave the same boots")
	}
}

func TestADeadServerLosesAllByTheirFirmwaresPatience(t *testing.T) {
	g := ground(t, simple(), "server drop=69")
	mix := Mix{{"ipxe-bios", 1}, {"ipxe-efi", 1}, {"intel-undi", 1}, {"ovmf-x64", 1}}
	for _, b := range run(t, g, Config{Clients: 20, Together: 10, Mix: mix}) {
		if b.Lost == nil || !b.Lost.Patience || b.Lost.Text == "" || !strings.Contains(b.Lost.Cause, "192.168.9.2:69") {
			t.Errorf("%s: %+v", b.Profile, b.Lost)
		}
	}
}

func TestAMachineThatWaitsForAKeyIsLostWithoutOne(t *testing.T) {
	g := ground(t, runnertest.Request(t, "ubuntu-small.txtar", runner.Sim, "ours"))
	b := run(t, g, Config{Clients: 1, Together: 1})[0]
	if b.Lost == nil || b.Lost.Text != "it waits for a key" || b.Lost.Patience {
		t.Errorf("%+v", b.Lost)
	}
}

func TestTheFactsAreThoseOfOneClient(t *testing.T) {
	seen := map[string]map[event.Kind]bool{}
	facts := event.Func(func(e event.Event) {
		if seen[e.Source+" "+e.Client] == nil {
			seen[e.Source+" "+e.Client] = map[event.Kind]bool{}
		}
		seen[e.Source+" "+e.Client][e.Kind] = true
	})
	boots := 0
	cfg := Config{Clients: 20, Together: 10, Mix: Mix{{"ipxe-bios", 1}}, Only: 3}
	if err := Sim(t.Context(), ground(t, simple()), cfg, facts, func(Boot) { boots++ }); err != nil {
		t.Fatal(err)
	}
	const who = "52:55:00:00:00:03"
	if !seen["guest "+who][event.Handoff] || !seen["wire "+who][event.Got] || !seen["server "+who][event.RRQ] || len(seen) != 3 {
		t.Errorf("seen: %v", seen)
	}
	if boots != 10 {
		t.Errorf("%d boots of the first LAN, which has 10 clients", boots)
	}
}

// TestFullChainsAreLostByPatienceAlone is a small part of make storm.
func TestFullChainsAreLostByPatienceAlone(t *testing.T) {
	for _, name := range []string{"ubuntu-small.txtar", "xenserver-small.txtar"} {
		t.Run(name, func(t *testing.T) {
			g := ground(t, runnertest.Request(t, name, runner.Sim, "ours"), "wire loss=12%")
			cfg := Config{Clients: 100, Together: 50, Seed: 1, Keys: []string{"ret"}}
			boots := run(t, g, cfg)
			lost := slices.DeleteFunc(slices.Clone(boots), func(b Boot) bool { return b.Lost == nil })
			if len(lost) == 0 || len(lost) == cfg.Clients {
				t.Fatalf("%d of %d are lost: the test needs both", len(lost), cfg.Clients)
			}
			for _, b := range lost {
				if !b.Lost.Patience || b.Lost.Text == "" || b.Lost.Cause == "" {
					t.Errorf("%d/%d: %+v", b.LAN, b.Client, *b.Lost)
				}
			}
			cfg.Clients, cfg.Seed = 50, 2
			alone := run(t, g, cfg)
			for i := range alone {
				alone[i].LAN = 1
			}
			if diff := gocmp.Diff(boots[50:], alone); diff != "" {
				t.Errorf("the second LAN alone (-first +alone):\n%s", diff)
			}
		})
	}
}
