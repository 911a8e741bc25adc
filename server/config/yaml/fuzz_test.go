package yaml

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// Whatever the text, reading it does not panic; what is read survives printing and is as the schema says.
func FuzzParse(f *testing.F) {
	for _, c := range samples() {
		f.Add(string(Print(&c)))
	}
	names, _ := filepath.Glob("../../../scenarios/conformance/testdata/*/*.conf")
	for _, name := range names {
		if c, err := dnsmasq.Load(name); err == nil {
			f.Add(string(Print(c)))
		}
	}
	for _, text := range []string{
		"", "# nothing", "a: &x [*x]", "boot: !!binary aGk=", "? [a]\n: b", "tftp: {root: ../a/.., own-directory: [mac, ip, mac]}",
		"hosts:\n  - {mac: [\"1-2:*\", \"3\"], boot: {file: a}, offer: direct}\n", "leases: {through-relays: [all, 10.0.0.1, all]}",
		"tags: [{set: [a, b], mac: [\"1\", \"2\"]}, {set: [a, b], arch: [x64-uefi, 16]}, {set: x}]", "boot: [{file: |\n  text\n  of lines}]",
	} {
		f.Add(text)
	}
	schema := compiled(f)
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := Parse("bootrig.yaml", []byte(text))
		if err != nil {
			return
		}
		printed := Print(cfg)
		if diff := cmp.Diff(cfg, back(t, cfg), same()); diff != "" {
			t.Errorf("(-first +second):\n%s\n%s", diff, printed)
		}
		if len(printed) == 0 {
			return
		}
		if err := schema.Validate(decoded(t, printed)); err != nil {
			t.Errorf("%v\n%s", err, printed)
		}
	})
}

// Whatever dnsmasq.conf is read, convert makes a bootrig.yaml of it that says the same.
func FuzzConvert(f *testing.F) {
	names, _ := filepath.Glob("../../../scenarios/conformance/testdata/*/*.conf")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range cases(f) {
		f.Add(text)
	}
	source := dnsmasq.Source{Files: fstest.MapFS{}, Stdin: strings.NewReader(""), Run: func(string) ([]byte, error) { return nil, os.ErrNotExist }}
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := source.Parse("dnsmasq.conf", []byte(text))
		if err != nil {
			return
		}
		if diff := cmp.Diff(cfg, back(t, cfg), same()); diff != "" {
			t.Errorf("(-dnsmasq.conf +bootrig.yaml):\n%s\n%s", diff, Print(cfg))
		}
	})
}

// cases are the lines that the reader of dnsmasq.conf is judged by: a verdict, and a file with ⏎ for new lines.
func cases(t testing.TB) (all []string) {
	names, err := filepath.Glob("../dnsmasq/testdata/accept/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if _, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " "); ok && !strings.HasPrefix(line, "#") {
				all = append(all, strings.ReplaceAll(text, "⏎", "\n"))
			}
		}
	}
	return all
}
