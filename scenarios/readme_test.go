package scenarios_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestTheReadmesOwnTree does what the README tells somebody with a netboot directory, word for word.
func TestTheReadmesOwnTree(t *testing.T) {
	scenario, commands := ownTree(t)
	if len(commands) != 3 {
		t.Fatalf("the README has %d commands for one's own tree, not 3: %q", len(commands), commands)
	}
	dir := t.TempDir()
	netboot(t, filepath.Join(dir, "lab", "netboot"))
	if err := os.WriteFile(filepath.Join(dir, "lab", "boots.txtar"), []byte(scenario), 0o644); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(dir, "lab", "boots.ours.golden")
	for _, command := range commands {
		words := strings.Fields(command)
		cmd := exec.Command(runnertest.Bootrig(t), words[1:]...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		const notTested = 3
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == notTested {
			must.Skip(t, runner.QEMU, string(out))
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		if slices.Contains(words, "--junit") && strings.Count(string(out), "passed") < 4 {
			t.Errorf("%s did not pass in three worlds:\n%s", command, out)
		}
		if trace, err := os.ReadFile(golden); err != nil || !strings.Contains(string(trace), "got {server} initrd.gz\ncmdline ") {
			t.Errorf("after %s the golden trace is\n%s\n%v", command, trace, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "boots.xml")); err != nil {
		t.Error(err)
	}
}

// ownTree is what the README says of one's own tree: the scenario, and the commands.
func ownTree(t *testing.T) (scenario string, commands []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?s)\n## Your own tree.*?\n## ").FindString(string(text))
	block := regexp.MustCompile("(?s)```txtar\n(.*?)```").FindStringSubmatch(section)
	if block == nil {
		t.Fatal("the README has no scenario for one's own tree")
	}
	for _, line := range regexp.MustCompile(`(?m)^    (\./bootrig .*)$`).FindAllStringSubmatch(section, -1) {
		commands = append(commands, line[1])
	}
	return block[1], commands
}

// netboot makes a directory as people have them, of Debian's pxelinux and kernel.
func netboot(t *testing.T, dir string) {
	t.Helper()
	cache, err := content.CacheDir()
	if err != nil {
		must.Skip(t, must.Content, err)
	}
	set, err := content.LookupSet("debian-netboot")
	if err != nil {
		t.Fatal(err)
	}
	debian, err := content.Build("/srv/tftp", cache, content.Layer{Set: set})
	if err != nil {
		must.Skip(t, must.Content, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "pxelinux.cfg"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{
		"pxelinux.0": "pxelinux.0", "ldlinux.c32": "ldlinux.c32",
		"linux": "debian-installer/amd64/linux", "initrd.gz": "debian-installer/amd64/initrd.gz",
	} {
		data, err := debian.Bytes(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const config = "default install\nlabel install\nkernel linux\nappend initrd=initrd.gz console=ttyS0\n"
	if err := os.WriteFile(filepath.Join(dir, "pxelinux.cfg", "default"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTheReadmesGoCodeIsCompiled finds each piece of Go in the module of tests that stands for somebody else's.
func TestTheReadmesGoCodeIsCompiled(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "testdata", "outside", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var compiled strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		compiled.Write(text)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 {
		t.Error("the README has no Go")
	}
	for _, block := range blocks {
		if !strings.Contains(compiled.String(), block[1]) {
			t.Errorf("nobody compiles\n%s", block[1])
		}
	}
}
