package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

func model(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("bootrig"), kong.Description(description))
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}

func TestBashCompletes(t *testing.T) {
	var script bytes.Buffer
	if err := completion(&script, "bash", wordLists(model(t))); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"bootrig ma":                       "machines matrix manual",
		"bootrig media ":                   "list show add",
		"bootrig unpack --pr":              "--programs",
		"bootrig serve --ht":               "--http",
		"bootrig serve --http 80 --js":     "--json",
		"bootrig machines watch --":        "--state --socket --json",
		"bootrig serve serv":               "",
		"bootrig serve X.iso machines --w": "--watch",
	} {
		ask := `COMP_WORDS=(` + line + `); [[ "` + line + `" != *" " ]] || COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _bootrig; echo "${COMPREPLY[*]}"`
		out, err := exec.Command("bash", "-c", script.String()+ask).CombinedOutput()
		if diff := cmp.Diff(want, strings.TrimSpace(string(out))); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", line, err, diff)
		}
	}
}

// Every command and every flag is in each script and in the manual page.
func TestNothingIsLeftOutOfScriptsAndManual(t *testing.T) {
	app := model(t)
	texts := map[string]*bytes.Buffer{"bash": {}, "zsh": {}, "fish": {}, "manual": {}}
	for shell, text := range texts {
		write := func() error { return completion(text, shell, wordLists(app)) }
		if shell == "manual" {
			write = func() error { return manual(text, app) }
		}
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	for _, list := range wordLists(app) {
		for _, w := range append(list.Next, list.Flags...) {
			for name, text := range texts {
				plain := strings.ReplaceAll(text.String(), `\-`, "-")
				if want := strings.TrimPrefix(w.Name, "--"); !strings.Contains(plain, want) {
					t.Errorf("%s lacks %s of %q", name, want, list.Command)
				}
			}
		}
	}
}

func TestManReadsTheManual(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		must.Skip(t, must.Peers, "groff is not installed: `apt-get install groff-base`")
	}
	cmd := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
	cmd.Stdin = new(bytes.Buffer)
	if err := manual(cmd.Stdin.(*bytes.Buffer), model(t)); err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
