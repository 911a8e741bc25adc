package netboot

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/server4"
	"github.com/pin/tftp/v3"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/server/embedded"
)

// What is in this file is there already: a boot server made of other people's libraries, that wants to be tested,
// and a directory of boot files.

// serve serves DHCP and TFTP until stop is called.
func serve(dhcp, files net.PacketConn) (stop func()) {
	leases := must(server4.NewServer("", nil, lease, server4.WithConn(dhcp)))
	go leases.Serve()
	reader := tftp.NewServer(read, nil)
	reader.EnableSinglePort()
	go reader.Serve(files)
	return reader.Shutdown
}

// lease gives a client an address by its MAC, and a boot file by its architecture.
func lease(conn net.PacketConn, peer net.Addr, request *dhcpv4.DHCPv4) {
	typ := dhcpv4.MessageTypeOffer
	if request.MessageType() == dhcpv4.MessageTypeRequest {
		typ = dhcpv4.MessageTypeAck
	}
	server, client := net.IPv4(192, 168, 9, 2), net.IPv4(192, 168, 9, 100+request.ClientHWAddr[5])
	reply := must(dhcpv4.NewReplyFromRequest(request, dhcpv4.WithMessageType(typ), dhcpv4.WithYourIP(client),
		dhcpv4.WithServerIP(server), dhcpv4.WithOption(dhcpv4.OptServerIdentifier(server))))
	if reply.BootFileName = "bootrig.0"; slices.Contains(request.ClientArch(), 7) {
		reply.BootFileName = "bootrig-x64.efi"
	}
	conn.WriteTo(reply.ToBytes(), peer)
}

// read has two boot programs.
func read(name string, to io.ReaderFrom) error {
	program, err := embedded.Read(name)
	if err == nil {
		_, err = to.ReadFrom(bytes.NewReader(program))
	}
	return err
}

// dnsmasq is another boot server, a process.
var dnsmasq = []string{"dnsmasq", "-d", "--conf-file=/dev/null", "--port=0", "--user=root", "--dhcp-leasefile=/tmp/leases",
	"--pid-file=/tmp/pid", "--dhcp-range=192.168.9.0,proxy", "--pxe-service=x86PC,Boot,bootrig",
	"--pxe-service=x86-64_EFI,Boot,bootrig-x64.efi", "--enable-tftp", "--tftp-root=/tftpboot"}

// tree is a directory of boot programs.
func tree(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"bootrig.0", "bootrig-x64.efi"} {
		if err := os.WriteFile(filepath.Join(dir, name), must(embedded.Read(name)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// pxe is the scripted firmware that boots by PXE: these servers have no HTTP.
func pxe() []rom.Profile {
	return slices.DeleteFunc(rom.Profiles(), func(p rom.Profile) bool { return p.HTTP.Boot })
}

// must is for tests: what fails ends them.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
