package iso9660_test

import (
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// TestNoNameReachesOutside asks for 100,000 names, made of what names of the image are made of and of what leads
// out of trees. What is found is a file that a walk finds too.
func TestNoNameReachesOutside(t *testing.T) {
	words := []string{"..", ".", "", "boot", "vmlinuz", "xen", "one", "two", "out", "absolute", "up", "around", "etc", "passwd",
		"\x00", `\`, `..\..`, "BOOT", "vmlinuz;1", ".treeinfo", "%2e%2e", "\xff", "ä", strings.Repeat("n", 251), "empty"}
	for name, c := range map[string]struct {
		list    string
		options []string
	}{
		"Rock Ridge": {sound + `
out -> ../../../etc/passwd
absolute -> /etc/passwd
up -> ..
one/up -> ../..
around -> one/../boot
`, []string{"-r"}},
		"Joliet":  {short, []string{"-J"}},
		"neither": {short, nil},
	} {
		t.Run(name, func(t *testing.T) {
			image := open(t, isotest.Make(t, c.list, c.options...))
			inside := map[any]bool{}
			if err := fs.WalkDir(image, ".", func(_ string, d fs.DirEntry, err error) error {
				if err == nil {
					info, _ := d.Info()
					inside[info.Sys()] = true
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			random, found := rand.New(rand.NewPCG(9660, 1)), 0
			for range 100_000 {
				found += reached(t, image, madeUp(random, words), inside)
			}
			if found < 1000 {
				t.Errorf("only %d of the names were found: nothing is tested", found)
			}
		})
	}
}

func madeUp(random *rand.Rand, words []string) string {
	var parts []string
	for range 1 + random.IntN(6) {
		parts = append(parts, words[random.IntN(len(words))])
	}
	name := strings.Join(parts, "/")
	if random.IntN(10) == 0 { // and some bytes of it are others
		b := []byte(name + "x")
		b[random.IntN(len(b))] = byte(random.IntN(256))
		name = string(b)
	}
	return name
}

func reached(t *testing.T, image fs.FS, name string, inside map[any]bool) int {
	t.Helper()
	info, err := fs.Lstat(image, name)
	if err == nil && (!fs.ValidPath(name) || name != "." && !inside[info.Sys()]) {
		t.Errorf("Lstat(%q) is outside", name)
	}
	f, err := image.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil || info.Name() != "." && !inside[info.Sys()] {
		t.Errorf("Open(%q) is outside: %v", name, err)
	}
	return 1
}

func TestNamesAreFoundWithoutCaseWhereThereIsNoExtension(t *testing.T) {
	for name, c := range map[string]struct {
		options []string
		asked   string
		found   bool
	}{
		"as recorded":                     {nil, "BOOT/VMLINUZ", true},
		"as Linux shows it":               {nil, "boot/vmlinuz", true},
		"as Windows writes it":            {nil, "Boot/Vmlinuz", true},
		"with its version":                {nil, "BOOT/VMLINUZ.;1", false},
		"Rock Ridge has case":             {[]string{"-r"}, "BOOT/VMLINUZ", false},
		"Rock Ridge, as recorded":         {[]string{"-r"}, "boot/vmlinuz", true},
		"Joliet has case":                 {[]string{"-J"}, "BOOT/VMLINUZ", false},
		"Joliet keeps the dot at the end": {[]string{"-J"}, "odd.", true},
		"Joliet has names beyond Latin":   {[]string{"-J"}, "ядро.bin", true},
	} {
		t.Run(name, func(t *testing.T) {
			image := open(t, isotest.Make(t, short+"\n-- odd. --\n-- ядро.bin --\n", append(c.options, "-input-charset", "utf-8")...))
			if _, err := image.Lstat(c.asked); (err == nil) != c.found {
				t.Errorf("%s: %v", c.asked, err)
			}
		})
	}
}

func TestLinksStayInTheImage(t *testing.T) {
	image := open(t, isotest.Make(t, `
a/file size=3
a/link -> file
b -> a
out -> ../a/file
far -> a/../../a/file
absolute -> /a/file
loop -> loop
long -> b/../b/../b/link
nowhere -> a/none
`, "-r"))
	for name, want := range map[string]string{
		"a/link": "", "b/link": "", "b/file": "", "long": "",
		"out":      "open out: a link on the way leads out of the image: permission denied",
		"far":      "open far: a link on the way leads out of the image: permission denied",
		"absolute": "open absolute: a link on the way leads out of the image: permission denied",
		"loop":     "open loop: too many levels of symbolic links",
		"nowhere":  "open nowhere: file does not exist",
		"a/file/x": "open a/file/x: file does not exist",
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if f, err := image.Open(name); err != nil {
				got = err.Error()
			} else if info, _ := f.Stat(); info.Size() != 3 {
				got = "another file"
			}
			if got != want {
				t.Errorf("it says %q, and not %q", got, want)
			}
		})
	}
}
