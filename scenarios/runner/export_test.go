package runner

import (
	"context"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
)

// CanRun says what a run lacks on this host.
func CanRun(ctx context.Context, req Request) error {
	p, err := newPlan(req, false)
	if err == nil {
		_, err = p.trees()
	}
	if err == nil && req.World != Sim {
		_, err = p.available(ctx)
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
	l := unplugged(&plan{Plan: file.Plan(env), req: req, file: file})
	if l.Skip != "" || l.Server.Config == "" {
		return nil, nil, nil
	}
	if l.trees, err = l.plan.trees(); err != nil {
		return nil, nil, err
	}
	settings, err := l.settings()
	if err != nil {
		return nil, nil, err
	}
	for _, tree := range l.trees {
		if tree.As == settings.TFTP.Root {
			return &settings, tree.Served(), nil
		}
	}
	return &settings, nil, nil
}
