package ways_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bootrig/bootrig/server/config"
)

// texts are what clients at 192.168.9.2 are given of images: each section is named by a layout and a file.
//
//go:embed testdata/texts.txtar
var texts []byte

func TestMenusAreWrittenForTheLoaderAndTheServer(t *testing.T) {
	old := programs(t, "pxelinux.0 <- pxelinux-4\nmenu.c32 <- com32r\nwimboot <- wimboot-x86_64\n")
	sections := txtar.Parse(texts).Files
	if len(sections) == 0 {
		t.Fatal("there are none")
	}
	for _, want := range sections {
		t.Run(want.Name, func(t *testing.T) {
			layout, file, _ := strings.Cut(want.Name, " ")
			s := open(t, config.Media{Paths: []string{iso(t, layout)}, Rule: "RULE"}, options(old, debian(t)))
			if diff := cmp.Diff(string(want.Data), text(t, at(s, ours), file)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
