package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/server4"
	"github.com/pin/tftp/v3"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/rom"
)

// serve is somebody's boot server: DHCP by insomniacslk/dhcp, TFTP by pin/tftp.
func serve(dhcp, files net.PacketConn) (stop func()) {
	leases, err := server4.NewServer("", nil, lease, server4.WithConn(dhcp))
	if err != nil {
		log.Fatal(err)
	}
	go leases.Serve()
	reader := tftp.NewServer(read, nil)
	reader.EnableSinglePort()
	go reader.Serve(files)
	return reader.Shutdown
}

// lease gives every client one address and a boot file for its architecture.
func lease(conn net.PacketConn, peer net.Addr, request *dhcpv4.DHCPv4) {
	server, file := net.IPv4(192, 168, 9, 2), "boot.0"
	if slices.Contains(request.ClientArch(), 7) {
		file = "boot.efi"
	}
	typ := dhcpv4.MessageTypeOffer
	if request.MessageType() == dhcpv4.MessageTypeRequest {
		typ = dhcpv4.MessageTypeAck
	}
	reply, err := dhcpv4.NewReplyFromRequest(request, dhcpv4.WithMessageType(typ),
		dhcpv4.WithYourIP(net.IPv4(192, 168, 9, 100)), dhcpv4.WithServerIP(server),
		dhcpv4.WithOption(dhcpv4.OptServerIdentifier(server)), dhcpv4.WithNetmask(net.CIDRMask(24, 32)))
	if err != nil {
		log.Fatal(err)
	}
	reply.BootFileName = file
	conn.WriteTo(reply.ToBytes(), peer)
}

// read has two boot programs: one without a header for BIOS machines, a PE image for x64 UEFI.
func read(name string, to io.ReaderFrom) error {
	program := append(make([]byte, 5000), "BIOS"...)
	if name == "boot.efi" {
		copy(program, "MZ")
		program[0x3c] = 0x40
		copy(program[0x40:], "PE\x00\x00\x64\x86")
	}
	_, err := to.ReadFrom(bytes.NewReader(program))
	return err
}

// boot boots computers with these firmwares against that server, one after the other.
func boot(ctx context.Context, profiles ...rom.Profile) error {
	lab, err := emulator.NewLab(emulator.LabConfig{NoHouse: true})
	if err != nil {
		return err
	}
	defer lab.Close()
	host, err := lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")})
	if err != nil {
		return err
	}
	dhcp, err := host.ListenPacket(67)
	if err != nil {
		return err
	}
	files, err := host.ListenPacket(69)
	if err != nil {
		return err
	}
	defer serve(dhcp, files)() // before the lab ends
	mac := net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	for _, profile := range profiles {
		result, err := lab.Boot(ctx, emulator.GuestConfig{Profile: profile, MAC: mac, FirmwareOnly: true})
		if err != nil {
			return fmt.Errorf("%s: %w", profile.Name, err)
		}
		fmt.Println(profile.Name, "boots", result.Handoff.Modules[0].Name)
	}
	return nil
}

// Any Go server stands on a host of the lab, in this process. Nothing here needs root.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ipxe, err := rom.Lookup("ipxe-bios")
	if err == nil {
		err = boot(ctx, ipxe)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// ipxe-bios boots boot.0
}

// A firmware of one's own: one that asks for offers in the order of a captured machine, and is less patient.
func Example_profile() {
	mine, err := rom.Lookup("ipxe-bios")
	if err != nil {
		log.Fatal(err)
	}
	mine.Name, mine.Evidence, mine.Citation = "my-nic", rom.Spec, "my vendor's manual, chapter 7"
	mine.Class = "PXEClient:Arch:00000:UNDI:003016"
	mine.Discover = retry.Every(time.Second/10, 1, 2, 4)
	mine.Texts[rom.NoOffer] = "my-nic: nobody there"

	lab, err := emulator.NewLab(emulator.LabConfig{NoHouse: true})
	if err != nil {
		log.Fatal(err)
	}
	defer lab.Close()
	mac := net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	_, err = lab.Boot(context.Background(), emulator.GuestConfig{Profile: mine, MAC: mac})
	var failure *rom.Failure
	fmt.Println(errors.As(err, &failure), failure.Text)
	// Output: true my-nic: nobody there
}

// The same in virtual time, inside a bubble of testing/synctest.
func TestEveryProfileBootsFromOtherPeoplesServersInVirtualTime(t *testing.T) {
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		pxe := slices.DeleteFunc(rom.Profiles(), func(p rom.Profile) bool { return p.HTTP.Boot }) // those servers have no HTTP
		if err := boot(t.Context(), pxe...); err != nil {
			t.Error(err)
		}
		if took := time.Since(started); took < 5*time.Second {
			t.Errorf("all boots took %s of virtual time, and a ROM alone gathers offers for 2 s", took)
		}
	})
	t.Logf("it took %s", time.Since(began))
}
