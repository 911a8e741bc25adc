package archive_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/content/archive"
)

// orchard is a directory with what tarballs have: hard links, long names, an empty directory, bytes that
// are no UTF-8, a file with holes.
func orchard(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	for name, size := range map[string]int{
		"version.info": 2, "empty": 0, "d-i/amd64/linux": 300_000, "d-i/amd64/initrd.gz": 700_001, ".treeinfo": 512, "block": 512, "two-blocks": 1024,
		strings.Repeat("a-long-directory-name/", 20) + strings.Repeat("n", 200): 17, "caf\xe9": 3, "a b&c": 4, "utf-8-\u00fc": 5,
	} {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(random.IntN(256))
		}
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"linux": "d-i/amd64/linux", "d-i/up": "../version.info", strings.Repeat("l", 120): strings.Repeat("./", 100) + "empty"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "nothing"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(dir, "d-i/amd64/initrd.gz"), filepath.Join(dir, "zz-same")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// extracted is told of a directory. os.DirFS does not open names that are not UTF-8.
func extracted(t *testing.T, dir string) map[string]string {
	t.Helper()
	return told(t, os.DirFS(dir), func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) })
}

func inside(t *testing.T, a *archive.Archive) map[string]string {
	t.Helper()
	return told(t, a, func(name string) ([]byte, error) { return fs.ReadFile(a, name) })
}

// told lists a file system: a line for each name, with what it is and a sum of what is in it.
func told(t *testing.T, fsys fs.FS, read func(name string) ([]byte, error)) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch info, err := d.Info(); {
		case err != nil:
			return err
		case d.IsDir():
			all[name] = "a directory"
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := fs.ReadLink(fsys, name)
			all[name] = fmt.Sprint("-> ", target, err)
		default:
			text, err := read(name)
			all[name] = fmt.Sprintf("%d bytes %x %v of %v", info.Size(), sha256.Sum256(text), err, info.ModTime().UTC().Truncate(time.Second))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil {
		must.Skip(t, must.Peers, args[0]+" is not installed")
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestEveryFileOfATarballIsWhatBsdtarExtracts(t *testing.T) {
	dir := orchard(t)
	for _, pack := range []string{
		"bsdtar --format=ustar --exclude a-long* --exclude llll* -cf", "bsdtar --format=pax -cf", "bsdtar --format=gnutar -cf", "bsdtar --format=pax -czf", "bsdtar --format=gnutar -cJf", "bsdtar --format=ustar --exclude a-long* --exclude llll* --zstd -cf",
		"tar --format=gnu -cf", "tar --format=pax --exclude caf* -cf", "tar --format=oldgnu -czf", "tar -b1 -cf",
	} {
		t.Run(pack, func(t *testing.T) {
			name, out := filepath.Join(t.TempDir(), "file"), t.TempDir()
			args := append(strings.Fields(pack), name, ".")
			run(t, dir, args...)
			run(t, out, "bsdtar", "-xf", name)
			for where, o := range map[string]archive.Options{"memory": {Memory: 1 << 30}, "a cache": {Cache: t.TempDir(), Memory: 1}} {
				a, err := o.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(extracted(t, out), inside(t, a)); diff != "" {
					t.Errorf("in %s (-bsdtar +ours):\n%s", where, diff)
				}
				a.Close()
			}
		})
	}
}

func TestAHoleOfGNUTarIsTold(t *testing.T) {
	dir, name := t.TempDir(), filepath.Join(t.TempDir(), "file")
	f, err := os.Create(filepath.Join(dir, "disk"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("end"), 1<<40); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, format := range []string{"gnu", "pax --sparse-version=0.0", "pax --sparse-version=0.1", "pax --sparse-version=1.0"} {
		args := append([]string{"tar"}, strings.Fields("--format="+format)...)
		run(t, dir, append(args, "--sparse", "-cf", name, "disk")...)
		a, err := archive.Open(name, "")
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if notes := strings.Join(a.Notes(), "\n"); !strings.Contains(notes, "stored as a sparse file") || !strings.Contains(notes, `disk"`) {
			t.Errorf("%s: the notes are %q", format, notes)
		}
		a.Close()
	}
}

func TestNoBeginningOfATarballPassesForTheWhole(t *testing.T) {
	dir, out, name := orchard(t), t.TempDir(), filepath.Join(t.TempDir(), "file")
	for _, how := range []string{"-cf", "-czf", "-cJf", "--zstd -cf"} {
		run(t, dir, append(append([]string{"bsdtar"}, strings.Fields(how)...), name, "./version.info", "./.treeinfo", "./block")...)
		run(t, out, "bsdtar", "-xf", name)
		want := extracted(t, out)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for n := range len(b) {
			if n%64 != 0 && n < len(b)-80 {
				continue
			}
			a, err := archive.Open(put(t, b[:n]), "")
			if err != nil {
				continue
			}
			if diff := cmp.Diff(want, inside(t, a)); diff != "" && len(a.Notes()) == 0 {
				t.Errorf("bsdtar %s: the first %d of %d bytes pass (-bsdtar +ours):\n%s", how, n, len(b), diff)
			}
			a.Close()
		}
	}
}

func TestWhatIsBehindACompressedTarballIsLeft(t *testing.T) {
	plain := pack(t, file("a", "text"))
	half := len(plain) / 2
	for rule, b := range map[string][]byte{
		"two members of gzip":       append(squeeze(t, "gz", plain[:half]), squeeze(t, "gz", plain[half:])...),
		"zeros behind a gzip":       append(squeeze(t, "gz", plain), make([]byte, 512)...),
		"a signature behind a gzip": append(squeeze(t, "gz", plain), "-----BEGIN"...),
		"two streams of xz":         append(squeeze(t, "xz", plain[:half]), squeeze(t, "xz", plain[half:])...),
		"padding behind an xz":      append(squeeze(t, "xz", plain), make([]byte, 8)...),
		"two frames of zstd":        append(squeeze(t, "zst", plain[:half]), squeeze(t, "zst", plain[half:])...),
		"a skippable frame of zstd": append(squeeze(t, "zst", plain), "\x50\x2a\x4d\x18\x04\x00\x00\x00skip"...),
	} {
		a, err := archive.Open(put(t, b), "")
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		f, err := a.Open("a")
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		if text, err := io.ReadAll(f); string(text) != "text" || err != nil {
			t.Errorf("%s: %q, %v", rule, text, err)
		}
	}
}
