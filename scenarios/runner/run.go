package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// errNotTested marks what is missing on this host: neither the scenario nor the server is to blame.
var errNotTested = errors.New("could not test")

func notTested(format string, v ...any) error {
	return fmt.Errorf("%w: %s", errNotTested, fmt.Sprintf(format, v...))
}

// Run does what a Request asks for. The error is for mistakes of the scenario or the caller; what the
// run itself found, or lacked, is in the Result.
func Run(ctx context.Context, req Request) (Result, error) {
	started := time.Now()
	r, err := run(ctx, req)
	if errors.Is(err, errNotTested) {
		r = req.result()
		r.Outcome, r.Reason = NotTested, cutPrefix(err.Error(), errNotTested.Error()+": ")
		err = nil
	}
	if err == nil && r.Failure != nil {
		r.Notes = append(r.Notes, drift(req)...)
	}
	r.Elapsed = time.Since(started)
	return r, err
}

// drift names content that is not what the manifests say, once a run has failed: Debian's point releases
// change files, and so does a bad disk.
func drift(req Request) []string {
	file, err := script.Parse(req.Name, req.Source)
	cache := req.Cache
	if cache == "" && err == nil {
		cache, err = content.CacheDir()
	}
	if err != nil {
		return nil
	}
	var notes []string
	for _, c := range file.Plan(req.env()).Contents {
		if set, err := content.LookupSet(c.Set); err == nil {
			found, _ := content.Verify(set, cache) // what is missing was told before the run
			notes = append(notes, found...)
		}
	}
	return notes
}

func cutPrefix(text, prefix string) string {
	if len(text) > len(prefix) && text[:len(prefix)] == prefix {
		return text[len(prefix):]
	}
	return text
}

func (r Request) result() Result {
	return Result{Scenario: r.Name, World: r.World, Server: r.serverKind(), Seed: r.Seed, Rerun: r.Rerun()}
}

func run(ctx context.Context, req Request) (Result, error) {
	if err := req.check(); err != nil {
		return req.result(), err
	}
	file, err := script.Parse(req.Name, req.Source)
	if err != nil {
		return req.result(), err
	}
	plan := file.Plan(req.env())
	if plan.Skip != "" {
		r := req.result()
		r.Outcome, r.Reason, r.Skipped = NotTested, plan.Skip, true
		return r, nil
	}
	notes, err := provenance(req, file, plan)
	if err != nil {
		return req.result(), err
	}
	r, err := inWorld(ctx, req, file, plan)
	r.Notes = append(notes, r.Notes...)
	return r, err
}

func inWorld(ctx context.Context, req Request, file *script.File, plan *script.Plan) (Result, error) {
	if req.World == Sim {
		return simulate(ctx, req, file, plan)
	}
	// The trees are made once more inside; here they only tell early, and without a lab, what is missing.
	if _, err := trees(req, file, plan); err != nil {
		return req.result(), err
	}
	return inLab(ctx, req)
}
