package media

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

// plant writes families' files below a new directory.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "of [mine]*") // no pattern
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const alpineOfMine = "family: alpine\ntitle: My Alpine\nhas: [boot/vmlinuz-lts]\nentries: [{name: mine, title: Start it, kernel: boot/vmlinuz-lts}]\n"

func TestFamiliesOfTheUser(t *testing.T) {
	tree := mediatest.Source(t, mediatest.List(t, "alpine-3.20.3"))
	other := strings.Replace(alpineOfMine, "family: alpine", "family: mine", 1)
	for rule, c := range map[string]struct {
		dirs []string
		want string
	}{
		"a directory that is not there":       {[]string{filepath.Join(t.TempDir(), "gone")}, "Alpine 3.20.3 ISO"},
		"one in the place of ours":            {[]string{plant(t, map[string]string{"a.yaml": alpineOfMine})}, "My Alpine"},
		"another goes before ours":            {[]string{plant(t, map[string]string{"a.yaml": other})}, "My Alpine"},
		"what is called otherwise is no file": {[]string{plant(t, map[string]string{"a.yaml~": alpineOfMine, "a.yml": "x"})}, "Alpine 3.20.3 ISO"},
		"of two of a name the last": {[]string{plant(t, map[string]string{"a.yaml": strings.Replace(alpineOfMine, "My", "Your", 1)}),
			plant(t, map[string]string{"b.yaml": alpineOfMine})}, "My Alpine"},
	} {
		t.Run(rule, func(t *testing.T) {
			families, err := Load(c.dirs...)
			if err != nil {
				t.Fatal(err)
			}
			found, err := families.Recognise(tree)
			if err != nil || len(found) != 1 || found[0].Title != c.want {
				t.Errorf("found %v, %v, want %s", found, err, c.want)
			}
		})
	}
	if got := Embedded().Known(); got[0].Family != "agama" || got[0].File != "" {
		t.Errorf("ours are changed: %v", got[0])
	}
}

func TestMistakesOfSeveralFilesAreToldTogether(t *testing.T) {
	dir := plant(t, map[string]string{"a.yaml": "family: a\nx: 1\n", "b.yaml": "family: B\ntitle: b\nhas: [b]\ninstead: no\n", "c.yaml": alpineOfMine})
	families, err := Load(dir)
	if err == nil {
		t.Fatal("nothing is said")
	}
	got := strings.ReplaceAll(err.Error(), filepath.ToSlash(dir), "DIR")
	for _, want := range []string{"DIR/a.yaml:2: unknown field \"x\"\n", "DIR/b.yaml:1: family: \"B\" is no name: small letters, digits and dashes, as in xcp-ng"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if len(families.all) != len(Embedded().all) {
		t.Error("what is right does not count")
	}
	if _, err := Read(filepath.Join(dir, "gone.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Whatever a tree holds, what is found can be fetched, and says nothing that would end a line of a menu.
func FuzzTree(f *testing.F) {
	for _, release := range mediatest.Releases(f) {
		f.Add(mediatest.List(f, release))
	}
	samples := mediatest.Samples()
	f.Fuzz(func(t *testing.T, list string) {
		files := map[string]content.Body{}
		for line := range strings.Lines(list) {
			name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			if !fs.ValidPath(name) || name == "." {
				continue
			}
			files[name] = content.Text(rest)
			if from, ok := strings.CutPrefix(rest, "<- "); ok {
				files[name] = content.Text(string(samples[filepath.Base(from)]))
			}
			if target, ok := strings.CutPrefix(rest, "-> "); ok && target != "" {
				files[name] = content.Body{Link: target}
			}
		}
		src, err := content.Files(files, time.Time{})
		if err != nil {
			return
		}
		found, err := Recognise(src)
		var unknown *Unknown
		if err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		there(t, src, found)
		for _, m := range found {
			for _, said := range append([]string{m.Title, m.Version}, m.Notes...) {
				if strings.ContainsFunc(said, func(r rune) bool { return r < ' ' }) {
					t.Errorf("%q ends a line", said)
				}
			}
			for _, e := range m.Entries {
				if strings.ContainsFunc(e.Name+e.Title+e.Args, func(r rune) bool { return r < ' ' }) {
					t.Errorf("%+v ends a line", e)
				}
			}
		}
		if again, _ := Recognise(src); cmp.Diff(found, again) != "" {
			t.Errorf("found once more, it is another: %s", cmp.Diff(found, again))
		}
	})
}

// The README has a file of a family, and says how many there are.
func TestTheREADMEIsRight(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "```yaml\nfamily:")
	text, _, _ := strings.Cut(rest, "```")
	if _, err := parse("README.md", []byte("family:"+text)); err != nil {
		t.Error(err)
	}
	if want := fmt.Sprintf("the %d families", len(Embedded().all)); !strings.Contains(string(data), want) {
		t.Errorf("it does not say %q", want)
	}
	if _, err := parse("Example", []byte(Example)); err != nil {
		t.Error(err)
	}
}
