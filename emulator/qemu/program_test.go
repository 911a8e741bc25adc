package qemu

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// program is the boot program as it is sent, source where its source and build rule are.
const (
	program = "../../server/embedded/bootrig.0"
	source  = "../../testdata/bootprog"
)

func TestTheBootProgramIsBuiltFromItsSource(t *testing.T) {
	for _, tool := range []string{"make", "as", "ld", "objcopy"} {
		if _, err := exec.LookPath(tool); err != nil || runtime.GOARCH != "amd64" {
			t.Skipf("no %s for x86 here: apt-get install --no-install-recommends binutils make", tool)
		}
	}
	built := filepath.Join(t.TempDir(), "bootrig.0")
	if out, err := exec.Command("make", "-s", "-C", source, "OUT="+built).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is not what its source gives: make -C testdata/bootprog", program)
	}
	if !bytes.Contains(want, []byte("bootrig boot program 1.")) {
		t.Error("it does not say what it is")
	}
}
