package installed

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/emulator/tap/taptest"
	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

const (
	rootVar   = "BOOTRIG_INSTALLED"      // the clean root; make installed sets it
	madeVar   = "BOOTRIG_INSTALLED_MADE" // what the test made, before it enters its namespaces
	mediumVar = "BOOTRIG_INSTALLED_MEDIUM"
)

func TestMain(m *testing.M) {
	taptest.Child(m)
	m.Run()
}

// What an administrator does, in the order of testdata/package.txtar.
func TestThePackage(t *testing.T) {
	root := clean(t)
	if os.Getenv(madeVar) == "" {
		t.Setenv(madeVar, made(t, "../../.ci/deb", "*.deb"))
		t.Setenv(mediumVar, medium(t))
	}
	taptest.Run(t, func(t *testing.T) {
		lab, host := labWithPlace(t)
		testscript.Run(t, testscript.Params{
			Files: []string{"testdata/package.txtar"},
			Setup: func(env *testscript.Env) error {
				env.Setenv("PATH", env.WorkDir+":"+os.Getenv("PATH"))
				env.Setenv("package", os.Getenv(madeVar))
				var c container
				env.Defer(c.end)
				return c.boot(host, root, env.WorkDir)
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"boots": func(ts *testscript.TestScript, neg bool, args []string) {
					if neg || len(args) != 2 {
						ts.Fatalf("usage: boots MAC PATTERN")
					}
					ts.Check(boots(lab, args[0], args[1]))
				},
			},
		})
	})
}

// docker are the capabilities of a container that docker run starts.
const docker = "+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap"

// A real machine boots from what is in the image, and nothing else, with the capabilities of a container.
func TestTheImage(t *testing.T) {
	clean(t)
	if os.Getenv(madeVar) == "" {
		t.Setenv(madeVar, made(t, "../../.ci/image", "rootfs"))
		t.Setenv(mediumVar, medium(t))
	}
	taptest.Run(t, func(t *testing.T) {
		lab, host := labWithPlace(t)
		root := os.Getenv(madeVar)
		must(t, os.WriteFile(root+"/srv/netboot.tar.gz", nil, 0o644))
		must(t, tap.Show(os.Getenv(mediumVar), root+"/srv/netboot.tar.gz"))
		image := exec.Command("setpriv", "--bounding-set=-all,"+docker, "--inh-caps=-all", "chroot", root, "/usr/bin/bootrig", "serve", "/srv/netboot.tar.gz", "-i", "eth0")
		said, err := image.StdoutPipe()
		must(t, err)
		image.Stderr = image.Stdout
		must(t, host.In(image.Start))
		lines := bufio.NewReader(said)
		for line := ""; !strings.Contains(line, " ready: "); t.Log(line) {
			line, err = lines.ReadString('\n')
			must(t, err)
		}
		go func() { _, _ = lines.WriteTo(io.Discard) }()
		must(t, boots(lab, "52:54:00:12:34:56", "installer: x86_64, started with: "))
	})
}

// clean is the clean root, and says that all is here that is needed.
func clean(t *testing.T) (root string) {
	t.Helper()
	if root = os.Getenv(rootVar); root == "" {
		lacks.Skip(t, lacks.Systemd, "make installed tests what is installed in a clean Debian root, under its systemd")
	}
	return root
}

// labWithPlace is a lab with a place for a server.
func labWithPlace(t *testing.T) (*tap.Lab, *tap.Host) {
	t.Helper()
	lab, err := tap.NewLab(emulator.LabConfig{})
	must(t, err)
	t.Cleanup(func() { lab.Close() }) // testscript.Run returns before its script has run
	host, err := lab.Host(tap.HostSpec{Name: "server", NICs: []tap.NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 1, 0, 2}, Prefix: netip.MustParsePrefix("192.168.9.2/24")}}})
	must(t, err)
	return lab, host
}

// made makes a package of what is checked out, and finds a file of it.
func made(t *testing.T, script, pattern string) (path string) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command(script, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(all) != 1 {
		t.Fatalf("%s leaves %v, %v", script, all, err)
	}
	return all[0]
}

// medium is Debian's netboot.tar.gz.
func medium(t *testing.T) (path string) {
	t.Helper()
	cache, err := content.CacheDir()
	must(t, err)
	set, err := content.LookupSet("debian")
	must(t, err)
	tree, err := content.Build("/netboot.tar.gz", cache, content.Layer{Set: set})
	if err == nil {
		err = tree.Pack(cache)
	}
	must(t, err)
	return tree.Packed()
}

// boots switches a real machine on, takes the first of what pxelinux offers and waits for a line on its console.
func boots(lab *tap.Lab, mac, pattern string) error {
	hardware, err := net.ParseMAC(mac)
	if err != nil {
		return err
	}
	wire, _, err := lab.Socket("pc", 0)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	pc, err := qemu.Start(ctx, qemu.Config{Spec: qemu.Spec{Name: "pc", MAC: hardware}, Wire: wire, Confine: tap.Confine})
	if err != nil {
		return err
	}
	defer pc.Stop()
	for _, want := range []string{"PXELINUX", pattern} {
		line, err := pc.Expect(ctx, regexp.MustCompile(want+"|No bootable device"))
		if err != nil || !regexp.MustCompile(want).MatchString(line) {
			return fmt.Errorf("waited for %q: %w; the console ends with\n%s", want, err, strings.Join(pc.Tail(20), "\n"))
		}
		if err := pc.Key("ret"); err != nil {
			return err
		}
	}
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
