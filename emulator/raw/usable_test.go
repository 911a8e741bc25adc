package raw

import (
	"errors"
	"net"
	"os"
	"testing"
)

func TestAnInterfaceThatCannotBeUsedSaysWhy(t *testing.T) {
	ethernet := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	for _, tc := range []struct {
		name     string
		i        net.Interface
		wireless bool
		want     string
	}{
		{"loopback", net.Interface{Name: "lo", Flags: net.FlagUp | net.FlagRunning | net.FlagLoopback, HardwareAddr: make(net.HardwareAddr, 6)}, false,
			"lo is no Ethernet: machines boot on a network such as that of eth0"},
		{"a tunnel", net.Interface{Name: "wg0", Flags: net.FlagUp | net.FlagRunning}, false,
			"wg0 is no Ethernet: machines boot on a network such as that of eth0"},
		{"one that is down", net.Interface{Name: "eth0", HardwareAddr: ethernet}, false, "eth0 is down: ip link set eth0 up"},
		{"one without a cable", net.Interface{Name: "eth0", Flags: net.FlagUp, HardwareAddr: ethernet}, false, "eth0 has no link: is its cable in?"},
		{"Wi-Fi", net.Interface{Name: "wlan0", Flags: net.FlagUp | net.FlagRunning, HardwareAddr: ethernet}, true,
			"wlan0 is Wi-Fi, where only stations that the access point knows may send: use an interface with a cable"},
		{"Ethernet", net.Interface{Name: "eth0", Flags: net.FlagUp | net.FlagRunning, HardwareAddr: ethernet}, false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if err := unusable(&tc.i, tc.wireless); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("it says %q, not %q", got, tc.want)
			}
		})
	}
}

func TestAnInterfaceThatIsNotThere(t *testing.T) {
	if _, _, err := Join("bootrig-none", 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want that it does not exist", err)
	}
}
