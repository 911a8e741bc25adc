package runner

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// trees makes what the server serves: sets, cut as the plan says, and the archive's own files on top.
func trees(req Request, file *script.File, plan *script.Plan) ([]*content.Tree, error) {
	cache := req.Cache
	if cache == "" {
		var err error
		if cache, err = content.CacheDir(); err != nil {
			return nil, notTested("there is no cache directory for content: %v", err)
		}
	}
	var all []*content.Tree
	for at, layers := range byPath(plan) {
		var ls []content.Layer
		for _, c := range layers {
			set, err := content.LookupSet(c.Set)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file.Name, err)
			}
			ls = append(ls, content.Layer{Set: set, Omit: c.Omit, Truncate: c.Truncate, Scale: c.Scale})
		}
		tree, err := content.Build(at, cache, ls...)
		if errors.Is(err, content.ErrMissing) {
			return nil, notTested("%v", err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		if err := overlay(tree, file); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		all = append(all, tree)
	}
	return all, nil
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

// provenance says of which guests a run proves less than it seems to: a profile that was made from a
// specification is nobody's twin. Such a guest's trace may not be held against a real ROM's.
func provenance(req Request, file *script.File, plan *script.Plan) ([]string, error) {
	if req.World == QEMU {
		return nil, nil // real machines are their own evidence
	}
	var notes []string
	spec := map[string]bool{}
	for _, g := range plan.Guests {
		if p, err := rom.Lookup(g.Firmware); err == nil && p.Evidence == rom.Spec {
			spec[g.Name] = true
			notes = append(notes, fmt.Sprintf("%s is %s, made from %s: no capture of the real ROM stands behind it", g.Name, p.Name, p.Citation))
		}
	}
	for _, s := range plan.Steps {
		if g, ok := s.Statement.(script.Golden); ok && spec[g.Guest] {
			return nil, fmt.Errorf("%s:%d: golden: %s has a profile made from a specification, which equals no real ROM; compare with expect", file.Name, s.Line, g.Guest)
		}
	}
	return notes, nil
}
