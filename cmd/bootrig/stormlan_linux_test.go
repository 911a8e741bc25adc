package main

import (
	"bufio"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/cable"
	"github.com/bootrig/bootrig/internal/must"
)

// lender is a real dnsmasq at the other end of the cable, which has five addresses and a file.
type lender struct {
	leases string
	says   *bufio.Scanner
}

func lends(t *testing.T) *lender {
	t.Helper()
	cable.Plug(t, netip.MustParsePrefix("192.168.9.1/24"))
	if _, err := exec.LookPath("/usr/sbin/dnsmasq"); err != nil {
		must.Skip(t, must.Peers, "needs dnsmasq: apt-get install dnsmasq-base")
	}
	dir := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(dir, "boot.0"), make([]byte, 100_000), 0o644))
	d := &lender{leases: filepath.Join(dir, "leases")}
	server := exec.CommandContext(t.Context(), "/usr/sbin/dnsmasq", "-d", "-p0", "-C/dev/null", "--user=root", "-l", d.leases, "-F192.168.9.50,192.168.9.54",
		"--dhcp-boot=boot.0", "--enable-tftp", "--tftp-root="+dir, "--no-ping", "--interface="+cable.Other)
	says, err := server.StderrPipe()
	ok(t, err)
	ok(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	d.says = bufio.NewScanner(says)
	d.wait(t, "TFTP root is")
	return d
}

// wait waits for a word of its log.
func (d *lender) wait(t *testing.T, word string) {
	t.Helper()
	for d.says.Scan() {
		if strings.Contains(d.says.Text(), word) {
			return
		}
	}
	t.Fatalf("dnsmasq did not say %q: %v", word, d.says.Err())
}

// lent is what it has not got back.
func (d *lender) lent(t *testing.T) string {
	t.Helper()
	all, err := os.ReadFile(d.leases)
	ok(t, err)
	return string(all)
}

// Five addresses are enough for seven machines, since each gives its own back.
func TestAStormOnANetworkGivesEachAddressBack(t *testing.T) {
	d := lends(t)
	go func() {
		for d.says.Scan() { // so that it can go on saying something
		}
	}()
	out, errs, code := output(t, "bootrig", "storm", "-i", cable.End, "-n", "7", "--together", "5")
	if code != 0 || !strings.Contains(out, "7 clients: 7 booted") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	announced := regexp.MustCompile(`(?m)^storm: on bootrig0, scripted machines 52:55:..:..:00:01 to 52:55:..:..:00:07, of which 5 at most have an address`)
	if !announced.MatchString(errs) {
		t.Errorf("it announces itself by\n%s", errs)
	}
	if lent := d.lent(t); lent != "" {
		t.Errorf("not given back:\n%s", lent)
	}
}

func TestAStormThatIsInterruptedGivesAllBack(t *testing.T) {
	d := lends(t)
	storm := exec.CommandContext(t.Context(), "bootrig", "storm", "-i", cable.End, "-n", "1000", "--together", "3")
	says, err := storm.StderrPipe()
	ok(t, err)
	ok(t, storm.Start())
	d.wait(t, "DHCPACK")
	go func() {
		for d.says.Scan() {
		}
	}()
	ok(t, storm.Process.Signal(os.Interrupt))
	told, err := io.ReadAll(says)
	ok(t, err)
	if _ = storm.Wait(); storm.ProcessState.ExitCode() != 130 || !strings.Contains(string(told), "interrupted") {
		t.Errorf("exit code %d\n%s", storm.ProcessState.ExitCode(), told)
	}
	if lent := d.lent(t); lent != "" {
		t.Errorf("not given back:\n%s", lent)
	}
}

// Ours stands beside a house.
func TestAStormOnANetworkOfOurs(t *testing.T) {
	housed(t, "boot.0", "boot.efi")
	out, errs, code := output(t, "bootrig", "storm", "-i", cable.End, "-n", "30", "--together", "10")
	if code != 0 || !strings.Contains(out, "30 clients: 30 booted") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	_, errs, code = output(t, "bootrig", "storm", "-i", cable.End, "--fault", "wire loss=1%")
	if code != 2 || !strings.Contains(errs, "are for a lab of its own") {
		t.Errorf("exit code %d\n%s", code, errs)
	}
	_, errs, code = output(t, "bootrig", "storm", "-i", cable.End, "-n", "1001")
	if code != 2 || !strings.Contains(errs, "1000 clients are the most") {
		t.Errorf("exit code %d\n%s", code, errs)
	}
}
