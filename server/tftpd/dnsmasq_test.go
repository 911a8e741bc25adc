//go:build linux

package tftpd

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"

	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/content"
)

// inNamespace tells the re-executed test that it is alone in its network namespace.
const inNamespace = "BOOTRIG_TFTPD_IN_NAMESPACE"

// further are decisions that the capture does not have.
var further = []decision{
	{name: "version.info/x", mode: "octet"},
	{name: "link", mode: "octet"},
	{name: "absolute", mode: "octet"},
	{name: "loop", mode: "octet"},
	{name: "secret", mode: "octet"},
	{name: "version.info", mode: "netascii", options: "tsize\x000\x00blksize\x00100\x00"},
	{name: "version.info", mode: "octet", options: "blksize\x00100000\x00"},
	{name: "version.info", mode: "octet", options: "BlkSize\x00600\x00tsize\x000\x00"},
	{name: "empty", mode: "octet", options: "tsize\x000\x00"},
	{name: "debian-installer/", mode: "octet"},
	{name: "debian-installer/amd64/../amd64/xx", mode: "octet"},
	{name: strings.Repeat("x", 300), mode: "octet"},
}

// ours is where we answer otherwise than this dnsmasq, beside the intended differences of the capture.
var ours = map[string]string{
	// A file used as a directory, and a name that no directory can hold, are misses.
	"version.info/x octet ":              "\x00\x05\x00\x01",
	strings.Repeat("x", 300) + " octet ": "\x00\x05\x00\x01",
	// On a loopback dnsmasq does not ask for the MTU. The capture is from a bridge, where it did.
	"version.info octet TSIZE\x000\x00blksize\x0065464\x00": "\x00\x06blksize\x001468\x00tsize\x0066\x00",
	"version.info octet blksize\x00100000\x00":              "\x00\x06blksize\x001468\x00",
}

// TestTheRealDnsmasqDecidesAlike runs dnsmasq and Serve side by side on two addresses of a loopback
// with the MTU of an Ethernet, in a namespace of their own, and asks both the same.
func TestTheRealDnsmasqDecidesAlike(t *testing.T) {
	if os.Getenv(inNamespace) == "" {
		inOwnNamespace(t)
		return
	}
	lo, err := netlink.LinkByName("lo")
	if err == nil {
		err = netlink.LinkSetMTU(lo, 1500)
	}
	if err == nil {
		err = netlink.LinkSetUp(lo)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := captureTree(t)
	theirs := netip.MustParseAddrPort("127.0.0.2:69")
	startDnsmasq(t, dir, theirs)
	mine := startOurs(t, dir)
	for _, d := range append(decisions(t), further...) {
		key := d.name + " " + d.mode + " " + d.options
		d.name = strings.ReplaceAll(d.name, "/tftpboot.debian", dir)
		want, _, _ := exchange(t, theirs, d.packet())
		got, _, _ := exchange(t, mine, d.packet())
		t.Logf("%.60q: dnsmasq %.70q, ours %.70q", key, want, got)
		if other, ok := intended[key]; ok {
			want = other
		}
		if other, ok := ours[key]; ok {
			want = other
		}
		if !alike(want, got) {
			t.Errorf("%.60q is answered\n%.70q, want\n%.70q", key, got, want)
		}
	}
}

func inOwnNamespace(t *testing.T) {
	if _, err := exec.LookPath("/usr/sbin/dnsmasq"); err != nil {
		lacks.Skip(t, lacks.Peers, "dnsmasq is not installed: our decisions were compared with the capture only")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, must(os.Executable()), "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	// With a pid namespace dnsmasq dies with the test, however that ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		lacks.Skip(t, lacks.Tap, "no network namespace can be made: ", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
}

// captureTree is a directory like the one the capture was made with, and some more.
func captureTree(t *testing.T) string {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "debian-installer/amd64"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"version.info": versionInfo, "empty": "", "debian-installer/amd64/xx": "xx", "secret": "secret"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "secret"), 0o640); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"link": "version.info", "absolute": filepath.Join(dir, "version.info"), "loop": "loop"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func startDnsmasq(t *testing.T, dir string, at netip.AddrPort) {
	// With --no-daemon it stays who it is; a user namespace knows no other.
	cmd := exec.Command("/usr/sbin/dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--pid-file=", "--port=0",
		"--bind-interfaces", "--listen-address="+at.Addr().String(), "--enable-tftp", "--tftp-root="+dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	conn := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	defer conn.Close()
	buf := make([]byte, 1500)
	for range 200 {
		must(conn.WriteToUDPAddrPort(Request{Name: "nosuch", Mode: "octet"}.Append(nil), at))
		_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, _, err := conn.ReadFromUDPAddrPort(buf); err == nil {
			return
		}
	}
	t.Fatal("dnsmasq does not answer")
}

func startOurs(t *testing.T, dir string) netip.AddrPort {
	tree, err := content.OpenDir(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	at := netip.MustParseAddrPort("127.0.0.3:69")
	conn := must(Listen(at))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, Config{Tree: tree}, conn) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		tree.Close()
	})
	return at
}
