package qemu

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersionsAreTheKnownOnesAndThoseThatAreHere(t *testing.T) {
	sets := t.TempDir()
	for _, name := range []string{"ipxe-qemu@2.0.0", "ipxe-qemu@2.1.0", "seabios@9.9"} {
		if err := os.Mkdir(filepath.Join(sets, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"1.0.0", "1.21.1", "2.0.0", "2.1.0"}
	for _, name := range []string{"ipxe-bios", "ipxe-efi"} {
		if diff := cmp.Diff(want, Versions(name, sets)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string(nil), Versions("intel-undi", sets)); diff != "" {
		t.Errorf("of what no real machine has (-want +got):\n%s", diff)
	}
}

func TestEveryFirmwareHasVersions(t *testing.T) {
	for _, name := range Firmware() {
		if len(Versions(name, "")) == 0 {
			t.Errorf("%s has the versions %v", name, Versions(name, ""))
		}
	}
}
