package qemu_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/netip"
	"regexp"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/qemu"
)

// A real machine on a lab, beside servers of this process. It needs no root.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lab, err := emulator.NewLab(emulator.LabConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer lab.Close()
	host, err := lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")})
	if err != nil {
		log.Fatal(err)
	}
	_ = host // host.ListenPacket(69) is for a TFTP server
	wire, _, err := lab.Socket("pc", 0)
	if err != nil {
		log.Fatal(err)
	}
	guest, err := qemu.Start(ctx, qemu.Config{Spec: qemu.Spec{Name: "pc", MAC: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, Wire: wire})
	if err != nil {
		log.Fatal(err)
	}
	defer guest.Stop()
	fmt.Println(guest.Expect(ctx, regexp.MustCompile("Nothing to boot")))
}
