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
		cmd.Env = append(os.Environ(), needed+"=tap", "BOOTRIG_MUST=qemu", "GOFLAGS=")
		said, err := cmd.CombinedOutput()
		if err != nil || bytes.Count(said, []byte(line)) != 1 || !bytes.Contains(said, []byte("ok  ")) {
			t.Errorf("%v: go test says %q, want %q", err, said, line)
		}
	}
	cmd := exec.Command("go", "test", "-run=^TestSomethingIsLacking$", ".")
	cmd.Env = append(os.Environ(), needed+"=tap", "BOOTRIG_MUST=sim,tap", "GOFLAGS=")
	if said, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(said, []byte("BOOTRIG_MUST says that this machine has tap: the tap")) {
		t.Errorf("%v: a skip where BOOTRIG_MUST forbids it: %s", err, said)
	}
}
