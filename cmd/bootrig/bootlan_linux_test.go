package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/raw"
	"github.com/bootrig/bootrig/internal/cable"
	"github.com/bootrig/bootrig/scenarios/trial"
)

// housed is a network behind eth0 with a DHCP server, and ours beside it, which has these files.
func housed(t *testing.T, files ...string) {
	t.Helper()
	cable.Plug(t, netip.MustParsePrefix("192.168.9.2/24"))
	lab, _, err := raw.Join(cable.Other, 1)
	ok(t, err)
	t.Cleanup(func() { ok(t, lab.Close()) })
	lab.Do(func(_ time.Time, lan *link.LAN) {
		lan.Plug("house", house.New(house.Config{Addr: netip.MustParsePrefix("192.168.9.1/24")}))
	})
	tree := t.TempDir()
	ok(t, os.Chmod(filepath.Dir(tree), 0o755))
	conf := filepath.Join(tree, "dnsmasq.conf")
	ok(t, os.WriteFile(conf, []byte("port=0\ndhcp-range=192.168.9.0,proxy\npxe-service=x86PC,Boot,boot\npxe-service=X86-64_EFI,Boot,boot.efi\n"+
		"dhcp-pxe-vendor=PXEClient,HTTPClient\ndhcp-vendorclass=set:http,HTTPClient\ndhcp-boot=tag:http,http://192.168.9.2/http.efi\n"+
		"enable-tftp\ntftp-root="+tree+"\ninterface="+cable.Other+"\n"), 0o644))
	ok(t, os.WriteFile(filepath.Join(tree, "http.efi"), x64(300_000), 0o644))
	for _, name := range files {
		ok(t, os.WriteFile(filepath.Join(tree, name), append([]byte{0xea}, make([]byte, 5000)...), 0o644))
	}
	server := exec.CommandContext(t.Context(), "bootrig", "serve", "-C", conf, "--http", "80")
	says, err := server.StdoutPipe()
	ok(t, err)
	ok(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	lines := bufio.NewScanner(says)
	for lines.Scan() && !strings.Contains(lines.Text(), "ready") {
	}
	ok(t, lines.Err())
}

// x64 is a UEFI program, as far as its header says.
func x64(size int) []byte {
	b := make([]byte, size)
	copy(b, "MZ")
	b[0x3c] = 0x80
	copy(b[0x80:], "PE\x00\x00\x64\x86")
	return b
}

// output is what a command prints, and its exit code.
func output(t *testing.T, words ...string) (out, errs string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var told bytes.Buffer
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Stderr = &told
	b, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return string(b), told.String(), code
}

// Our server stands beside a house, and gives UEFI machines a program that is none for them.
func TestBootOnTheNetworkOfAnInterface(t *testing.T) {
	housed(t, "boot.0", "boot.efi")
	out, errs, code := output(t, "bootrig", "boot", "ipxe-bios", "-i", cable.End, "--listen", "0s")
	for _, want := range []string{"ipxe-bios as 02:62:72:", "s  OFFER of 192.168.9.1 (52:54:00:00:00:01), DHCP server; address 192.168.9.100;", "s  OFFER of 192.168.9.2 (",
		"downloaded boot.0: 5001 bytes, a program of no kind that is known", "\n  would boot\n"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, and wanted is %q in\n%s", code, want, out)
		}
	}
	if !strings.HasPrefix(errs, "note: this host listens on UDP port 4011 itself") {
		t.Errorf("of the server on this host it says %q", errs)
	}
}

// By HTTP the file comes in more bytes at once than a frame has: the stack of our server leaves that to a card too.
func TestHTTPBootOnTheNetworkOfAnInterface(t *testing.T) {
	housed(t)
	out, _, code := output(t, "bootrig", "boot", "ovmf-x64-http", "-i", cable.End, "--listen", "0s")
	for _, want := range []string{"file http://192.168.9.2/http.efi; option 60 HTTPClient", "the first one counts, one whose URL", "downloaded /http.efi: 300000 bytes, efi x86_64 for UEFI", "\n  would boot\n"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, and wanted is %q in\n%s", code, want, out)
		}
	}
}

