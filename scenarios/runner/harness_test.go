package runner_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestTheHarnessCanFail breaks scenarios that pass, and wants the failure at the line that is broken.
func TestTheHarnessCanFail(t *testing.T) {
	for name, c := range map[string]struct {
		scenario, old, new string
		step, reason       string
	}{
		"a file that nobody asks for": {"small.txtar", "expect  one got boot/amd64/linux", "expect  one got boot/amd64/vmlinuz",
			"expect one got boot/amd64/vmlinuz", "nothing more happens"},
		"an order that is not kept": {"small.txtar", "expect  one got pxelinux.0\n", "expect  one got pxelinux.cfg/default\nexpect  one got pxelinux.0\n",
			"expect one got pxelinux.0", "nothing more happens"},
		"an answer that comes too late": {"small.txtar", "from=house within=3s", "from=house within=500ms",
			"expect one offer from=house within=500ms", "not within 500ms"},
		"a block that a slow disk has": {"slow-disk.txtar", "expect  pc got boot/amd64/linux", "expect  pc got boot/amd64/linux within=800ms",
			"expect pc got boot/amd64/linux within=800ms", "not within 800ms"},
		"a segment that a slow disk has": {"slow-disk-http.txtar", "expect  pc handoff linux", "expect  pc handoff linux within=800ms",
			"expect pc handoff linux within=800ms", "not within 800ms"},
		"a fact that must not be": {"small.txtar", "! expect one error", "! expect one miss",
			"! expect one miss", "it was seen"},
		"an ignored machine that is answered": {"ignored.txtar", "dhcp-ignore=tag:others\n", "",
			"expect shy error 'Nothing to boot'", "nothing more happens"},
		"a guest that is sent to the server's other card": {"two-nics.txtar", "boot-ack bootrig.0 from=192.168.10.2 siaddr=192.168.10.2", "boot-ack bootrig.0 from=192.168.10.2 siaddr=192.168.9.2",
			"expect two boot-ack bootrig.0 from=192.168.10.2 siaddr=192.168.9.2", "nothing more happens"},
		"a link that does not come back": {"host-links.txtar", "host    link up eth1\n", "",
			"expect three offer from=192.168.10.2", "the guest gave up"},
		"a tree that is not replaced": {"host-tree.txtar", "host    mv /srv/tftp /srv/last\nhost    mv /srv/next /srv/tftp\n", "",
			"expect two console 'release 2'", "nothing more happens"},
		"files that are not read again": {"host-hosts.txtar", "host    reload\n", "",
			"expect added ack from=server yiaddr=192.168.9.102", "the guest gave up"},
		"a mistake that is no mistake": {"host-config.txtar", "tftp-root-of-all-evil\n", "",
			"expect two console 'release 1'", "nothing more happens"},
		"a server that no relay leads to": {"relayed.txtar", "relay   office racks\n", "",
			"expect pc offer pxelinux.0 from=server", "the guest gave up"},
		"a server that has no TFTP": {"ubuntu-small.txtar", "enable-tftp\n", "",
			"expect pc got pxelinux.0", "the guest gave up"},
		"a menu without its entry": {"ubuntu-small.txtar", "include debian-installer/amd64/boot-screens/txt.cfg\n", "",
			"expect pc got debian-installer/amd64/boot-screens/txt.cfg", "nothing more happens"},
		"a kernel without its initrd": {"ubuntu-small.txtar", "initrd=debian-installer/amd64/initrd.gz --- console=ttyS0\n-- ", "--- console=ttyS0\n-- ",
			"expect pc got debian-installer/amd64/initrd.gz", "nothing more happens"},
		"a tree that is read in another order than the real one": {"ubuntu-small.txtar", "include debian-installer/amd64/boot-screens/spk.cfg\n", "",
			"golden pc golden/ubuntu.golden", "it differs"},
		"an entry that names another program": {"xenserver-small.txtar", "kernel mboot.c32", "kernel menu.c32",
			"expect pc got mboot.c32", "the guest gave up"},
		"a module that is not there": {"xenserver-small.txtar", "/tftpboot/xenserver/install.img\n-- ", "/tftpboot/xenserver/install.gz\n-- ",
			"expect pc got /tftpboot/xenserver/install.img", "the guest gave up"},
		"a hypervisor with another command line": {"xenserver-small.txtar", "xen.gz dom0_max_vcpus=2", "xen.gz dom0_max_vcpus=4",
			"cmp pc.modules want.modules", "it differs"},
		"a machine that nobody resets": {"power.txtar", "reset   hasty\n", "",
			"expect hasty got pxelinux.0", "nothing more happens"},
		"a cable that is not plugged in again": {"power.txtar", "plug    loose\n", "",
			"expect loose got boot/amd64/linux", "the guest gave up"},
		"a cable that nobody pulls": {"power.txtar", "cut     loose\n", "",
			"expect loose retry", "nothing more happens"},
		"a machine that is not switched on again": {"power.txtar", "reset   off\n", "",
			"expect off handoff linux", "nothing more happens"},
		"a machine that nobody switches off": {"power.txtar", "poweroff dark\n", "",
			"! expect dark handoff", "it was seen"},
		"more than the bound": {"small.txtar", "misses<=12", "misses<=3",
			"expect one misses<=3", "there were"},
		"other modules": {"pxelinux4.txtar", "xencons=hvc console=hvc0 console=tty0\n/", "xencons=hvc console=hvc0 console=tty1\n/",
			"cmp pc.modules want.modules", "it differs"},
		"a lab that is declared broken and is not": {"pxelinux4.txtar", "expect  pc handoff multiboot", "expect  pc handoff multiboot\nfails 'expect pc handoff multiboot' cause='x'",
			"expect pc handoff multiboot", "it came true"},
		"a broken lab with another cause": {"broken/no-initrd.txtar", "the server has no boot/amd64/initrd.gz .*the guest: Loading boot/amd64/initrd.gz", "the kernel is too old",
			"expect pc got boot/amd64/initrd.gz", "the cause should have been /the kernel is too old/"},
		"a broken lab that fails elsewhere": {"broken/no-initrd.txtar", "fails   'expect pc got boot/amd64/initrd.gz'", "fails 'expect pc got boot/amd64/linux'",
			"expect pc got boot/amd64/initrd.gz", "it should have failed at: expect pc got boot/amd64/linux"},
	} {
		t.Run(name, func(t *testing.T) {
			req := runnertest.Request(t, c.scenario, runner.Sim, "ours")
			if !bytes.Contains(req.Source, []byte(c.old)) {
				t.Fatalf("%s does not hold %q", c.scenario, c.old)
			}
			req.Source = bytes.Replace(req.Source, []byte(c.old), []byte(c.new), 1)
			req.Out = t.TempDir()
			r, err := runner.Run(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome == runner.NotTested {
				runnertest.Skip(t, req.World, r.Reason)
			}
			if r.Outcome != runner.Failed || r.Failure.Step != c.step || !strings.Contains(r.Failure.Reason, c.reason) {
				t.Errorf("%s at %+v, want a failure at %q: %s", r.Outcome, r.Failure, c.step, c.reason)
			}
			if len(r.Kept) == 0 {
				t.Error("a failed run left no pcapng")
			}
		})
	}
}

func TestAnotherTraceThanTheGoldenOneFails(t *testing.T) {
	req := runnertest.Request(t, "embedded.txtar", runner.Sim, "ours")
	golden, err := os.ReadFile(filepath.Join(req.Dir, "golden", "embedded.ours.golden"))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(golden, []byte("got {server} bootrig.0"), []byte("got {server} other.0"), 1)
	req.Dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(req.Dir, "golden"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(req.Dir, "golden", "embedded.ours.golden"), changed, 0o600); err != nil {
		t.Fatal(err)
	}
	r := runnertest.Run(t, req)
	if r.Outcome != runner.Failed || r.Failure.Step != "golden pc golden/embedded.golden" || !strings.Contains(r.Failure.Detail, "+got {server} bootrig.0") {
		t.Errorf("%s: %+v", r.Outcome, r.Failure)
	}
}
