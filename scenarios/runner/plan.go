package runner

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// A plan is a request whose scenario was read and settled for its world and server.
type plan struct {
	*script.Plan
	req    Request
	file   *script.File
	golden map[string][]byte // golden files by their names, as they were before the run
	notes  []string
	inside bool // of a run in real time
}

// newPlan reads a scenario and says all that can be wrong with it before anything runs.
func newPlan(req Request, inside bool) (*plan, error) {
	file, err := script.Parse(req.Name, req.Source)
	if err != nil {
		return nil, &Mistake{err}
	}
	p := &plan{Plan: file.Plan(req.env()), req: req, file: file, inside: inside}
	p.locate()
	p.widen(req.Room)
	if req.Firmware != "" {
		p.exchange(req.Firmware)
	}
	if p.Skip != "" {
		return p, nil
	}
	var mistakes []error
	for _, m := range file.Blind(p.Plan) {
		mistakes = append(mistakes, m)
	}
	mistakes = append(mistakes, p.provenance())
	if err := errors.Join(mistakes...); err != nil {
		return nil, &Mistake{err}
	}
	if !p.Expects() {
		p.notes = append(p.notes, "warning: the scenario has no expect line, so it passes whatever happens")
	}
	return p, nil
}

// provenance says of which guests a run proves less than it seems to: a profile that was made from a
// specification is nobody's twin. Such a guest's trace may not be held against a real ROM's.
func (p *plan) provenance() error {
	spec := map[string]bool{}
	for _, g := range p.Guests {
		if p.req.World == QEMU { // real machines are their own evidence
			if err := qemu.Known(g.Firmware); err != nil {
				return fmt.Errorf("%s: guest %s: %w", p.req.Name, g.Name, err)
			}
			continue
		}
		profile, err := p.req.profile(g.Firmware)
		if err != nil {
			return fmt.Errorf("%s: guest %s: %w", p.req.Name, g.Name, err)
		}
		if profile.Evidence != rom.Capture {
			spec[g.Name] = true
			p.notes = append(p.notes, fmt.Sprintf("%s is %s, made from %s: no capture of the real ROM stands behind it", g.Name, profile.Name, profile.Citation))
		}
	}
	for _, s := range p.Steps {
		if g, ok := s.Statement.(script.Golden); ok && spec[g.Guest] {
			return fmt.Errorf("%s:%d: golden: no capture stands behind the profile of %s, so it equals no real ROM; compare with expect", p.req.Name, s.Line, g.Guest)
		}
	}
	return nil
}

// trees makes what the server serves: sets and directories, cut as the plan says, and the archive's own files
// on top.
func (p *plan) trees() ([]*content.Tree, error) {
	cache, err := p.cache()
	if err != nil {
		return nil, err
	}
	var all []*content.Tree
	for at, lines := range byPath(p.Plan) {
		var layers []content.Layer
		for _, c := range lines {
			layer, err := p.layer(c)
			if err != nil {
				return nil, mistake("%s: %w", p.req.Name, err)
			}
			layers = append(layers, layer)
		}
		tree, err := content.Build(at, cache, layers...)
		if err == nil {
			err = overlay(tree, p.file)
		}
		if err == nil && lines[0].Packed {
			err = tree.Pack(cache)
		}
		if errors.Is(err, content.ErrMissing) {
			return nil, fmt.Errorf("%w: %w", errNotTested, err)
		}
		if err != nil {
			return nil, mistake("%s: %w", p.req.Name, err)
		}
		all = append(all, tree)
	}
	return all, nil
}

// cache is where packages are unpacked.
func (p *plan) cache() (string, error) {
	if p.req.Cache != "" {
		return p.req.Cache, nil
	}
	dir, err := content.CacheDir()
	if err != nil {
		err = notTested("there is no cache directory for content: %v", err)
	}
	return dir, err
}

func (p *plan) layer(c script.Content) (content.Layer, error) {
	l := content.Layer{Dir: c.Dir, Omit: c.Omit, Truncate: c.Truncate, Scale: cmp.Or(c.Scale, p.req.Scale)}
	if c.Dir == "" && c.Set == "" {
		return l, nil
	}
	if c.Dir == "" {
		var err error
		l.Set, err = content.LookupSet(c.Set)
		return l, err
	}
	if !filepath.IsAbs(l.Dir) {
		l.Dir = filepath.Join(p.req.Dir, l.Dir)
	}
	l.Dir = p.here(l.Dir)
	return l, nil
}

// here is where this process finds a path of the caller's.
func (p *plan) here(path string) string {
	if p.inside {
		return tap.Outside(path)
	}
	return path
}

// byPath groups the content lines by their path, paths and lines in the order of the scenario.
func byPath(plan *script.Plan) iter.Seq2[string, []script.Content] {
	var paths []string
	lines := map[string][]script.Content{}
	for _, c := range plan.Contents {
		if lines[c.Path] == nil {
			paths = append(paths, c.Path)
		}
		lines[c.Path] = append(lines[c.Path], c)
	}
	return func(yield func(string, []script.Content) bool) {
		for _, p := range paths {
			if !yield(p, lines[p]) {
				return
			}
		}
	}
}

// overlay puts the archive's files below the tree's path into it.
func overlay(tree *content.Tree, file *script.File) error {
	for _, f := range file.Files {
		name, below := strings.CutPrefix(f.Name, tree.As+"/")
		if !below {
			continue
		}
		if err := tree.Put(name, f.Data); err != nil {
			return err
		}
	}
	return nil
}
