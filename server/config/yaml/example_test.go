package yaml

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/policy"
)

// What the README and the help show is right, by the schema and by the reader.
func TestExamples(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, found := strings.Cut(text, "```\n")
	if !found {
		t.Fatal("the README has no bootrig.yaml")
	}
	for name, text := range map[string]string{"README": text, "help": Example} {
		cfg, err := Parse("bootrig.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(cfg.Notices) > 0 || cfg.TFTP.Root != "netboot" || len(cfg.DHCP.Boot) == 0 {
			t.Errorf("%s: %+v", name, cfg)
		}
		if err := compiled(t).Validate(decoded(t, []byte(text))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the README and doc.go show of media is right too.
func TestTheExampleWithMedia(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```yaml\nmedia:")
	text, _, found := strings.Cut("media:"+text, "```\n")
	if !found {
		t.Fatal("the README has no bootrig.yaml with media")
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, inside, _ := strings.Cut(string(doc), "//\tmedia:\n")
	inside, _, _ = strings.Cut("//\tmedia:\n"+inside, "//\n")
	inside = strings.ReplaceAll(inside, "//\t", "")
	for name, text := range map[string]string{"README": text, "doc.go": inside} {
		cfg, err := Parse("lab/bootrig.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := config.Media{Paths: []string{"lab/mine", "lab/debian.tar.gz", "lab/xcp-ng.iso"}, Programs: []string{"lab/programs"}, Seed: "lab/answers", Rule: "lab/bootrig.yaml:2",
			Starts: []config.Start{{Entry: "debian-install", Args: "console=ttyS0", Tags: policy.Wants{"lab"}, Rule: "lab/bootrig.yaml:6"}}}
		if len(cfg.Media.Starts) == 0 {
			t.Fatalf("%s: nothing is started", name)
		}
		cfg.Media.Starts = cfg.Media.Starts[:1] // the README has more
		if diff := cmp.Diff(want, cfg.Media); diff != "" || len(cfg.Notices) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", name, cfg.Notices, diff)
		}
		if err := compiled(t).Validate(decoded(t, []byte(text))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
