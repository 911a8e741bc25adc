package runner_test

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// Files whose absence one of the two cannot see, and why.
var (
	passedOver = map[string]bool{
		"menu.cfg": true, // pxelinux passes over an include that is missing, and the tree names others that are
	}
	aside = map[string]bool{
		"prompt.cfg": true, "syslinux.cfg": true, // behind entries that this boot does not choose
	}
)

// TestLintFindsWhateverStopsTheScriptedROM takes one file after the other out of the netboot trees, boots
// what is left in sim and lints it. The loader of the emulator reads pxelinux's language on its own, so each
// is the other's witness.
func TestLintFindsWhateverStopsTheScriptedROM(t *testing.T) {
	for lab, set := range map[string]string{
		"ubuntu.txtar": "debian-netboot", "ubuntu-small.txtar": "netboot-small", "xenserver.txtar": "xen", "xenserver-small.txtar": "xen-small",
		"small.txtar": "small", "pxelinux4.txtar": "small4",
	} {
		whole, err := content.LookupSet(set)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range whole.Entries {
			t.Run(lab+" without "+e.Name, func(t *testing.T) {
				t.Parallel()
				req := runnertest.Request(t, lab, runner.Sim, "ours")
				req.Source = without(req.Source, set, e.Name)
				boots, finds := bootsAndFinds(t, req)
				base := path.Base(e.Name)
				if !boots && finds == 0 && !passedOver[base] || boots && finds > 0 && !aside[base] {
					t.Errorf("it boots: %t; lint finds: %d", boots, finds)
				}
			})
		}
	}
}

// without is a lab whose content lacks a file, and that wants nothing but the chain to its end: no golden
// trace, and no file that only the menu shows or is made of.
func without(lab []byte, set, name string) []byte {
	omit := fmt.Sprintf(" %s omit=%s\n", set, name)
	if set == "debian-netboot" {
		omit = fmt.Sprintf(" %s scale=1M omit=%s\n", set, name) // its kernel and initrd are large
	}
	text := strings.Replace(string(lab), fmt.Sprintf(" %s\n", set), omit, 1)
	var kept strings.Builder
	for line := range strings.Lines(text) {
		shown := strings.HasPrefix(line, "expect") && strings.Contains(line, "/boot-screens/") && !strings.Contains(line, ".c32")
		if !shown && !strings.HasPrefix(line, "golden") {
			kept.WriteString(line)
		}
	}
	return []byte(kept.String())
}

// bootsAndFinds runs a lab, and counts what lint finds in it beyond what is expected.
func bootsAndFinds(t *testing.T, req runner.Request) (boots bool, finds int) {
	t.Helper()
	found, err := lintLab(req, script.Env{World: req.World, Server: req.Server})
	if errors.Is(err, content.ErrMissing) {
		runnertest.Skip(t, req.World, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if id, _, _ := strings.Cut(f, " "); id != "single-quotes" && id != "wrong-arch" {
			finds++
		}
	}
	return runnertest.Run(t, req).Outcome == runner.Passed, finds
}
