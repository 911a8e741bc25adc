package media

import (
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

var update = flag.Bool("update", false, "write what the media are found to be into testdata")

// Every release, in its exact layout, is what testdata/media says.
func TestReleases(t *testing.T) {
	for _, release := range mediatest.Releases(t) {
		t.Run(release, func(t *testing.T) {
			src := mediatest.Source(t, mediatest.List(t, release))
			found, err := Recognise(src)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, release, found)
			there(t, src, found)
		})
	}
}

// there tells that a client would get every file of every entry.
func there(t *testing.T, src content.Source, found []Medium) {
	t.Helper()
	tree := content.Of(src, "/")
	for _, m := range found {
		for _, name := range m.files() {
			f, err := tree.Open(path.Join("/", m.Dir, name))
			if err != nil {
				t.Errorf("%s: %v", m.Title, err)
				continue
			}
			f.Close()
		}
	}
}

// wanted is what testdata/media says of a release.
func wanted(t *testing.T, release string) (found []Medium) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "media", release+".json"))
	if err == nil {
		err = json.Unmarshal(data, &found)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Every family is held against a release, and says which.
func TestEveryFamilyIsHeldAgainstARelease(t *testing.T) {
	held := map[string]int{}
	for _, release := range mediatest.Releases(t) {
		held[wanted(t, release)[0].Family]++
	}
	for _, k := range Embedded().Known() {
		if held[k.Family] == 0 || held[k.Family] != len(k.Releases) {
			t.Errorf("%s says that it was held against %q, and there are %d layouts of it", k.Family, k.Releases, held[k.Family])
		}
	}
}

// golden holds what was found against testdata/media/RELEASE.json.
func golden(t *testing.T, release string, found []Medium) {
	t.Helper()
	got, err := json.MarshalIndent(found, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("testdata", "media", release+".json")
	if *update {
		if err := os.WriteFile(name, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: go test -update writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
