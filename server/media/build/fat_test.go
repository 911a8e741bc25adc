package build

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

// written writes a part to a file of the host, for programs of others.
func written(t *testing.T, p Part, name string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), name)
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for off := int64(0); off < p.Size; off += int64(len(block)) {
		block = block[:min(int64(len(block)), p.Size-off)]
		if _, err := p.ReadAt(block, off); err != nil {
			t.Fatal(err)
		}
		if bytes.Count(block, []byte{0}) == len(block) {
			continue // a hole
		}
		if _, err := f.WriteAt(block, off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(p.Size); err != nil {
		t.Fatal(err)
	}
	return to
}

// tool runs a program of the host; the test is skipped where there is none.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) { // sbin is in no user's PATH
		must.Skip(t, must.Peers, err, " (make deps installs it)")
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func volumes() map[string]map[string]Part {
	many := map[string]Part{}
	for i := range 300 {
		many[fmt.Sprintf("a/directory that is longer than a cluster/file number %d.with.dots", i)] = Text(fmt.Sprint("file ", i))
	}
	return map[string]map[string]Part{
		"an image that boots": {
			"EFI/BOOT/BOOTX64.EFI": Bytes(bytes.Repeat([]byte("shim"), 1000)), "EFI/BOOT/grubx64.efi": Text("grub"),
			"EFI/debian/grub.cfg": Text("menuentry"), "linux": Bytes(bytes.Repeat([]byte{1, 2, 3}, 7777)), "initrd.gz": Zeros(512 * 40),
		},
		"nothing":                      {},
		"an empty file":                {"empty": Text("")},
		"more entries than a cluster":  many,
		"names of the same short name": {"longer name 1.txt": Text("1"), "longer name 2.txt": Text("2"), "LONGER~1.TXT": Text("3"), "ÄÖÜ.cfg": Text("4"), ".disk/info": Text("5")},
		"larger than small clusters":   {"big": Zeros(65 << 20), "after it": Text("here")},
	}
}

// mtools reads the volume as the files that went in, and dosfstools finds nothing wrong with it.
func TestOthersReadTheFATVolume(t *testing.T) {
	for name, files := range volumes() {
		t.Run(name, func(t *testing.T) {
			volume, err := FAT(files)
			if err != nil {
				t.Fatal(err)
			}
			image := written(t, volume, "volume.img")
			if said := tool(t, "/usr/sbin/fsck.vfat", "-n", "-v", image); strings.Contains(said, "rror") || strings.Contains(said, "iffer") {
				t.Errorf("fsck.vfat:\n%s", said)
			}
			to := filepath.Join(t.TempDir(), "out")
			if err := os.Mkdir(to, 0o755); err != nil {
				t.Fatal(err)
			}
			if len(files) > 0 {
				tool(t, "mcopy", "-s", "-i", image, "::*", to)
			}
			want := map[string]string{}
			for name, p := range files {
				want[name] = content(t, p)
			}
			if diff := cmp.Diff(want, tree(t, to)); diff != "" {
				t.Errorf("files (-put +read):\n%.2000s", diff)
			}
		})
	}
}

func content(t *testing.T, p Part) string {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWhatAFATVolumeCannotHoldIsRefused(t *testing.T) {
	for name, files := range map[string]map[string]Part{
		"a file of 4 GiB":              {"iso": Zeros(1 << 32)},
		"a name with a colon":          {"a:b": Text("")},
		"a name that is too long":      {strings.Repeat("x", 256): Text("")},
		"two names but for their case": {"linux": Text(""), "LINUX": Text("")},
		"a file below a file":          {"a": Text(""), "a/b": Text("")},
		"a name that leads outside":    {"../a": Text("")},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := FAT(files); err == nil {
				t.Errorf("%v went in", slices.Collect(maps.Keys(files)))
			}
		})
	}
}

func TestAVolumeOfGigabytesTakesLittleMemory(t *testing.T) {
	files := map[string]Part{"a.iso": Zeros(fatFileMax), "b.iso": Zeros(3 << 30)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	volume, err := FAT(files)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
		t.Errorf("%d bytes of memory for a volume of %d", took, volume.Size)
	}
	if least := int64(fatFileMax + 3<<30); volume.Size < least || volume.Size > least+4<<20 {
		t.Errorf("a volume of %d bytes for %d", volume.Size, least)
	}
}
