package runner

import (
	"os"
	"path/filepath"
	"testing"
)

// A stranger's tree may hold links to anywhere, and a step of his scenario renames files in it as root.
func TestARenameStaysInTheRun(t *testing.T) {
	host, run := t.TempDir(), t.TempDir()
	r := &realRun{dir: run}
	for _, dir := range []string{r.outside("/srv/tftp"), r.outside("a")} {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.Mkdir(r.outside("/srv/tftp"), 0o755), os.Symlink(host, r.outside("/srv/tftp/link")),
		os.WriteFile(r.outside("/srv/tftp/f"), []byte("evil"), 0o644), os.WriteFile(filepath.Join(host, "own"), nil, 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{"/srv/tftp/f": "/srv/tftp/link/f", "/srv/tftp/link/own": "/srv/tftp/own"} {
		if err := r.rename(from, to); err == nil {
			t.Errorf("%s was renamed to %s, which leaves the run", from, to)
		}
	}
	if err := r.rename("/srv/tftp/f", "/srv/tftp/g"); err != nil {
		t.Error(err)
	}
	if names, err := filepath.Glob(filepath.Join(host, "*")); len(names) != 1 || err != nil {
		t.Errorf("the host has %v, %v; want its own file alone", names, err)
	}
}
