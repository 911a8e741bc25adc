package netboot

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/bootrig/bootrig/emulator"
)

// Every scripted firmware that boots by PXE boots from the server, in this process.
func bootAll(t *testing.T) {
	lab := must(emulator.NewLab(emulator.LabConfig{NoHouse: true}))
	defer lab.Close()
	host := must(lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")}))
	defer serve(must(host.ListenPacket(67)), must(host.ListenPacket(69)))()
	var boots []*emulator.Boot
	for i, firmware := range pxe() {
		mac := net.HardwareAddr{0x52, 0x54, 0, 0, 1, byte(i)}
		boots = append(boots, must(lab.Start(emulator.GuestConfig{Name: firmware.Name, Profile: firmware, MAC: mac})))
	}
	for _, boot := range boots {
		if _, err := boot.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestInVirtualTime(t *testing.T) { synctest.Test(t, bootAll) }

func TestInRealTime(t *testing.T) { bootAll(t) }
