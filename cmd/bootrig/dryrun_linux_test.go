package main

import (
	"net"
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
	dir := public(t)
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
	mac := net.HardwareAddr{2, 0, 0, 3, 0, 1}
	for late := time.Now().Add(20 * time.Second); ; {
		c.exchange(t, house, packet(mac, dhcpv4.MessageTypeDiscover))
		text, err := os.ReadFile(told)
		ok(t, err)
		if strings.Contains(string(text), "(192.168.9.1") && strings.Contains(string(text), "a dry run, so nothing is sent") {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("the dry run says\n%s", text)
		}
	}
	c.send(t, packet(mac, dhcpv4.MessageTypeDiscover).ToBytes())
	offers := 0
	for p, more := c.next(t, time.Second); more; p, more = c.next(t, time.Second) { // the last of what was sent before is among them
		if last := p.YourIPAddr.To4()[3]; last > 20 {
			t.Errorf("the dry run offers %s", p.YourIPAddr)
		}
		offers++
	}
	if offers == 0 {
		t.Error("the server that has the ports is not heard")
	}
	if _, err := os.Stat(filepath.Join(dir, "dry.db")); err == nil {
		t.Error("a dry run keeps leases")
	}
}
