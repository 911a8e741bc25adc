package raw

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/cable"
	"github.com/bootrig/bootrig/internal/must"
)

var mac = net.HardwareAddr{2, 0, 0, 0, 0, 1}

// dnsmasq gives addresses and a file at the other end of the cable: a server whose stack leaves checksums to the card.
func dnsmasq(t *testing.T, more ...string) {
	t.Helper()
	if _, err := exec.LookPath("/usr/sbin/dnsmasq"); err != nil {
		must.Skip(t, must.Peers, "needs dnsmasq: apt-get install dnsmasq-base")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "boot.0"), bytes.Repeat([]byte("boot"), 5000), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-d", "-p0", "-C/dev/null", "--user=root", "-l", dir + "/leases", "-F192.168.9.50,192.168.9.60",
		"--dhcp-boot=boot.0", "--enable-tftp", "--tftp-root=" + dir, "--no-ping"}, more...)
	server := exec.CommandContext(t.Context(), "/usr/sbin/dnsmasq", args...)
	says, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	started, line := make(chan struct{}), make([]byte, 4096)
	go func() {
		var once sync.Once
		var all strings.Builder
		for n, err := says.Read(line); err == nil; n, err = says.Read(line) {
			if all.Write(line[:n]); strings.Contains(all.String(), "TFTP root is") {
				once.Do(func() { close(started) })
			}
		}
	}()
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	select {
	case <-started:
	case <-time.After(20 * time.Second):
		t.Fatal("dnsmasq does not start")
	}
}

// boots tells what a machine fetches at this end of the cable.
func boots(t *testing.T) (emulator.Result, error) {
	t.Helper()
	lab, _, err := Join(cable.End, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	profile, err := rom.Lookup("ipxe-bios")
	if err != nil {
		t.Fatal(err)
	}
	profile.Collect.After = 10 * time.Millisecond // no proxy is there to wait for
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return lab.Boot(ctx, emulator.GuestConfig{Profile: profile, MAC: mac, FirmwareOnly: true})
}

func TestAMachineBootsFromTheNetworkOfAnInterface(t *testing.T) {
	cable.Plug(t, netip.MustParsePrefix("192.168.9.1/24"))
	dnsmasq(t, "--interface="+cable.Other)
	r, err := boots(t)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Handoff.Modules[0]; got.Name != "boot.0" || got.Size != 20000 {
		t.Errorf("it fetched %q of %d bytes", got.Name, got.Size)
	}
}

// A tagged frame is of another network, and one for this host's own MAC is the host's.
func TestWhatAWireHears(t *testing.T) {
	cable.Plug(t)
	wire, err := Open(cable.End)
	if err != nil {
		t.Fatal(err)
	}
	defer wire.Close()
	fd, other := sender(t)
	own, err := net.InterfaceByName(cable.End)
	if err != nil {
		t.Fatal(err)
	}
	frame := func(to net.HardwareAddr, rest ...byte) []byte {
		f := make([]byte, 60) // of a shorter one the kernel takes no tag off
		copy(f, to)
		copy(f[6:], []byte{2, 9, 9, 9, 9, 9})
		copy(f[12:], rest)
		return f
	}
	stranger, everybody := net.HardwareAddr{2, 3, 4, 5, 6, 7}, net.HardwareAddr{255, 255, 255, 255, 255, 255}
	for _, f := range [][]byte{
		frame(own.HardwareAddr, 0x88, 0xb5, 1),
		frame(everybody, 0x81, 0, 0, 5, 0x88, 0xb5, 2),
		frame(stranger, 0x88, 0xb5, 3),
		frame(everybody, 0x81, 0, 0xe0, 0, 0x88, 0xb5, 4), // a priority, and no VLAN
	} {
		if err := unix.Sendto(fd, f, 0, other); err != nil {
			t.Fatal(err)
		}
	}
	var heard []byte
	buffer := make([]byte, 2000)
	for len(heard) < 2 {
		_, err := wire.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(buffer[12:14], []byte{0x88, 0xb5}) { // of the kernel's IPv6 there may be more
			heard = append(heard, buffer[14])
		}
	}
	if !bytes.Equal(heard, []byte{3, 4}) {
		t.Errorf("it hears the frames %v, not 3 and 4", heard)
	}
	time.AfterFunc(time.Millisecond, func() { wire.Close() })
	for err = nil; err == nil; {
		_, err = wire.Read(buffer)
	}
	if !errors.Is(err, os.ErrClosed) {
		t.Errorf("a Read ends with %v when the wire is closed", err)
	}
}

func sender(t *testing.T) (fd int, to unix.Sockaddr) {
	t.Helper()
	wire, err := net.InterfaceByName(cable.Other)
	if err != nil {
		t.Fatal(err)
	}
	fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd, &unix.SockaddrLinklayer{Ifindex: wire.Index}
}

// A server of this host, on the interface itself, hears nothing: what is sent there goes out.
func TestAServerOfThisHostIsNotReached(t *testing.T) {
	cable.Plug(t)
	l, err := netlink.LinkByName(cable.End)
	if err == nil {
		err = netlink.AddrAdd(l, &netlink.Addr{IPNet: &net.IPNet{IP: net.IPv4(192, 168, 9, 1), Mask: net.CIDRMask(24, 32)}})
	}
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenPacket("udp4", "192.168.9.1:67")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lab, port, err := Join(cable.End, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	sent := make(chan struct{}, 100)
	host, err := lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")})
	if err != nil {
		t.Fatal(err)
	}
	lab.Do(func(_ time.Time, lan *link.LAN) {
		lan.Watch(port, func(_ time.Time, fromStation bool, _ []byte) {
			if !fromStation {
				sent <- struct{}{}
			}
		})
	})
	client, err := host.ListenPacket(68)
	if err == nil {
		_, err = client.WriteTo([]byte("anybody?"), &net.UDPAddr{IP: net.IPv4bcast, Port: 67})
	}
	if err != nil {
		t.Fatal(err)
	}
	<-sent
	_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, from, err := conn.ReadFrom(make([]byte, 100)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it hears %d bytes of %v, %v: then say so in doc.go", n, from, err)
	}
}
