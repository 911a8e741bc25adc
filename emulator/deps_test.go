package emulator

import (
	"os/exec"
	"strings"
	"testing"
)

func TestTheEmulatorImportsNothingOfTheServer(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(pkg, "github.com/bootrig/bootrig/server") {
			t.Errorf("the emulator depends on %s: a witness must not share code with the accused", pkg)
		}
	}
}
