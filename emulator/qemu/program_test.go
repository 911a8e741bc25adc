package qemu

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

// programs are the boot programs as they are sent, source where their source and build rule are.
const (
	programs = "../../server/embedded"
	program  = programs + "/bootrig.0"
	source   = "../../testdata/bootprog"
)

func TestTheBootProgramsAreBuiltFromTheirSource(t *testing.T) {
	for _, tool := range []string{"make", "as", "ld", "objcopy"} {
		if _, err := exec.LookPath(tool); err != nil || runtime.GOARCH != "amd64" {
			must.Skip(t, must.Peers, "no ", tool, " for x86 here: apt-get install --no-install-recommends binutils make")
		}
	}
	built := t.TempDir()
	if out, err := exec.Command("make", "-s", "-C", source, "OUT="+built).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"bootrig.0", "bootrig-x64.efi"} {
		got, err := os.ReadFile(filepath.Join(built, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(programs, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s is not what its source gives: make -C testdata/bootprog", name)
		}
		if !bytes.Contains(want, []byte("bootrig boot program 1.")) {
			t.Errorf("%s does not say what it is", name)
		}
	}
}
