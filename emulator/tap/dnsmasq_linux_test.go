package tap

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/must"
)

// dnsmasq is a host that runs the real one, with its configuration where everybody has it. It opens its
// lease file even where it leases nothing.
func dnsmasq(conf, dir string, binds ...Bind) HostSpec {
	file := filepath.Join(dir, "dnsmasq.conf")
	os.WriteFile(file, []byte(conf), 0o644)
	return HostSpec{
		Name: "dnsmasq", NICs: serverNIC,
		Argv: []string{"dnsmasq", "-d", "-C", "/etc/dnsmasq.conf",
			"--dhcp-leasefile=/run/leases", "--pid-file=/run/pid"},
		Binds: append(binds, Bind{Host: file, Inside: "/etc/dnsmasq.conf", ReadOnly: true}),
	}
}

func needDnsmasq(t testing.TB) {
	if _, err := exec.LookPath("/usr/sbin/dnsmasq"); err != nil {
		must.Skip(t, must.Peers, "needs dnsmasq: apt-get install dnsmasq-base")
	}
}

// TestDnsmasqRunsInAHost needs the capabilities that dnsmasq asks for (its DHCP socket is raw), a
// configuration at a path that the machine does not have, and a tftp-root at the top.
func TestDnsmasqRunsInAHost(t *testing.T) {
	needDnsmasq(t)
	if !inside(t) {
		return
	}
	tree := t.TempDir()
	content := bytes.Repeat([]byte("0123456789abcdef"), 1000)
	if err := os.WriteFile(tree+"/pxelinux.0", content, 0o644); err != nil {
		t.Fatal(err)
	}
	l := newLab(t)
	h := startHost(t, l, dnsmasq(`port=0
log-dhcp
dhcp-range=192.168.9.0,proxy
dhcp-boot=pxelinux.0
pxe-service=x86PC,'Network Boot',pxelinux
enable-tftp
tftp-root=/tftpboot
`, t.TempDir(), Bind{Host: tree, Inside: "/tftpboot", ReadOnly: true}))
	ready(t, h, regexpOf("TFTP root is /tftpboot"))
	var got bytes.Buffer
	client := fetch("pxelinux.0", 1408, func(block []byte) { got.Write(block) })
	plugClient(l, client)
	await(t, client.done)
	if !bytes.Equal(got.Bytes(), content) {
		t.Fatalf("fetched %d bytes, not the %d of the file; dnsmasq says %q", got.Len(), len(content), h.Tail(9))
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}

func TestAServerThatFailsSaysWhy(t *testing.T) {
	needDnsmasq(t)
	if !inside(t) {
		return
	}
	l := Drive(link.NewLAN(1))
	h := startHost(t, l, dnsmasq("port=0\nno-such-option\n", t.TempDir()))
	_, err := h.Expect(t.Context(), listening)
	want := "host dnsmasq: dnsmasq: exit status 1: dnsmasq: bad option at line 2 of /etc/dnsmasq.conf"
	if fmt.Sprint(err) != want {
		t.Errorf("it fails with %q, not %q", err, want)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Run(ended); fmt.Sprint(err) != want {
		t.Errorf("the lab ends with %q, not %q", err, want)
	}
}
