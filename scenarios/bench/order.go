package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bootrig/bootrig/emulator/tap"
)

// An order is one round of one server, for a child.
type order struct {
	Point  Point
	Server Server
	Cores  Cores
	Round  int
}

// An outcome is what the child says.
type outcome struct {
	Sample *Sample `json:"sample,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// insideVar tells a re-executed process that it is a child of a benchmark.
const insideVar = "BOOTRIG_BENCH_INSIDE"

// Child takes over a process that is the child of a benchmark, or a server that is part of this program, and never
// returns then. It comes before runner.Child.
func Child() {
	if dir := os.Getenv(pinVar); dir != "" {
		os.Exit(servePin(dir))
	}
	if tap.Child() && os.Getenv(insideVar) != "" {
		os.Exit(tap.Main(inside))
	}
}

// measure has a child follow an order.
func measure(ctx context.Context, o order) (Sample, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return Sample{}, err
	}
	var stdout, stderr bytes.Buffer
	box, err := tap.Exec(ctx, tap.ChildSpec{Args: os.Args[1:], Env: []string{insideVar + "=1"}, Stdin: bytes.NewReader(text), Stdout: &stdout, Stderr: &stderr})
	if err != nil {
		return Sample{}, err
	}
	err = box.Wait()
	var said outcome
	if ctx.Err() != nil {
		return Sample{}, ctx.Err()
	}
	if json.Unmarshal(stdout.Bytes(), &said) != nil {
		return Sample{}, fmt.Errorf("the run ended without a result: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	if said.Sample == nil {
		return Sample{}, errors.New(said.Error)
	}
	return *said.Sample, nil
}

// inside is the child's work.
func inside(ctx context.Context) int {
	var o order
	err := json.NewDecoder(os.Stdin).Decode(&o)
	var said outcome
	if err == nil {
		var s Sample
		s, err = o.run(ctx)
		said.Sample = &s
	}
	if err != nil {
		said = outcome{Error: err.Error()}
	}
	if json.NewEncoder(os.Stdout).Encode(said) != nil {
		return 1 // nobody listens any more
	}
	return 0
}
