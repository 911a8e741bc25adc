package raw

import (
	"fmt"
	"net"
	"os"
)

// usable finds an interface, and says why nothing can be asked there.
func usable(name string) (*net.Interface, error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return nil, fmt.Errorf("this host has no interface %s (ip link lists them): %w", name, os.ErrNotExist)
	}
	_, wireless := os.Stat("/sys/class/net/" + name + "/phy80211")
	return i, unusable(i, wireless == nil)
}

func unusable(i *net.Interface, wireless bool) error {
	switch {
	case i.Flags&net.FlagLoopback != 0 || len(i.HardwareAddr) != 6:
		return fmt.Errorf("%s is no Ethernet: machines boot on a network such as that of eth0", i.Name)
	case i.Flags&net.FlagUp == 0:
		return fmt.Errorf("%s is down: ip link set %s up", i.Name, i.Name)
	case i.Flags&net.FlagRunning == 0:
		return fmt.Errorf("%s has no link: is its cable in?", i.Name)
	case wireless:
		return fmt.Errorf("%s is Wi-Fi, where only stations that the access point knows may send: use an interface with a cable", i.Name)
	}
	return nil
}
