package netboot

import (
	"net"
	"net/netip"
	"regexp"
	"testing"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/emulator/tap/taptest"
)

// Any server is a process, in namespaces that are made for the test.
func TestDnsmasq(t *testing.T) { taptest.Run(t, bootFromDnsmasq) }

func bootFromDnsmasq(t *testing.T) {
	lab := must(tap.NewLab(emulator.LabConfig{}))
	defer lab.Close()
	server := must(lab.Host(tap.HostSpec{
		Name: "server", NICs: []tap.NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}, Prefix: netip.MustParsePrefix("192.168.9.2/24")}},
		Argv:  dnsmasq,
		Binds: []tap.Bind{{Host: tree(t), Inside: "/tftpboot", ReadOnly: true}},
	}))
	must(server.Expect(t.Context(), regexp.MustCompile("TFTP root is")))
	for i, firmware := range pxe() {
		mac := net.HardwareAddr{0x52, 0x54, 0, 0, 1, byte(i)}
		if _, err := lab.Boot(t.Context(), emulator.GuestConfig{Profile: firmware, MAC: mac}); err != nil {
			t.Errorf("%s: %v", firmware.Name, err)
		}
	}
}
