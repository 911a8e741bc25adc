package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/emulator/tap/taptest"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/machines"
)

// A transcript is what a process has said so far.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *transcript) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *transcript) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// asked has a server answer a request, and gives its lines.
func asked(t *testing.T, socket string, words ...string) (lines []string) {
	t.Helper()
	code, err := control.Ask(t.Context(), socket, words, func(line string) { lines = append(lines, line) })
	ok(t, err)
	if code != 0 {
		t.Fatalf("%q is answered %d %q", words, code, lines)
	}
	return lines
}

// known are the machines that a server knows, by their MACs.
func known(t *testing.T, socket string) map[string]machines.Machine {
	t.Helper()
	all := map[string]machines.Machine{}
	for _, line := range asked(t, socket, "machines") {
		var m machines.Machine
		ok(t, json.Unmarshal([]byte(line), &m))
		all[m.MAC] = m
	}
	return all
}

// A machine without a disk is installed once: its installer is an iPXE script that asks for an address once more,
// fetches another file, and reboots. What is at its next boot is what was before: nothing.
func TestARealMachineIsInstalledOnce(t *testing.T) {
	if err := qemu.Installed("ipxe-bios", ""); err != nil {
		must.Skip(t, must.QEMU, err)
	}
	taptest.Run(t, installOnce)
}

func installOnce(t *testing.T) {
	program, err := exec.LookPath("bootrig")
	ok(t, err)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"lab.conf":     "port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-boot=tag:install,install.ipxe\ndhcp-ignore=tag:!install\nenable-tftp\ntftp-root=/lab\n",
		"install.ipxe": "#!ipxe\ndhcp\necho ${net0/ip} is being installed\nchain tftp://192.168.9.2/second.ipxe\n",
		"second.ipxe":  "#!ipxe\nreboot\n",
	} {
		ok(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	lab, err := tap.NewLab(emulator.LabConfig{})
	ok(t, err)
	defer lab.Close()
	var said transcript
	server, err := lab.Host(tap.HostSpec{
		Name: "server", NICs: []tap.NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}, Prefix: netip.MustParsePrefix("192.168.9.2/24")}},
		Argv:  []string{"/lab-bin/bootrig", "serve", "-C", "/lab/lab.conf", "-i", "eth0", "--state", "/lab/state/state.db"},
		Binds: []tap.Bind{{Host: filepath.Dir(program), Inside: "/lab-bin", ReadOnly: true}, {Host: dir, Inside: "/lab"}}, Stdout: &said,
	})
	ok(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = server.Expect(ctx, regexp.MustCompile("ready: "))
	ok(t, err)
	const mac = "52:54:00:12:34:56"
	socket := filepath.Join(dir, "state", "control.sock")
	asked(t, socket, "once", mac, until, "install")

	wire, _, err := lab.Socket("pc", 0)
	ok(t, err)
	pc, err := qemu.Start(ctx, qemu.Config{Spec: qemu.Spec{Name: "pc", Extra: []string{"-action", "reboot=reset"}}, Wire: wire, Confine: tap.Confine})
	ok(t, err)
	defer pc.Stop()
	for _, line := range []string{"192.168.9.[0-9]+ is being installed", "No bootable device"} {
		if _, err := pc.Expect(ctx, regexp.MustCompile(line)); err != nil {
			t.Fatalf("%v; the machine says\n%s\nand the server\n%s", err, strings.Join(pc.Tail(40), "\n"), said.String())
		}
	}
	if m := known(t, socket)[mac]; m.Boots != 2 || m.Mark != nil {
		t.Errorf("it has booted %d times, and is marked %v", m.Boots, m.Mark)
	}
	for _, line := range []string{"change: install begins (machines once)", "change: install is over: its next boot began (machines once)"} {
		if strings.Count(said.String(), line) != 1 {
			t.Errorf("the server does not say %q once:\n%s", line, said.String())
		}
	}
}
