package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// A dry run beside the server that has the ports of this host tells what it would answer, and the machines hear of that
// server alone.
func TestADryRunSaysNothingToAnybody(t *testing.T) {
	c := lab(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		ok(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	told := filepath.Join(dir, "told")
	dry := &victim{under: []string{"sh", "-c", `exec "$@" >"$0" 2>&1`, told},
		args: []string{"serve", "--dry-run", "-v", "-C", write("dry.conf", "port=0\ndhcp-range=192.168.9.100,192.168.9.120\ndhcp-boot=pxelinux.0\nenable-tftp\ntftp-root="+dir+"\n"),
			"-i", "eth0", "--http", "80", "--state", filepath.Join(dir, "dry.db"), "--socket", filepath.Join(dir, "dry.sock")}}
	house := &victim{args: []string{"serve", "-C", write("house.conf", "port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.20\n"), "-i", "eth0", "--state", filepath.Join(dir, "state.db")}}
	for _, s := range []*victim{house, dry} {
		s.start(t)
		defer s.end()
		defer func() { _ = s.process.Process.Kill() }()
	}
	for late := time.Now().Add(20 * time.Second); ; {
		p := packet([]byte{2, 0, 0, 3, 0, 1}, dhcpv4.MessageTypeDiscover)
		if got := c.exchange(t, house, p).YourIPAddr.String(); !strings.HasPrefix(got, "192.168.9.1") || len(got) > len("192.168.9.20") {
			t.Fatalf("%s was offered", got)
		}
		text, err := os.ReadFile(told)
		ok(t, err)
		if strings.Contains(string(text), "(192.168.9.1") && strings.Contains(string(text), "a dry run, so nothing is sent") {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("the dry run says\n%s", text)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "dry.db")); err == nil {
		t.Error("a dry run keeps leases")
	}
}
