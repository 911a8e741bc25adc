package runner_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/server/embedded"
)

// configurations say the same in both languages.
var configurations = map[string]string{
	"bootrig.yaml": "networks: [{network: 192.168.9.0/24}]\nboot: [{file: bootrig.0}]\ntftp: {root: /srv/tree}\n",
	"dnsmasq.conf": "port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-boot=bootrig.0\npxe-service=x86PC,Boot,bootrig\nenable-tftp\ntftp-root=/srv/tree\n",
}

// mine is a scenario as a stranger writes it: a configuration, a directory, and steps.
func mine(conf, content string, steps ...string) []byte {
	return fmt.Appendf(nil, `lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server %s
content /srv/tree %s
guest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100
expect pc got bootrig.0
%s
-- %s --
%s`, conf, content, strings.Join(steps, "\n"), conf, configurations[conf])
}

// tree is a netboot directory of one's own, below dir.
func tree(t *testing.T, dir string) {
	t.Helper()
	program, err := embedded.Read("bootrig.0")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "tree"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tree", "bootrig.0"), program, 0o644); err != nil {
		t.Fatal(err)
	}
}

func passes(t *testing.T, req runner.Request) runner.Result {
	t.Helper()
	if req.World != runner.Sim {
		req.Self = runnertest.Bootrig(t)
	}
	r := runnertest.Run(t, req)
	switch {
	case r.Outcome == runner.NotTested:
		must.Skip(t, req.World, r.Reason)
	case r.Failure != nil:
		t.Errorf("%s: %s: %s %s", req.World, r.Failure.Step, r.Failure.Reason, r.Failure.Detail)
	}
	return r
}

// TestATreeOfOnesOwnIsServedWhereverItLies serves a directory below /tmp and one below /run, both of which a run
// in real time hides from its servers.
func TestATreeOfOnesOwnIsServedWhereverItLies(t *testing.T) {
	places := []string{t.TempDir()}
	if dir, err := os.MkdirTemp("/run", "bootrig-test"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		places = append(places, dir)
	} else if !errors.Is(err, os.ErrPermission) {
		t.Fatal(err)
	}
	for _, dir := range places {
		tree(t, dir)
		for _, world := range []string{runner.Sim, runner.Tap} {
			for conf, text := range configurations {
				t.Run(world+" "+conf+" in a scenario "+dir, func(t *testing.T) {
					for _, content := range []string{"./tree", filepath.Join(dir, "tree")} {
						passes(t, runner.Request{Name: "mine.txtar", Dir: dir, World: world, Source: mine(conf, content)})
					}
				})
				t.Run(world+" "+conf+" of the host "+dir, func(t *testing.T) {
					file := filepath.Join(dir, conf)
					if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "/srv/tree", filepath.Join(dir, "tree"))), 0o644); err != nil {
						t.Fatal(err)
					}
					own := runner.Own{YAML: file}
					if conf == "dnsmasq.conf" {
						own = runner.Own{Dnsmasq: file}
					}
					steps := "lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2\nserver\n" +
						"guest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100\nexpect pc got bootrig.0\n"
					passes(t, runner.Request{Name: "mine.txtar", World: world, Source: []byte(steps), Own: own})
				})
			}
		}
	}
}

func TestContentThatIsNoDirectoryIsAMistake(t *testing.T) {
	_, err := runner.Run(t.Context(), runner.Request{Name: "mine.txtar", Dir: t.TempDir(), World: runner.Sim, Source: mine("bootrig.yaml", "./tree")})
	var wrong *runner.Mistake
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "tree: no directory to serve: there is no such directory") {
		t.Errorf("got %v", err)
	}
}

// TestAGoldenTraceMayBePartOfTheScenario keeps what a boot must look like in the one file that reproduces it.
func TestAGoldenTraceMayBePartOfTheScenario(t *testing.T) {
	dir := t.TempDir()
	tree(t, dir)
	req := runner.Request{Name: "mine.txtar", Dir: dir, World: runner.Sim, Source: mine("bootrig.yaml", "./tree")}
	trace := strings.Join(passes(t, req).Traces["pc"], "\n")
	golden := func(trace string) []byte {
		return append(mine("bootrig.yaml", "./tree", "golden pc pc.golden"), "-- pc.ours.golden --\n"+trace+"\n"...)
	}
	req.Source = golden(trace)
	passes(t, req)
	req.Source = golden(strings.Replace(trace, "bootrig.0", "other.0", 1))
	if r := runnertest.Run(t, req); r.Outcome != runner.Failed || !strings.Contains(r.Failure.Detail, "+offer {server} bootrig.0") {
		t.Errorf("another trace: %s %+v", r.Outcome, r.Failure)
	}
	req.Update = true
	if _, err := runner.Run(t.Context(), req); err == nil || !strings.Contains(err.Error(), "is part of the scenario") {
		t.Errorf("update of a trace in the scenario: %v", err)
	}
}

func TestAProfileOfOnesOwnBoots(t *testing.T) {
	dir := t.TempDir()
	tree(t, dir)
	profile, err := rom.Lookup("ipxe-bios")
	if err != nil {
		t.Fatal(err)
	}
	profile.Name, profile.UNDI = "mine", [3]byte{1, 3, 7}
	for _, world := range []string{runner.Sim, runner.Tap} {
		req := runner.Request{Name: "mine.txtar", Dir: dir, World: world, Profiles: []rom.Profile{profile}}
		req.Source = []byte(strings.Replace(string(mine("bootrig.yaml", "./tree")), "firmware=ipxe-bios", "firmware=mine", 1))
		passes(t, req)
	}
}

// TestAScenariosConfigurationIsData has a configuration that would start programs and read the host's files.
func TestAScenariosConfigurationIsData(t *testing.T) {
	witness := filepath.Join(t.TempDir(), "witness")
	secret := filepath.Join(t.TempDir(), "secret.conf")
	if err := os.WriteFile(secret, []byte("dhcp-boot=stolen.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"conf-script=touch " + witness: "a scenario starts no program",
		"conf-file=" + secret:          "secret.conf",
	} {
		src := string(mine("dnsmasq.conf", "small"))
		src = strings.Replace(src, "port=0\n", "port=0\n"+line+"\n", 1)
		_, err := runner.Run(t.Context(), runner.Request{Name: "stranger.txtar", World: runner.Sim, Source: []byte(src)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a mistake with %q", line, err, want)
		}
	}
	if _, err := os.Stat(witness); err == nil {
		t.Error("the scenario's conf-script ran")
	}
}
