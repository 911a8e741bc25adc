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

func TestTheDocumentOfAPackageFitsTwoScreens(t *testing.T) {
	const twoScreens = 100
	out, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if strings.Contains(pkg, "/internal/") {
			continue
		}
		doc, err := exec.Command("go", "doc", pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(doc), "\n"); n > twoScreens {
			t.Errorf("go doc %s prints %d lines, not %d", pkg, n, twoScreens)
		}
	}
}
