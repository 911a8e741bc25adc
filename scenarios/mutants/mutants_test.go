package mutants

import (
	"fmt"
	"go/format"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

var all = slices.Concat(offers, transfers, leases, names, served)

// TestEveryMutantIsOfTheSourceAsItIs keeps the tables true: what a defect replaces stands there once.
func TestEveryMutantIsOfTheSourceAsItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range all {
		text, err := m.source()
		if err == nil {
			_, err = format.Source(text)
		}
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		if seen[m.name] {
			t.Errorf("%s: there are two of it", m.name)
		}
		seen[m.name] = true
	}
}

// TestEveryMutantIsCaught is for make mutants: a program is built for each.
func TestEveryMutantIsCaught(t *testing.T) {
	if os.Getenv("BOOTRIG_MUTANTS") == "" {
		t.Skip("make mutants builds them, which takes minutes")
	}
	scenarios := scenarios(t)
	if len(scenarios) == 0 {
		t.Fatal("there are no scenarios")
	}
	program := build(t)
	if caught := hunt(t, program, 0, scenarios); caught != nil {
		t.Fatalf("as it is, the server fails already: %v", caught)
	}
	by := map[string][]string{}
	for n, m := range all {
		t.Run(m.name, func(t *testing.T) {
			by[m.name] = hunt(t, program, n+1, scenarios)
			if by[m.name] == nil {
				t.Error("it survives: no scenario fails")
			}
		})
	}
	fmt.Print(table(by))
}

// table says of each defect who caught it.
func table(by map[string][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, m := range all {
		who := "-"
		if caught := by[m.name]; len(caught) > 0 {
			who = caught[0]
			if more := len(caught) - 1; more > 0 {
				who += fmt.Sprintf(" and %d more", more)
			}
		}
		fmt.Fprintf(w, "%s\t%s\n", m.name, who)
	}
	_ = w.Flush()
	return b.String() + fmt.Sprintf("%d of %d caught\n", len(slices.DeleteFunc(slices.Collect(maps.Values(by)), func(c []string) bool { return c == nil })), len(all))
}
