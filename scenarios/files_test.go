package scenarios

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/scenarios/script"
)

func TestEveryScenarioFileIsRead(t *testing.T) {
	names, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	broken, err := filepath.Glob("broken/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(len(names), "scenarios", err)
	}
	for _, name := range append(names, broken...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := script.Parse(name, data); err != nil {
			t.Error(err)
		}
	}
}
