package must

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// A run that skipped is not remembered by go, so the second one says so as well.
func TestGoTestSaysWhatItSkippedOnceForEachPackage(t *testing.T) {
	const line = "internal/must: not tested, for lack of tap: the tap\n"
	for range 2 {
		cmd := exec.Command("go", "test", "-run=^TestSomethingIsLacking$", ".")
		cmd.Env = append(os.Environ(), lack+"=tap", "BOOTRIG_MUST=qemu", "GOFLAGS=")
		said, err := cmd.CombinedOutput()
		if err != nil || bytes.Count(said, []byte(line)) != 1 || !bytes.Contains(said, []byte("ok  ")) {
			t.Errorf("%v: go test says %q, want %q", err, said, line)
		}
	}
}
