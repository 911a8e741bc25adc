package scenarios

import (
	"iter"
	"strings"

	"github.com/bootrig/bootrig/scenarios/content"
	"github.com/bootrig/bootrig/scenarios/script"
)

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
