// Package must tells a skip that is allowed from one that is not: a machine that was promised to have
// something, and lacks it, is red and not green. Where the skip is allowed, it is said.
package must

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// What tests may lack. BOOTRIG_MUST names those that this machine has, as a list with commas; CI's has all.
const (
	Sim      = "sim"     // the simulated world, which every machine has
	Tap      = "tap"     // TAPs and namespaces, those of an ordinary user too
	QEMU     = "qemu"    // real guests
	Root     = "root"    // what only root may do on this host
	Peers    = "peers"   // other people's programs: dnsmasq, tshark, perfdhcp, atftp, curl, the assembler
	Content  = "content" // the Debian packages of boot files
	Systemd  = "systemd" // its programs, and the clean root that make installed starts one in
	Packager = "nfpm"    // what makes the Debian package, where make deb has built it
	Archive  = "archive" // Debian's archive of sid, where make deps found it; nobody has to
)

// Skip skips the test, which lacks something here, or fails it where BOOTRIG_MUST names what.
func Skip(t testing.TB, what string, reason ...any) {
	t.Helper()
	if err := Lack(what, fmt.Sprint(reason...)); err != nil {
		t.Fatal(err)
	}
	t.Skip(reason...)
}

// Lack is for tests that have a way of their own to skip: it is an error where BOOTRIG_MUST names what.
func Lack(what, reason string) error { return lack(tell, what, reason) }

func lack(tell func(string), what, reason string) error {
	if slices.Contains(strings.Split(os.Getenv("BOOTRIG_MUST"), ","), what) {
		return fmt.Errorf("BOOTRIG_MUST says that this machine has %s: %s", what, reason)
	}
	first, _, _ := strings.Cut(reason, "\n")
	tell("not tested, for lack of " + what + ": " + first)
	return nil
}
