package media

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media/mediatest"
)

// iso is the tree of an image that xorriso makes of a list.
func iso(t *testing.T, list string, options ...string) content.Source {
	t.Helper()
	src, err := iso9660.Open(isotest.File(t, isotest.Make(t, list, options...)))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// A release of every family is found in an image of a CD to be what its directory is.
func TestReleasesAsImages(t *testing.T) {
	made := map[string]bool{}
	for _, release := range mediatest.Releases(t) {
		family := wanted(t, release)[0].Family
		if made[family] {
			continue
		}
		made[family] = true
		t.Run(release, func(t *testing.T) {
			found, err := Recognise(iso(t, mediatest.List(t, release), "-V", "MEDIUM", "-r", "-J", "-joliet-long"))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, release, found)
		})
	}
}

// VMware's images have plain names only, in upper case: the entries are the same, whatever their case.
func TestAnImageOfPlainNames(t *testing.T) {
	for _, release := range []string{"esxi-8.0U3", "windows-pe"} {
		t.Run(release, func(t *testing.T) {
			list := mediatest.List(t, release)
			plain, err := Recognise(iso(t, list))
			if err != nil {
				t.Fatal(err)
			}
			usual, err := Recognise(mediatest.Source(t, list))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(lower(t, usual), lower(t, plain)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func lower(t *testing.T, found []Medium) string {
	t.Helper()
	text, err := json.MarshalIndent(found, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(string(text))
}
