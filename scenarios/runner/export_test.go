package runner

import (
	"context"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
)

// CanRun says what a run lacks on this host.
func CanRun(ctx context.Context, req Request) error {
	file, err := script.Parse(req.Name, req.Source)
	if err == nil {
		_, err = trees(req, file, file.Plan(req.env()))
	}
	if err == nil && req.World != Sim {
		_, err = available(ctx, req)
	}
	return err
}

// Served is the configuration of a scenario and the tree it serves, as every world has them; nil where it
// has none, or is not for env.
func Served(req Request, env script.Env) (*config.Config, content.Tree, error) {
	file, err := script.Parse(req.Name, req.Source)
	if err != nil {
		return nil, nil, err
	}
	plan := file.Plan(env)
	if plan.Skip != "" || plan.Server.Config == "" {
		return nil, nil, nil
	}
	b := &lab{req: req, file: file, plan: plan}
	if b.trees, err = trees(req, file, plan); err != nil {
		return nil, nil, err
	}
	settings, err := b.settings(nil)
	if err != nil {
		return nil, nil, err
	}
	for _, tree := range b.trees {
		if tree.As == settings.TFTP.Root {
			return &settings, tree.Served(), nil
		}
	}
	return &settings, nil, nil
}
