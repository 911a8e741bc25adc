package content

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

func members() []member {
	return []member{
		{name: "bin", mode: kindDir | 0o755},
		{name: "bin/busybox", mode: kindFile | 0o755, data: []byte("busybox")},
		{name: "bin/sh", mode: kindLink | 0o777, data: []byte("busybox")},
		{name: "dev/console", mode: 0o020600, device: [2]uint32{5, 1}},
		{name: "init", mode: kindFile | 0o755, data: []byte("its own")},
		{name: "lib/modules/6.1/kernel/drivers/net/e1000.ko", mode: kindFile | 0o644, data: []byte("e1000")},
		{name: "lib/modules/6.1/kernel/sound.ko", mode: kindFile | 0o644, data: []byte("sound")},
	}
}

func TestAnArchiveIsReadAsItWasWritten(t *testing.T) {
	var b bytes.Buffer
	if err := writeCPIO(&b, members()); err != nil {
		t.Fatal(err)
	}
	got, err := readCPIO(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(members(), got, cmp.AllowUnexported(member{}), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for end := range b.Len() - cpioHeader - 14 { // the trailer and its padding
		if _, err := readCPIO(b.Bytes()[:end]); !errors.Is(err, errCPIO) {
			t.Fatalf("its first %d bytes: %v", end, err)
		}
	}
}

// small and full initrds are read again: a full one is two archives, the second behind the first.
func TestAnInstallerIsReplacedAndItsToolsStay(t *testing.T) {
	installer := filepath.Join(t.TempDir(), "initrd.gz")
	var b bytes.Buffer
	if err := zipCPIO(&b, members()); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	if err := os.WriteFile(installer, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	init := string(prelude) + "end\n"
	t.Run("small", func(t *testing.T) {
		var b bytes.Buffer
		if err := smallInitrd(&b, installer, []byte("end\n")); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"bin": "", "bin/busybox": "busybox", "bin/sh": "busybox", "dev/console": "", "lib/modules/6.1/kernel/drivers/net/e1000.ko": "e1000", "init": init}
		if diff := cmp.Diff(want, unzipped(t, b.Bytes())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("full", func(t *testing.T) {
		var b bytes.Buffer
		if err := fullInitrd(&b, installer, []byte("end\n")); err != nil {
			t.Fatal(err)
		}
		begin := round4(len(whole))
		if !bytes.HasPrefix(b.Bytes(), whole) || len(bytes.Trim(b.Bytes()[len(whole):begin], "\x00")) > 0 {
			t.Fatal("it does not begin with the installer's")
		}
		if diff := cmp.Diff(map[string]string{"init": init}, unzipped(t, b.Bytes()[begin:])); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func unzipped(t *testing.T, data []byte) map[string]string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "initrd")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := readInitrd(name)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range all {
		got[m.name] = string(m.data)
	}
	return got
}

// TestASmallInitrdHasWhatItsScriptCalls looks into those made of Debian's installers.
func TestASmallInitrdHasWhatItsScriptCalls(t *testing.T) {
	cache, err := CacheDir()
	if err != nil {
		must.Skip(t, must.Content, err)
	}
	for arch, libs := range map[string]string{"amd64": "lib/x86_64-linux-gnu", "arm64": "lib/aarch64-linux-gnu"} {
		installer := filepath.Join(cache, "deb", "debian-installer-12-netboot-"+arch, "usr/lib/debian-installer/images/12", arch, "text/debian-installer", arch, "initrd.gz")
		if _, err := os.Stat(installer); err != nil {
			must.Skip(t, must.Content, err)
		}
		var b bytes.Buffer
		if err := smallInitrd(&b, installer, []byte("end\n")); err != nil {
			t.Fatal(err)
		}
		if b.Len() > 8<<20 {
			t.Errorf("%s: it has %d bytes, which is not small", arch, b.Len())
		}
		got := unzipped(t, b.Bytes())
		for _, name := range []string{"bin/busybox", "bin/sh", "bin/kmod", "sbin/modprobe", "sbin/udhcpc", "etc/udhcpc/default.script", "usr/bin/wget", libs + "/libc.so.6"} {
			if got[name] == "" {
				t.Errorf("%s: %s is not in it", arch, name)
			}
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(got)), func(name string) bool { return strings.HasSuffix(name, "/virtio_net.ko") }) {
			t.Errorf("%s: it has no driver for a card", arch)
		}
	}
}

func FuzzReadCPIO(f *testing.F) {
	var b bytes.Buffer
	if err := writeCPIO(&b, members()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := readCPIO(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := writeCPIO(&b, all); err != nil {
			t.Fatal(err)
		}
		again, err := readCPIO(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all, again, cmp.AllowUnexported(member{}), cmp.Comparer(bytes.Equal)); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}
