package teller

import (
	"os/exec"
	"strings"
	"testing"
)

// Servers and labs are told alike because the printer knows neither.
func TestThePrinterKnowsFactsOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	const module = "github.com/bootrig/bootrig/"
	for pkg := range strings.FieldsSeq(string(out)) {
		name, ours := strings.CutPrefix(pkg, module)
		if ours && name != "internal/teller" && name != "wire/event" {
			t.Errorf("the printer depends on %s", name)
		}
	}
}
