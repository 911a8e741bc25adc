package iso9660_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// A witness is another program's reading of an image: what it unpacks into dir.
type witness struct {
	name   string
	unpack func(t *testing.T, image, dir string) *exec.Cmd
	loses  []string // what it reads wrong, or leaves out
}

var witnesses = []witness{
	{"bsdtar", func(t *testing.T, image, dir string) *exec.Cmd {
		return exec.Command(isotest.Program(t, "bsdtar"), "-xpf", image, "-C", dir)
	}, []string{"long/link", "rr_moved"}}, // libarchive 3.6.2 loses the slash where a link goes on in another SL entry
	{"xorriso", func(t *testing.T, image, dir string) *exec.Cmd {
		return exec.Command(isotest.Program(t, "xorriso"), "-osirrox", "on:sparse=1m", "-ecma119_map", "stripped",
			"-indev", "stdio:"+image, "-extract", "/", dir)
	}, nil},
}

func TestEveryFileIsWhatOthersUnpack(t *testing.T) {
	for name, c := range map[string]struct {
		list      string
		make      func(testing.TB, string, ...string) string
		options   []string
		extension iso9660.Extension
		cannot    string // the witness who cannot read it
	}{
		"Rock Ridge, 3,000 names":                {full(medium), isotest.Make, []string{"-r"}, iso9660.RockRidge, ""},
		"Rock Ridge with the modes of the files": {medium, isotest.Make, []string{"-R"}, iso9660.RockRidge, ""},
		"Rock Ridge and Joliet":                  {medium, isotest.Make, []string{"-r", "-J", "-joliet-long"}, iso9660.RockRidge, ""},
		"Rock Ridge, relocated":                  {medium, isotest.Make, []string{"-r", "-rr_reloc_dir", "moved"}, iso9660.RockRidge, "bsdtar"},
		"Rock Ridge, relocated to the root":      {medium, isotest.Make, []string{"-r", "-rr_reloc_dir", "/"}, iso9660.RockRidge, "bsdtar"},
		"Rock Ridge, relocated by genisoimage":   {sound, isotest.MakeGenisoimage, []string{"-r"}, iso9660.RockRidge, ""},
		"XenServer's options":                    {sound, isotest.MakeGenisoimage, []string{"-r", "-J", "-joliet-long", "-f"}, iso9660.RockRidge, "bsdtar"},
		"Joliet, 3,000 names":                    {full(short), isotest.Make, []string{"-J"}, iso9660.Joliet, ""},
		"Joliet by genisoimage":                  {short, isotest.MakeGenisoimage, []string{"-J"}, iso9660.Joliet, ""},
		"neither":                                {short, isotest.Make, nil, iso9660.Plain, ""},
		"neither, with longer names":             {short, isotest.Make, []string{"-iso-level", "3"}, iso9660.Plain, ""},
		"neither by genisoimage":                 {short, isotest.MakeGenisoimage, nil, iso9660.Plain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := c.make(t, c.list, append(c.options, "-V", "A LABEL")...)
			image := open(t, file)
			if image.Extension() != c.extension || image.Volume() != "A LABEL" {
				t.Errorf("it is an %s", image)
			}
			for _, w := range witnesses {
				if w.name == c.cannot {
					continue
				}
				t.Run(w.name, func(t *testing.T) { equal(t, image, unpacked(t, file, w), w.loses) })
			}
		})
	}
}

func unpacked(t *testing.T, image string, w witness) fs.FS {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "unpacked")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := w.unpack(t, image, dir)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, said)
	}
	return os.DirFS(dir)
}

// equal compares two trees: names, kinds, permissions and times, where links lead, and every byte.
func equal(t *testing.T, image *iso9660.Image, want fs.FS, loses []string) {
	t.Helper()
	rockRidge := image.Extension() == iso9660.RockRidge
	wanted, got := tree(t, want, rockRidge), tree(t, image, rockRidge)
	for _, name := range loses {
		delete(wanted, name)
		delete(got, name)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Fatalf("names (-want +got):\n%s", diff)
	}
	err := fs.WalkDir(image, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		sameBytes(t, name, image, want)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tree is one line for each name. Permissions and times are Rock Ridge's only.
func tree(t *testing.T, src fs.FS, all bool) map[string]string {
	t.Helper()
	lines := map[string]string{}
	err := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := fs.Lstat(src, name)
		if err != nil {
			return err
		}
		line := info.Mode().Type().String()
		if all {
			line = fmt.Sprint(info.Mode(), info.ModTime().UTC())
		}
		switch {
		case info.Mode().IsRegular():
			line += fmt.Sprint(" ", info.Size())
		case info.Mode().Type() == fs.ModeSymlink:
			var target string
			target, err = fs.ReadLink(src, name)
			line = "-> " + target
		}
		lines[name] = line
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func sameBytes(t *testing.T, name string, a, b fs.FS) {
	t.Helper()
	x, err := a.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := b.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	isotest.Equal(t, name, x, y)
}

func TestAnImageIsAFileSystem(t *testing.T) {
	for name, c := range map[string]struct {
		list     string
		options  []string
		expected []string
	}{
		"Rock Ridge": {sound, []string{"-r", "-rr_reloc_dir", "moved"},
			[]string{".treeinfo", "Packages/package-with-a-name-0099.x86_64.rpm", "EFI/xenserver/again"}},
		"Joliet":  {short, []string{"-J"}, []string{".treeinfo", "boot/vmlinuz"}},
		"neither": {short, nil, []string{"BOOT/VMLINUZ"}},
	} {
		t.Run(name, func(t *testing.T) {
			image := open(t, isotest.Make(t, c.list, c.options...))
			if err := fstest.TestFS(image, c.expected...); err != nil {
				t.Error(err)
			}
		})
	}
}
