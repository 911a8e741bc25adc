package runner_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server/lint"
)

// visible are the labs in which something is wrong that can be seen in their files, with what lint calls
// it. All others are whole, or broken by their wire or their machines.
var visible = map[string][]string{
	"broken/no-initrd.txtar":         {"pxelinux-file pxelinux.cfg/default:4"},
	"broken/no-ldlinux.txtar":        {"ldlinux dnsmasq.conf:4", "ldlinux dnsmasq.conf:5"},
	"broken/no-pxe-service.txtar":    {"boot-only dnsmasq.conf:3"},
	"broken/old-mboot.txtar":         {"syslinux-mix pxelinux.cfg/default:3", "pxelinux-file pxelinux.cfg/default:4"}, // its Xen is not there either
	"broken/other-case.txtar":        {"pxelinux-file pxelinux.cfg/default:3"},
	"broken/page-for-kernel.txtar":   {"kernel-none pxelinux.cfg/default:3"},
	"broken/raspberry-pi-menu.txtar": {"pi-menu dnsmasq.conf:3"},
	"broken/short-kernel.txtar":      {"kernel-short pxelinux.cfg/default:3"},
	"broken/uefi-no-file.txtar":      {"boot-file dnsmasq.conf:3"},
	"broken/uefi-nobody.txtar":       {"tag-unset dnsmasq.conf:4", "ignores-all dnsmasq.conf:4"},
	"host-hosts.txtar":               {"tag-unset dnsmasq.conf:6"},                                                                                                                 // until a host step adds the machine
	"ipxe-chain.txtar":               {"boot-only dnsmasq.conf:2"},                                                                                                                 // our server needs no more
	"leases.txtar":                   {"boot-file dnsmasq.conf:6", "hidden dnsmasq.conf:6"},                                                                                        // a line that another hides
	"name-runs-on.txtar":             {"tag-unset dnsmasq.conf:3", "ignores-all dnsmasq.conf:3"},                                                                                   // the house boots it
	"names.txtar":                    {"boot-file dnsmasq.conf:3", "tag-unset dnsmasq.conf:3", "boot-file dnsmasq.conf:5", "ipxe-menu dnsmasq.conf:5", "boot-file dnsmasq.conf:6"}, // lines for others
	"menu.txtar":                     {"boot-file dnsmasq.conf:4"},                                                                                                                 // the first entry is there to be missed
	"uefi-menu.txtar":                {"boot-file dnsmasq.conf:4", "ipxe-menu dnsmasq.conf:4"},                                                                                     // here too, and iPXE would show no menu
}

// TestLintFindsWhatIsWrongWithTheLabs looks at the files of each scenario, as every world has them.
func TestLintFindsWhatIsWrongWithTheLabs(t *testing.T) {
	for _, name := range runnertest.Files(t) {
		looked := false
		for _, env := range []script.Env{{World: runner.Sim, Server: "ours"}, {World: runner.QEMU, Server: "ours"}, {World: runner.Sim, Server: "dnsmasq"}} {
			req := runnertest.Request(t, name, env.World, "dnsmasq")
			req.Server = env.Server
			found, err := lintLab(req, env)
			if errors.Is(err, content.ErrMissing) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if found == nil {
				continue
			}
			looked = true
			for _, want := range visible[name] {
				if !slices.Contains(found, want) {
					t.Errorf("%s in %s: %s is not found", name, env.World, want)
				}
			}
			rest := slices.DeleteFunc(found, func(f string) bool { return slices.Contains(visible[name], f) || expected(name, env, f) })
			if diff := cmp.Diff([]string{}, rest); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", name, env.World, diff)
			}
		}
		if !looked && visible[name] != nil {
			t.Errorf("%s was not looked at", name)
		}
	}
}

// expected tells of findings that are true of good labs too: the founding note has single quotes in its menu
// and offers pxelinux.0 to UEFI machines; a lab about DHCP alone has no configuration for its pxelinux; and in
// some a real machine gets the configuration of the stand-ins, and is left before it looks for the kernel.
func expected(name string, env script.Env, found string) bool {
	data, _ := os.ReadFile(filepath.Join(runnertest.Dir(), name))
	lab := string(data)
	switch id, _, _ := strings.Cut(found, " "); id {
	case "single-quotes", "wrong-arch":
		return true
	case "pxelinux-config":
		return strings.Contains(lab, "content /tftpboot small") && !strings.Contains(lab, "pxelinux.cfg/default --")
	case "pxelinux-file":
		return env.World == runner.QEMU && strings.Contains(lab, "[!qemu] content /tftpboot small")
	}
	return false
}

// lintLab is what lint finds in a lab, as ID and line; nil if the lab is not for env.
func lintLab(req runner.Request, env script.Env) ([]string, error) {
	settings, served, err := runner.Served(req, env)
	if err != nil || settings == nil {
		return nil, err
	}
	found := []string{}
	for _, n := range append(lint.Check(settings, served), lint.Differences(settings)...) {
		if !n.Note {
			found = append(found, n.ID+" "+n.Rule)
		}
	}
	return found, nil
}
