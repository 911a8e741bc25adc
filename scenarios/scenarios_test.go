package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

func TestMain(m *testing.M) { runnertest.Main(m) }

// real are the scenarios that boot real machines. The chains run against dnsmasq in our place too, and
// of the broken labs a few, since each costs a real machine's patience. Of the media those are left out whose way is
// also another's, or was seen in sim and tap: `make media` boots all. With Secure Boot TestEachFirmwareInQEMU boots.
var real = map[string][]string{
	"embedded.txtar":                 {"ours"},
	"menu.txtar":                     {"ours", "dnsmasq"},
	"ignored.txtar":                  {"ours", "dnsmasq"},
	"relayed.txtar":                  {"ours", "dnsmasq"},
	"relayed-lease.txtar":            {"ours", "dnsmasq"},
	"isolated.txtar":                 {"ours", "dnsmasq"},
	"local.txtar":                    {"ours"},
	"knobs.txtar":                    {"ours"},
	"two-nics.txtar":                 {"ours", "dnsmasq"},
	"restarted.txtar":                {"ours"},
	"host-address.txtar":             {"ours"},
	"uboot.txtar":                    {"ours"},
	"uboot-pxe.txtar":                {"ours"},
	"uefi.txtar":                     {"ours", "dnsmasq"},
	"uefi-direct.txtar":              {"ours"},
	"uefi-http.txtar":                {"ours"},
	"uefi-menu.txtar":                {"ours", "dnsmasq"},
	"uefi-ipxe.txtar":                {"ours", "dnsmasq"},
	"uefi-ipxe-direct.txtar":         {"ours"},
	"uefi-ipxe-program.txtar":        {"ours"},
	"uefi-shim.txtar":                {"ours"},
	"uefi-snponly.txtar":             {"ours"},
	"undionly.txtar":                 {"ours"},
	"lpxelinux.txtar":                {"ours"},
	"ubuntu.txtar":                   {"ours", "dnsmasq"},
	"xenserver.txtar":                {"ours", "dnsmasq"},
	"media/debian-arm64.txtar":       {"ours"},
	"media/starts.txtar":             {"ours"},
	"media/ubuntu-live.txtar":        {"ours"},
	"media/xenserver.txtar":          {"ours"},
	"media/xenserver-uefi.txtar":     {"ours"},
	"broken/no-ldlinux.txtar":        {"ours"},
	"broken/dead-tftp.txtar":         {"ours"},
	"broken/little-memory.txtar":     {"ours"},
	"broken/uefi-no-file.txtar":      {"ours"},
	"broken/uefi-bios-program.txtar": {"ours"},
	"broken/uefi-dead-4011.txtar":    {"ours"},
}

func TestScenariosInSim(t *testing.T) {
	for _, name := range runnertest.Files(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, runnertest.Request(t, name, runner.Sim, "ours"))
		})
	}
}

func TestScenariosInTap(t *testing.T) {
	for _, name := range runnertest.Files(t) {
		for _, server := range []string{"ours", "dnsmasq"} {
			t.Run(name+"/"+server, func(t *testing.T) {
				t.Parallel()
				check(t, runnertest.Request(t, name, runner.Tap, server))
			})
		}
	}
}

// TestScenariosInQEMU has as many runs at once as the runner finds room for: a processor core for each machine.
func TestScenariosInQEMU(t *testing.T) {
	if testing.Short() {
		t.Skip("real machines take minutes")
	}
	for _, name := range runnertest.Files(t) {
		for _, server := range real[name] {
			t.Run(name+"/"+server, func(t *testing.T) {
				t.Parallel()
				check(t, runnertest.Request(t, name, runner.QEMU, server))
			})
		}
	}
}

// check runs a request, whose verdict must be good, and looks at what crossed the wire with tshark.
func check(t *testing.T, req runner.Request) {
	t.Helper()
	req.Out, req.Keep = os.Getenv("BOOTRIG_KEEP"), true // where captures of what failed are to be found
	if req.Out == "" {
		req.Out = t.TempDir()
	}
	r := runnertest.Run(t, req)
	t.Cleanup(func() { remove(t, r.Kept) })
	switch {
	case r.Skipped:
		t.Skip(r.Reason)
	case r.Outcome == runner.NotTested:
		runnertest.Skip(t, req.World, r.Reason)
	case r.Failure != nil:
		t.Errorf("%s:%d: %s\n%s\ncause: %s\n%s\nagain: %s", r.Failure.File, r.Failure.Line, r.Failure.Step, r.Failure.Reason, r.Failure.Cause, r.Failure.Detail, r.Rerun)
	}
	if req.World == runner.QEMU {
		seen(t, r)
	}
	for _, name := range r.Kept {
		if strings.HasSuffix(name, ".pcapng") {
			t.Run("tshark", func(t *testing.T) { wellFormed(t, name) })
		}
	}
}

// remove removes what a run kept, unless the test failed.
func remove(t *testing.T, kept []string) {
	t.Helper()
	if t.Failed() || len(kept) == 0 {
		return
	}
	if err := os.RemoveAll(filepath.Dir(kept[0])); err != nil {
		t.Error(err)
	}
}

// seen wants of each real machine how it was started, and pictures of its screen. Those without a graphics card have none.
func seen(t *testing.T, r runner.Result) {
	for _, g := range r.Guests {
		if !strings.HasPrefix(g.Command, "qemu-system") || len(g.Screens) == 0 && g.Firmware == "ipxe-bios" {
			t.Errorf("%s: command %q, screens %v", g.Name, g.Command, g.Screens)
		}
		for _, s := range g.Screens {
			if !slices.Contains(r.Kept, filepath.Join(filepath.Dir(r.Kept[0]), s.File)) {
				t.Errorf("%s is not among what is kept: %q", s.File, r.Kept)
			}
		}
	}
}

func TestEveryScenarioFileIsRead(t *testing.T) {
	for _, name := range runnertest.Files(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := script.Parse(name, data); err != nil {
			t.Error(err)
		}
	}
}

// TestTheNotesConfigurationIsKept compares with the founding note, byte for byte.
func TestTheNotesConfigurationIsKept(t *testing.T) {
	const conf = `port=0
log-dhcp
dhcp-range=192.168.9.0,proxy
dhcp-boot=pxelinux.0
pxe-service=x86PC,'Network Boot',pxelinux
enable-tftp
tftp-root=/tftpboot
`
	const xen = `default xenserver
label xenserver
kernel mboot.c32
    append /tftpboot/xenserver/xen.gz dom0_max_vcpus=2 dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1,vga ---  /tftpboot/xenserver/vmlinuz xencons=hvc console=hvc0 console=tty0 ---  /tftpboot/xenserver/install.img
`
	for name, want := range map[string][]string{
		"ubuntu.txtar":          {"-- dnsmasq.conf --\n" + conf + "-- "},
		"ubuntu-small.txtar":    {"-- dnsmasq.conf --\n" + conf + "-- "},
		"xenserver.txtar":       {"-- dnsmasq.conf --\n" + conf + "-- ", "-- /tftpboot/pxelinux.cfg/default --\n" + xen + "-- "},
		"xenserver-small.txtar": {"-- dnsmasq.conf --\n" + conf + "-- ", "-- /tftpboot/pxelinux.cfg/default --\n" + xen + "-- "},
	} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s does not hold the note's\n%s", name, text)
			}
		}
	}
}
