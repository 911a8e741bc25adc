package netboot

import (
	"context"
	"net"
	"net/netip"
	"regexp"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/qemu"
)

// A real machine boots from the server in this process. It needs no root: its wire is a pair of sockets.
func TestQEMU(t *testing.T) {
	lacks(t, "qemu", qemu.Installed("ipxe-bios", ""))
	lab := must(emulator.NewLab(emulator.LabConfig{NoHouse: true}))
	defer lab.Close()
	host := must(lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")}))
	defer serve(must(host.ListenPacket(67)), must(host.ListenPacket(69)))()
	wire, _, err := lab.Socket("pc", 0)
	spec := qemu.Spec{Name: "pc", MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 1, 1}}
	guest := must(qemu.Start(t.Context(), qemu.Config{Spec: spec, Wire: must(wire, err)}))
	defer guest.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	must(guest.Expect(ctx, regexp.MustCompile("bootrig: server 192.168.9.2 address 192.168.9.101")))
}
