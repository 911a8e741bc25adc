package teller

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/wire/event"
)

var update = flag.Bool("update", false, "write what is told of the recorded chains")

// recorded are the facts of a real boot, as `bootrig test --as qemu --json` printed them; long console lines
// are cut.
func recorded(t *testing.T, name string) (facts []event.Event) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var e event.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		facts = append(facts, e)
	}
	return facts
}

// chains are the founding chains in real machines, with a kernel's console of hundreds of lines each.
func chains() []string { return []string{"ubuntu", "xenserver"} }

// atMost60 is what `make demo` may say of a chain: here its story, beside the title, the result and what is
// kept.
const atMost60 = 60 - 8

func TestAChainIsToldInSixtyLines(t *testing.T) {
	for _, name := range chains() {
		facts := recorded(t, name)
		got := tells(&Printer{Clock: Seconds, Witnessed: true}, facts)
		if n := strings.Count(got, "\n"); n > atMost60 || len(facts) < 10*n {
			t.Errorf("%s: %d facts are told in %d lines:\n%s", name, len(facts), n, got)
		}
		golden(t, name+".lab", got)
	}
}

// The same facts as a server's log, of its own alone: each line names the machine, but that it is ready.
func TestAServersLogNamesTheMachineInEachLine(t *testing.T) {
	for _, name := range chains() {
		var own []event.Event
		for _, e := range recorded(t, name) {
			if e.Client == "pc" {
				e.Client = card
			}
			if e.Source == "server" {
				own = append(own, e)
			}
		}
		got := tells(&Printer{Sparing: true}, own)
		for line := range strings.Lines(got) {
			if !strings.Contains(line, " "+card+" ") && !strings.Contains(line, "ready: ") {
				t.Errorf("%s: whose line is %s", name, line)
			}
		}
		if strings.Contains(got, "C0A8") || strings.Contains(got, "no answer") {
			t.Errorf("%s: a search is told name by name, or a healthy silence:\n%s", name, got)
		}
		golden(t, name+".serve", got)
	}
}

func tells(p *Printer, facts []event.Event) string {
	var moments []moment
	last := start
	for _, e := range facts {
		moments = append(moments, moment{e.Time.Sub(facts[0].Time) - last.Sub(start), e})
		last = start.Add(e.Time.Sub(facts[0].Time))
	}
	return told(p, moments...)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	differs(t, string(want), got)
}
