package media

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/media/mediatest"
)

var update = flag.Bool("update", false, "write what the media are found to be into testdata")

// Every release, in its exact layout, is what testdata/media says.
func TestReleases(t *testing.T) {
	for _, release := range mediatest.Releases(t) {
		t.Run(release, func(t *testing.T) {
			found, err := Recognise(mediatest.Source(t, mediatest.List(t, release)))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, release, found)
		})
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
