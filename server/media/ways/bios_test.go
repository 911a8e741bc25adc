package ways

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/wire/pxe"
)

// netboot is a directory like Debian's netboot.tar.gz, without any loader.
func netboot(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	kernel := make([]byte, 0x300)
	copy(kernel[0x202:], "HdrS")
	kernel[0x206], kernel[0x207], kernel[0x236] = 0x0f, 2, 1 // protocol 2.15, XLF_KERNEL_64
	for name, text := range map[string]string{"debian-installer/amd64/linux": string(kernel), "debian-installer/amd64/initrd.gz": "an initrd", "version.info": "Debian version:  12"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Where there is no pxelinux, BIOS machines get iPXE, and what is made for them must not hide what is made for
// UEFI machines.
func TestBIOSAndUEFIMachinesHaveAniPXEAndAScriptEach(t *testing.T) {
	cache := os.Getenv("BOOTRIG_CACHE")
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			must.Skip(t, must.Content, err)
		}
		cache = filepath.Join(dir, "bootrig")
	}
	ipxe, err := program.Directory(filepath.Join(cache, "deb", "ipxe"))
	if err != nil {
		must.Skip(t, must.Content, err)
	}
	s, err := Open(config.Media{Paths: []string{netboot(t)}}, Options{Families: media.Embedded(), Host: []program.Place{ipxe}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[string]string{}
	for _, w := range s.Ways {
		if a := w.Boot.Archs[0]; a == pxe.ArchX86BIOS || a == pxe.ArchX64 {
			got[w.Boot.File] = w.Boot.Script
		}
	}
	want := map[string]string{
		"bootrig/bios/undionly.kpxe": "http://{server}/bootrig/bios/autoexec.ipxe",
		"bootrig/x64/snponly.efi":    "http://{server}/bootrig/x64/autoexec.ipxe",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files and scripts (-want +got):\n%s", diff)
	}
	made, err := s.Made(netip.MustParseAddr("192.168.9.2"))
	if err != nil {
		t.Fatal(err)
	}
	for file := range want {
		for _, name := range []string{file, filepath.Join(filepath.Dir(file), autoexec)} {
			if _, ok := made[name]; !ok {
				t.Errorf("%s is not made", name)
			}
		}
	}
}