// The same for two machines at once, and for one of a capture, which was answered by another server.
func TestExplainTries(t *testing.T) {
	housed(t, "boot.0", "boot.efi")
	out, _, code := output(t, "bootrig", "explain", "--try", "-i", cable.End, "--listen", "0s", "--profile", "ipxe-bios", "--profile", "ipxe-efi", "--json", "--mac", "52:54:00:12:34:56")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != 3 {
		t.Fatalf("exit code %d, and it prints\n%s", code, out)
	}
	var bios, efi trial.Trial
	var table trial.Table
	ok(t, errors.Join(json.Unmarshal([]byte(lines[0]), &bios), json.Unmarshal([]byte(lines[1]), &efi), json.Unmarshal([]byte(lines[2]), &table)))
	if !bios.Boots || efi.Boots || efi.MAC != "52:54:00:12:34:56" || efi.File == nil || efi.File.Wrong != "it is no UEFI program" {
		t.Errorf("a BIOS machine boots: %t, a UEFI one: %t with %v", bios.Boots, efi.Boots, efi.File)
	}
	if diff := cmp.Diff([]string{"option 43", "boot file", "fetched", "ends"}, differing(table)); diff != "" {
		t.Errorf("what differs (-want +got):\n%s", diff)
	}
	out, _, code = output(t, "bootrig", "explain", "../../testdata/captures/A-control.pcap", "--try", "-i", cable.End, "--listen", "0s")
	for _, want := range []string{"ipxe-bios as 02:62:72:", "52:54:00:12:34:56 in the capture", "\n! boot file"} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, and wanted is %q in\n%s", code, want, out)
		}
	}
}

func differing(table trial.Table) (what []string) {
	for _, r := range table.Rows {
		if r.Differs {
			what = append(what, r.What)
		}
	}
	return what
}

func TestBootSaysWhyAnInterfaceCannotBeTried(t *testing.T) {
	cable.Plug(t)
	own, err := net.InterfaceByName(cable.End)
	ok(t, err)
	for _, tc := range []struct {
		name  string
		words []string
		code  int
		want  string
	}{
		{"without the right to send frames", []string{"setpriv", "--bounding-set=-net_raw", "bootrig", "boot", "ipxe-bios", "-i", cable.End}, 3,
			"send frames on bootrig0: operation not permitted: root may, and who has CAP_NET_RAW (sudo, or once and for all: sudo setcap cap_net_raw+ep "},
		{"no such interface", []string{"bootrig", "boot", "ipxe-bios", "-i", "eth7"}, 2, "this host has no interface eth7 (ip link lists them)"},
		{"no Ethernet", []string{"bootrig", "boot", "ipxe-bios", "-i", "lo"}, 3, "lo is no Ethernet"},
		{"a firmware that is not scripted", []string{"bootrig", "boot", "ovmf-x64-secure", "-i", cable.End}, 2, `scripted firmware boots: "ovmf-x64-secure" is none of ipxe-bios, `},
		{"a MAC that is none", []string{"bootrig", "boot", "ipxe-bios", "-i", cable.End, "--mac", "01:00:5e:00:00:01"}, 2, "--mac 01:00:5e:00:00:01 is no MAC of a machine"},
		{"this host's MAC", []string{"bootrig", "boot", "ipxe-bios", "-i", cable.End, "--mac", own.HardwareAddr.String()}, 2, "is this host's own, whose stack would answer too"},
		{"a UUID that is none", []string{"bootrig", "boot", "ipxe-bios", "-i", cable.End, "--uuid", "1"}, 2, "--uuid 1: no UUID, such as"},
		{"a server of a lab", []string{"bootrig", "boot", "ipxe-bios", "-i", cable.End, "--server", "dnsmasq"}, 2, "with -i the servers are those of that network"},
		{"--try without a network", []string{"bootrig", "explain", "--try"}, 2, "say which by -i"},
		{"--try with a firmware that is not scripted", []string{"bootrig", "explain", "--try", "-i", cable.End, "--profile", "seabios"}, 2, `"seabios" is none of`},
		{"--profile without --try", []string{"bootrig", "explain", "--profile", "ipxe-bios", "-i", cable.End}, 2, "are for --try"},
		{"-i is for the flags", []string{"bootrig", "boot", "ipxe-bios", "--discover-only"}, 2, "--discover-only, --mac and --uuid are for -i"},
	} {
		if _, errs, code := output(t, tc.words...); code != tc.code || !strings.Contains(errs, tc.want) {
			t.Errorf("%s: exit code %d, not %d, and wanted is %q in\n%s", tc.name, code, tc.code, tc.want, errs)
		}
	}
}

func TestAServerOfThisHostIsSeen(t *testing.T) {
	const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  142: 00000000:%s 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 34567 2 0000000000000000 0
`
	for port, want := range map[string]int{"0043": 67, "0FAB": 4011, "0044": 0} {
		if diff := cmp.Diff(want, bootPort(strings.Replace(table, "%s", port, 1))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", port, diff)
		}
	}
}
