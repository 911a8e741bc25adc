package mutants

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// scenarios are those for virtual time that need nothing downloaded: they take milliseconds each.
func scenarios(t *testing.T) (paths []string) {
	t.Helper()
	for _, dir := range []string{"", "broken"} {
		found, err := filepath.Glob(filepath.Join(root, "scenarios", dir, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			file, err := script.Parse(path, source)
			if err != nil {
				t.Fatal(err)
			}
			plan := file.Plan(script.Env{World: "sim", Server: "ours"})
			if plan.Skip == "" && !slices.ContainsFunc(plan.Contents, downloaded) {
				paths = append(paths, strings.TrimPrefix(path, root+"/"))
			}
		}
	}
	return paths
}

// downloaded tells whether content is made of Debian's packages.
func downloaded(c script.Content) bool {
	set, err := content.LookupSet(c.Set)
	return err == nil && slices.ContainsFunc(set.Entries, func(e content.Entry) bool { return e.Package != "" })
}
