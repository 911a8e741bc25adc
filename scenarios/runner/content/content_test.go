package content

import (
	"bytes"
	"debug/elf"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/content"
)

func build(t *testing.T, l Layer, name string) *Tree {
	t.Helper()
	var err error
	if l.Set, err = LookupSet(name); err != nil {
		t.Fatal(err)
	}
	tree, err := Build("/tftpboot", t.TempDir(), l)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestEveryManifestIsRead(t *testing.T) {
	for _, name := range Sets() {
		s, err := LookupSet(name)
		if err != nil || len(s.Entries) == 0 {
			t.Errorf("set %s: %d entries, %v", name, len(s.Entries), err)
		}
	}
	if _, err := LookupSet("nosuch"); err == nil {
		t.Error("a set that is not there is no error")
	}
	for _, bad := range []string{"file a b c", "package p", "link ../a b", "frob a b"} {
		if _, err := parseSet("bad", bad); err == nil {
			t.Errorf("%q is no mistake", bad)
		}
	}
}

func TestNamesAreFoundAsClientsWriteThem(t *testing.T) {
	tree := build(t, Layer{}, "small")
	for name, want := range map[string]error{
		"pxelinux.0":              nil,
		"/pxelinux.0":             nil,
		"/tftpboot/pxelinux.0":    nil,
		`boot\amd64\linux`:        nil,
		"boot/amd64/./linux":      nil,
		"boot/amd64":              content.ErrIsDirectory,
		"nosuch":                  fs.ErrNotExist,
		"../etc/passwd":           fs.ErrPermission,
		"//tftpboot/pxelinux.0":   fs.ErrNotExist,
		"pxelinux.0/under-a-file": fs.ErrNotExist,
	} {
		f, err := tree.Served().Open(name)
		if !errors.Is(err, want) {
			t.Errorf("Open(%q): %v, want %v", name, err, want)
		}
		if err == nil {
			f.Close()
		}
	}
}

func TestAnOverlayGoesThroughTheLinksOfTheTree(t *testing.T) {
	tree := &Tree{As: "/tftpboot", nodes: map[string]node{
		"pxelinux.cfg": {link: "deep/cfg"}, "deep/cfg/default": {data: []byte("old")},
		"abs": {link: "/tftpboot/deep"}, "out": {link: "/etc"}, "up": {link: "../x"}, "loop": {link: "loop"},
	}}
	if err := tree.Put("abs/cfg/default", []byte("new")); err != nil {
		t.Fatal(err)
	}
	got, err := tree.Bytes("pxelinux.cfg/default")
	if err != nil || string(got) != "new" {
		t.Errorf("pxelinux.cfg/default is %q, %v", got, err)
	}
	for name, want := range map[string]error{"out/x": content.ErrEscape, "up": content.ErrEscape, "loop": content.ErrLoop} {
		if err := tree.Put(name, nil); !errors.Is(err, want) {
			t.Errorf("Put(%s): %v, want %v", name, err, want)
		}
	}
}

func TestATreeIsThinnedAndCut(t *testing.T) {
	tree := build(t, Layer{Omit: []string{"ldlinux.c32"}, Truncate: map[string]int64{"boot/amd64/linux": 3000}, Scale: 64 << 10}, "small")
	if _, err := tree.Open("ldlinux.c32"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an omitted file: %v", err)
	}
	for name, want := range map[string]int64{"boot/amd64/linux": 3000, "boot/amd64/initrd.gz": 64 << 10} {
		data, err := tree.Bytes(name)
		if err != nil || int64(len(data)) != want {
			t.Errorf("%s has %d bytes, want %d: %v", name, len(data), want, err)
		}
	}
	for _, l := range []Layer{{Omit: []string{"nosuch"}}, {Truncate: map[string]int64{"nosuch": 1}}, {Truncate: map[string]int64{"boot/amd64/linux": 1 << 30}}} {
		l.Set, _ = LookupSet("small")
		if _, err := Build("/tftpboot", "", l); err == nil {
			t.Errorf("%+v is no mistake", l)
		}
	}
}

func TestAScaledKernelSaysItsNewSize(t *testing.T) {
	data := shrinkKernel(kernel(1 << 20)[:100_000:100_000])
	if got := 1024 + 16*int(data[0x1f4]) + 16<<8*int(data[0x1f5]); got > len(data) || got < len(data)-16 {
		t.Errorf("the header speaks of %d bytes of %d", got, len(data))
	}
}

func TestAWrittenTreeIsTheSame(t *testing.T) {
	tree, dir := build(t, Layer{}, "small"), t.TempDir()
	if err := tree.Write(dir, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range tree.Names() {
		want, err := tree.Bytes(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s was written as %d bytes of %d: %v", name, len(got), len(want), err)
		}
	}
}

func TestModulesSayWhichLibrariesTheyNeed(t *testing.T) {
	for _, libs := range [][]string{nil, {"libutil.c32", "libcom32.c32"}} {
		f, err := elf.NewFile(bytes.NewReader(elf32(libs)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.ImportedLibraries()
		if diff := cmp.Diff(libs, got); err != nil || diff != "" {
			t.Errorf("libraries %v (-want +got):\n%s", err, diff)
		}
	}
}

func TestAPackageThatIsNotThereIsNamed(t *testing.T) {
	s, err := LookupSet("xen")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Build("/tftpboot", t.TempDir(), Layer{Set: s}); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v", err)
	}
}

func TestTheHostsPackagesAreTheManifests(t *testing.T) {
	cache, err := CacheDir()
	if err != nil {
		must.Skip(t, must.Content, err)
	}
	for _, name := range []string{"debian-netboot", "xen"} {
		s, err := LookupSet(name)
		if err != nil {
			t.Fatal(err)
		}
		notes, err := Verify(s, cache)
		if errors.Is(err, ErrMissing) {
			must.Skip(t, must.Content, err)
		}
		if err != nil {
			t.Error(err)
		}
		for _, note := range notes {
			t.Log("note:", note) // Debian's point releases change files
		}
	}
}

func TestADirectoryOfTheCallersIsServed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"pxelinux.0": "program", "boot/linux": strings.Repeat("k", large), "deep/er/file": "x"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"linux": "boot/linux", "abs": "/tftpboot/boot/linux", "out": "/etc/passwd"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := Build("/tftpboot", "", Layer{Dir: dir, Omit: []string{"deep"}, Truncate: map[string]int64{"pxelinux.0": 4}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, name := range []string{"pxelinux.0", "linux", "abs", "out", "deep/er/file", "fifo"} {
		data, err := tree.Bytes(name)
		if got[name] = len(data); err != nil {
			got[name] = -1
		}
	}
	want := map[string]int{"pxelinux.0": 4, "linux": large, "abs": large, "out": -1, "deep/er/file": -1, "fifo": -1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sizes, -1 where it cannot be read (-want +got):\n%s", diff)
	}
	var shown []string
	if err := tree.Write(t.TempDir(), func(host, _ string) error { shown = append(shown, host); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{filepath.Join(dir, "boot/linux")}, shown); diff != "" {
		t.Errorf("files that are shown, not copied (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoDirectoryIsNotServed(t *testing.T) {
	for _, dir := range []string{filepath.Join(t.TempDir(), "nosuch"), "content_test.go"} {
		if _, err := Build("/tftpboot", "", Layer{Dir: dir}); !errors.Is(err, ErrNoDirectory) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
