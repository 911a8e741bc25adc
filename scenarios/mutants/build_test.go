package mutants

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// build makes the one program that has all mutants in it.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	instead := map[string][]byte{chooserFile: []byte(chooserSource)}
	for _, m := range all {
		source, err := os.ReadFile(filepath.Join(root, m.file))
		if err == nil && instead[m.file] == nil {
			instead[m.file], err = weave(m.file, source, all)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range instead {
		from, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[from] = to
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	replaced, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "bootrig")
	if err := os.WriteFile(replaced, list, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-overlay", replaced, "-o", program, "./cmd/bootrig")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("a mutant is no Go: %v\n%s", err, out)
	}
	return program
}
