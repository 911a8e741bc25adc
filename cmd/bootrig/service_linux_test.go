package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

const unitFile = "packaging/bootrig.service"

// unit are the settings of the service.
func unit(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(unitFile)
	ok(t, err)
	all := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if key, value, is := strings.Cut(strings.TrimSpace(line), "="); is {
			all[key] = value
		}
	}
	return all
}

// What the unit starts runs as anybody with the capabilities that the unit gives, and none is left to regain another by.
func TestTheServiceNeedsNoMoreThanItsUnitGives(t *testing.T) {
	c := lab(t)
	u := unit(t)
	dir := public(t)
	state, conf := filepath.Join(dir, "state"), filepath.Join(dir, "bootrig.yaml")
	ok(t, os.Mkdir(state, 0o700))
	const nobody = 65534
	ok(t, os.Chown(state, nobody, nobody))
	ok(t, os.WriteFile(conf, []byte("interfaces: {names: [eth0]}\nleases: {ranges: [{from: 192.168.9.10, to: 192.168.9.200}], no-ping: true}\ntftp: {root: "+dir+"}\n"), 0o644))
	line := strings.NewReplacer("/etc/bootrig/bootrig.yaml", conf, "/var/lib/bootrig", state, "/run/bootrig", state, "$OPTIONS", "").Replace(u["ExecStart"])
	program := copied(t, filepath.Join(dir, "bootrig"))
	capabilities := strings.ToLower(strings.ReplaceAll("+"+strings.ReplaceAll(u["AmbientCapabilities"], " ", ",+"), "CAP_", ""))
	server := &victim{
		under:   []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all," + capabilities, "--inh-caps=-all," + capabilities, "--ambient-caps=-all," + capabilities},
		program: program, args: strings.Fields(line)[1:],
	}
	server.start(t)
	defer server.end()
	defer func() { _ = server.process.Process.Kill() }()
	c.become(t, server, 1)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.process.Process.Pid))
	ok(t, err)
	for _, want := range []string{`Uid:\s65534\s65534\s65534\s65534`, `Groups:\s*\n`, `CapPrm:\s0000000000002400`, `CapEff:\s0000000000002400`, `CapBnd:\s0000000000002400`, `NoNewPrivs:\s1`} {
		if !regexp.MustCompile(want).Match(status) {
			t.Errorf("%s\nlacks %s", status, want)
		}
	}
	if got, code := says(t, "leases", "--socket", filepath.Join(state, "control.sock")); code != 0 || !strings.Contains(got, "02:00:00:02:00:01") {
		t.Errorf("bootrig leases exits with %d and says %s", code, got)
	}
}

// copied is the program, where anybody may start it.
func copied(t *testing.T, path string) string {
	t.Helper()
	from, err := exec.LookPath("bootrig")
	ok(t, err)
	data, err := os.ReadFile(from)
	ok(t, err)
	ok(t, os.WriteFile(path, data, 0o755))
	return path
}

func TestTheUnitIsTight(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		must.Skip(t, must.Systemd, "systemd-analyze is not installed")
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "--threshold=30", unitFile).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The configuration of the package has no mistake, and says nothing yet.
func TestThePackagesConfigurationWaitsForItsAdministrator(t *testing.T) {
	got, code := says(t, "check", "-c", "packaging/bootrig.yaml")
	if code != 1 || !strings.Contains(got, "there is nothing to serve") {
		t.Errorf("bootrig check exits with %d and says\n%s", code, got)
	}
}

// The root of the container image has all that the program needs.
func TestTheImagesRootServes(t *testing.T) {
	c := lab(t)
	out := public(t)
	if text, err := exec.Command("../../.ci/image", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	root := filepath.Join(out, "rootfs")
	ok(t, os.WriteFile(filepath.Join(root, "lab.conf"), []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\n"), 0o644))
	server := &victim{under: []string{"chroot", root}, program: "/usr/bin/bootrig", args: []string{"serve", "-C", "/lab.conf", "-i", "eth0"}}
	server.start(t)
	defer server.end()
	defer func() { _ = server.process.Process.Kill() }()
	c.become(t, server, 1)
	if got, code := says(t, "leases", "--socket", filepath.Join(root, "run/bootrig/control.sock")); code != 0 || !strings.Contains(got, "02:00:00:02:00:01") {
		t.Errorf("bootrig leases exits with %d and says %s", code, got)
	}
}
