package verdict

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write causes.md")

func TestThePageOfCausesIsTheirTable(t *testing.T) {
	const page = "../../causes.md"
	if *update {
		if err := os.WriteFile(page, []byte(Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Page(), string(got)); diff != "" {
		t.Errorf("causes.md is another: go test ./internal/verdict -update (-table +page):\n%s", diff)
	}
}
