package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/internal/cable"
)

// A mirror is a wire of one's own: what is put in at one end passes the interface, whoever it is for.
func mirror(t *testing.T) (put func(frame []byte)) {
	t.Helper()
	cable.Plug(t)
	wire, err := netlink.LinkByName(cable.Other)
	ok(t, err)
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	ok(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return func(frame []byte) {
		ok(t, unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: wire.Attrs().Index}))
	}
}

// A machine boots, and what it fetched ends; then it boots from another server, in a VLAN. The first is told while the
// wire is listened to, and the second at the end.
func TestBootsAreToldAsTheyPassAnInterface(t *testing.T) {
	put := mirror(t)
	replay := func(name string, tag ...byte) {
		file, err := os.Open("../../testdata/captures/" + name)
		ok(t, err)
		defer file.Close()
		ok(t, observe.Read(file, func(_ time.Time, frame []byte) { put(slices.Concat(frame[:12], tag, frame[12:])) }))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	listener := exec.CommandContext(ctx, "bootrig", "explain", "-i", cable.End)
	told, err := listener.StdoutPipe()
	ok(t, err)
	says, err := listener.StderrPipe()
	ok(t, err)
	ok(t, listener.Start())
	if line, err := bufio.NewReader(says).ReadString('\n'); err != nil || line != "listening on bootrig0; ^C ends it\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	replay("ipxe-efi-direct.pcap")
	replay("ovmf-menu.pcap", 0x81, 0, 0, 5)
	var live bytes.Buffer
	lines := bufio.NewScanner(told)
	for lines.Scan() && !strings.Contains(lines.Text(), "what to do") {
		live.WriteString(lines.Text() + "\n")
	}
	for _, want := range []string{"52:54:00:12:34:56 at ", "boot server 192.168.9.2\n", "  came-back (certain): the firmware asks anew after it fetched efi/bootrig.efi"} {
		if !strings.Contains(live.String(), want) {
			t.Errorf("it tells\n%s, want %q", &live, want)
		}
	}
	ok(t, listener.Process.Signal(os.Interrupt))
	var rest strings.Builder
	for lines.Scan() {
		rest.WriteString(lines.Text() + "\n")
	}
	_, _ = io.Copy(io.Discard, says)
	err = listener.Wait()
	if code := listener.ProcessState.ExitCode(); code != 1 {
		t.Errorf("it exits with %d: %v", code, err)
	}
	if got := rest.String(); !strings.Contains(got, "booted (possible): it fetched efi/bootrig.efi") || strings.Count(got, " at ") != 1 {
		t.Errorf("at the end it tells\n%s", got)
	}
}
