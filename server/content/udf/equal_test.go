package udf_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/content/udf"
)

func open(t testing.TB, name string) *udf.Image {
	t.Helper()
	image, err := udf.Open(isotest.File(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// windows is like an installation medium of Windows.
const windows = `
autorun.inf size=128
bootmgr size=400K
bootmgr.efi size=1M
boot/bcd size=16K
boot/boot.sdi size=3M
boot/fonts/chs_boot.ttf size=100000
efi/boot/bootx64.efi size=1M
efi/microsoft/boot/cdboot.efi size=1M
sources/boot.wim size=20M
sources/%03d-with-a-long-name-so-that-it-takes-room.dll count=900 size=5000
sources/empty.txt size=0
sources/boot/
support/logging/de-de/ünïcode.txt size=10
one/two/three/four/five/six/seven/eight/nine/ten/deep.txt size=10
`

func TestEveryFileIsWhat7ZipUnpacks(t *testing.T) {
	for name, image := range map[string]func(t *testing.T) string{
		"UDF alone, as of Windows": func(t *testing.T) string {
			return isotest.MakeGenisoimage(t, windows, "-udf", "-D", "-allow-limited-size", "-iso-level", "3", "-input-charset", "utf-8", "-V", "CCCOMA_X64FRE_EN-US_DV9")
		},
		"a bridge with Joliet": func(t *testing.T) string {
			return isotest.MakeGenisoimage(t, windows, "-udf", "-J", "-joliet-long", "-D", "-input-charset", "utf-8")
		},
		"every way to say where bytes are that 7-Zip knows": func(t *testing.T) string {
			return saved(t, newSmall("extended.bin", "chained.bin", "hole.bin").finish().b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := image(t)
			dir := filepath.Join(t.TempDir(), "unpacked")
			if said, err := exec.Command(isotest.Program(t, "7zz"), "x", "-tudf", "-o"+dir, file).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if diff := cmp.Diff(files(t, os.DirFS(dir)), files(t, open(t, file))); diff != "" {
				t.Errorf("names and sums (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAFileOfMoreThan4GiB is of one that genisoimage writes as several extents, and Windows' media have as
// install.wim.
func TestAFileOfMoreThan4GiB(t *testing.T) {
	const name = "sources/install.wim"
	file := isotest.MakeGenisoimage(t, name+" size=4100M sparse\nnext size=10\n", "-udf", "-allow-limited-size", "-iso-level", "3")
	f, err := open(t, file).Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.Command(isotest.Program(t, "7zz"), "x", "-tudf", "-so", file, name)
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	isotest.Equal(t, name, f, said)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func saved(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "small.udf")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// files is every file's bytes; directories have none.
func files(t *testing.T, src fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(src, name)
		found[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestBytesAreFoundInEveryWay(t *testing.T) {
	s := newSmall().finish()
	image, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.files, files(t, image)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if image.Volume() != "SMALL ☃" {
		t.Errorf("the label is %q", image.Volume())
	}
	info, err := image.Stat("short.bin")
	if err != nil {
		t.Fatal(err)
	}
	if got := info.ModTime().String(); got != "2026-11-26 13:14:15 +0000 UTC" {
		t.Errorf("its time is %s", got)
	}
	if err := fstest.TestFS(image, "Sub/inner.txt", "hole.bin"); err != nil {
		t.Error(err)
	}
}

func TestNamesAreFoundWithoutCase(t *testing.T) {
	s := newSmall().finish()
	image, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{
		"SHORT.BIN": "short.bin", "sub/INNER.TXT": "inner.txt", "ÜNÏ.TXT": "Ünï.txt", "ЯДРО ☃.txt": "ядро ☃.txt", "short.bin": "short.bin", "none": "", "deleted": "",
	} {
		got := ""
		info, err := image.Stat(asked)
		if err == nil {
			got = info.Name()
		}
		if got != want {
			t.Errorf("%s is %q, and not %q: %v", asked, got, want, err)
		}
	}
}

func TestWhichTreeIsRead(t *testing.T) {
	const list = "a size=1\n"
	for name, c := range map[string]struct {
		make    func(testing.TB, string, ...string) string
		options []string
		want    bool
	}{
		"ISO 9660 alone":         {isotest.Make, nil, false},
		"Rock Ridge":             {isotest.Make, []string{"-r"}, false},
		"UDF beside short names": {isotest.MakeGenisoimage, []string{"-udf"}, true},
		"UDF beside Joliet":      {isotest.MakeGenisoimage, []string{"-udf", "-J"}, true},
		"UDF beside Rock Ridge":  {isotest.MakeGenisoimage, []string{"-udf", "-r"}, false},
		"UDF that cannot be read, beside Joliet": {func(t testing.TB, list string, options ...string) string {
			name := isotest.MakeGenisoimage(t, list, options...)
			f, err := os.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt(make([]byte, 16*block), atSequence*block); err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt(make([]byte, 16*block), (atSequence+16)*block); err != nil {
				t.Fatal(err)
			}
			return name
		}, []string{"-udf", "-J"}, false},
		"UDF alone": {func(t testing.TB, _ string, _ ...string) string { return saved(t, newSmall().finish().b) }, nil, true},
		"neither": {func(t testing.TB, _ string, _ ...string) string {
			return saved(t, bytes.Repeat([]byte("<html>"), 100000))
		}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(c.make(t, list, c.options...))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, _ := f.Stat()
			if got := udf.Preferred(f, info.Size()); got != c.want {
				t.Errorf("UDF is preferred: %t", got)
			}
		})
	}
}
