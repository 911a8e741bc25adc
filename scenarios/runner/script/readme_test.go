package script

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the README's list of verbs")

// TestTheReadmesListIsTheVerbTable compares what stands between the README's two marks with the table.
func TestTheReadmesListIsTheVerbTable(t *testing.T) {
	const name, begin, end = "../../../README.md", "<!-- verbs -->\n", "<!-- /verbs -->"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no %s ... %s", strings.TrimSpace(begin), end)
	}
	var want strings.Builder
	if err := WriteTable(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, []byte(before+begin+want.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("`go test ./scenarios/runner/script -update` writes it (-want +got):\n%s", diff)
	}
}
