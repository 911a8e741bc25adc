package server

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/seed"
)

// What is told of a medium names the URL that somebody has to type.
func TestAboutAMedium(t *testing.T) {
	xcp := media.Medium{Title: "XCP-ng 8.3.0", Memory: 4096, Notes: []string{"type {base}"}}
	for name, c := range map[string]struct {
		found ways.Found
		at    string
		want  []string
	}{
		"at an address": {ways.Found{Path: "x.iso", Medium: xcp}, "http://192.168.9.2/", []string{
			"serves XCP-ng 8.3.0 of x.iso at http://192.168.9.2/; machines need 4096 MiB of memory", "XCP-ng 8.3.0: type http://192.168.9.2/"}},
		"before there is a link":            {ways.Found{Path: "x.iso", Below: "x", Medium: media.Medium{Title: "Alpine"}}, "", []string{"serves Alpine of x.iso below x/"}},
		"whose memory nobody knows, at all": {ways.Found{Path: "x.iso", Medium: media.Medium{Title: "Alpine"}}, "", []string{"serves Alpine of x.iso"}},
	} {
		if diff := cmp.Diff(c.want, aboutMedium(c.found, c.at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Who installs without a question, and who does not, is told.
func TestAboutAnswers(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "preseed.cfg"), []byte("d-i x/y string z\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	answers, err := seed.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer answers.Close()
	reads := func(files ...string) media.Medium {
		return media.Medium{Title: "Mine", Answer: media.Answer{Args: "url={answer}", Files: files}}
	}
	for name, c := range map[string]struct {
		medium  media.Medium
		answers *seed.Seed
		want    []string
	}{
		"nobody has any":    {reads("preseed.cfg"), nil, nil},
		"the file is there": {reads("preseed.cfg"), answers, []string{"Mine: its installer takes the answers in seed and asks nobody: whoever boots it may lose what is on its disks"}},
		"it is another's":   {reads("ks.cfg", "a.ks"), answers, []string{"Mine: there are no answers in seed for it, so it asks people; it would read ks.cfg or a.ks"}},
		"it takes none":     {media.Medium{Title: "Mine"}, answers, []string{"Mine: it takes no answers, so those of seed are not for it"}},
	} {
		if diff := cmp.Diff(c.want, aboutAnswers(c.medium, c.answers, "seed")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
