package netboot

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/rom"
)

// A firmware of one's own is data.
func TestMyFirmware(t *testing.T) { synctest.Test(t, bootMine) }

func bootMine(t *testing.T) {
	mine := must(rom.Lookup("intel-undi"))
	mine.Name, mine.Evidence, mine.Citation = "rack-nic", rom.Spec, "its vendor's manual"
	mine.Class = "PXEClient:Arch:00000:UNDI:002999"
	mine.Discover = retry.Every(time.Second, 2, 4)
	lab := must(emulator.NewLab(emulator.LabConfig{NoHouse: true}))
	defer lab.Close()
	host := must(lab.Host(emulator.HostConfig{Addr: netip.MustParsePrefix("192.168.9.2/24")}))
	defer serve(must(host.ListenPacket(67)), must(host.ListenPacket(69)))()
	result := must(lab.Boot(t.Context(), emulator.GuestConfig{Profile: mine, MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 1, 9}}))
	if result.Handoff.Kind != "program" {
		t.Errorf("it ended with %+v", result.Handoff)
	}
}
