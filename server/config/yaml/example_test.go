package yaml

import (
	"os"
	"strings"
	"testing"
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
