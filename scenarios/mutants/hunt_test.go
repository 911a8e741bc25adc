package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// patience is for all scenarios together. A server that goes round in a circle stops virtual time.
const patience = 3 * time.Minute

// hunt runs scenarios with the mutant of a number, 0 for none, and names those that fail; nil: none does.
func hunt(t *testing.T, program string, number int, scenarios []string) (caught []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var broke bytes.Buffer
	cmd := exec.CommandContext(ctx, program, append([]string{"test", "--as", "sim", "--json"}, scenarios...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = root, &broke, append(os.Environ(), fmt.Sprintf("%s=%d", selector, number))
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	ended := 0
	for line := range bytes.Lines(out) {
		var l struct{ Result *runner.Result }
		if err := json.Unmarshal(line, &l); err != nil || l.Result == nil {
			continue
		}
		if ended++; l.Result.Outcome == runner.Failed || l.Result.Outcome == runner.Wrong {
			caught = append(caught, strings.TrimPrefix(l.Result.Scenario, "scenarios/"))
		}
	}
	switch {
	case ctx.Err() != nil:
		caught = append(caught, "(a run that came to no end)")
	case ended < len(scenarios):
		first, _, _ := strings.Cut(broke.String(), "\n")
		caught = append(caught, "(a run that broke: "+first+")")
	}
	return caught
}
