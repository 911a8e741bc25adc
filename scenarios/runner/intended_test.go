package runner_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner/golden"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// TestGoldenTracesDifferAsIntended holds each boot from our server against the same boot from dnsmasq. What
// differs in their golden traces must be in the one table of intended differences, and what the table says of
// golden traces must be in one.
func TestGoldenTracesDifferAsIntended(t *testing.T) {
	masks := map[golden.Difference]string{}
	for _, d := range dnsmasq.Differences() {
		for _, m := range d.Golden {
			masks[golden.Difference{Kind: m.Kind, Attr: m.Attr, A: m.Dnsmasq, B: m.Bootrig}] = d.ID
		}
	}
	names, err := filepath.Glob(filepath.Join(runnertest.Dir(), "golden", "*.dnsmasq.golden"))
	if err != nil || len(names) == 0 {
		t.Fatal("no golden traces with dnsmasq", err)
	}
	used := map[golden.Difference]bool{}
	for _, name := range names {
		theirs, err := golden.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := golden.Read(strings.Replace(name, ".dnsmasq.", ".ours.", 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range golden.Differ(theirs, ours) {
			used[d] = true
			if masks[d] == "" {
				t.Errorf("%s: %s of %s is %q with dnsmasq and %q with us, which no intended difference explains", name, d.Attr, d.Kind, d.A, d.B)
			}
		}
	}
	for m, id := range masks {
		if !used[m] {
			t.Errorf("%s: no golden trace shows %s %s", id, m.Kind, m.Attr)
		}
	}
}
