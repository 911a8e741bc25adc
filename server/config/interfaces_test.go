package config

import (
	"net/netip"
	"testing"
)

func TestInterfaces(t *testing.T) {
	addr := netip.MustParseAddr("192.168.9.2")
	for name, c := range map[string]struct {
		Interfaces
		serve, dhcp bool // eth0, which has 192.168.9.2
	}{
		"all":                              {Interfaces{}, true, true},
		"by name":                          {Interfaces{Names: []string{"lo", "eth0"}}, true, true},
		"by the beginning of its name":     {Interfaces{Names: []string{"et*"}}, true, true},
		"others by name":                   {Interfaces{Names: []string{"eth"}}, false, true},
		"by address":                       {Interfaces{Names: []string{"eth1"}, Addrs: []netip.Addr{addr}}, true, true},
		"others by address":                {Interfaces{Addrs: []netip.Addr{addr.Next()}}, false, true},
		"all but it":                       {Interfaces{Except: []string{"eth*"}}, false, true},
		"an address wins over a name":      {Interfaces{Addrs: []netip.Addr{addr}, Except: []string{"eth0"}}, true, true},
		"served, but not by DHCP and TFTP": {Interfaces{NoDHCP: []string{"eth*"}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			serve, dhcp := c.match("eth0", addr), c.MatchDHCP("eth0")
			tftp, _ := (&Config{Interfaces: c.Interfaces}).MatchTFTP("eth0")
			if serve != c.serve || dhcp != c.dhcp || tftp != c.dhcp {
				t.Errorf("served %v, DHCP %v, TFTP %v", serve, dhcp, tftp)
			}
		})
	}
}

func TestTFTPOnSomeInterfaces(t *testing.T) {
	c := Config{TFTP: TFTP{Interfaces: []string{"eth1"}, InterfacesRule: "x:1"}}
	for name, want := range map[string]bool{"eth0": false, "eth1": true} {
		if served, rule := c.MatchTFTP(name); served != want || rule != "x:1" {
			t.Errorf("%s: served %v by %s with enable-tftp=eth1", name, served, rule)
		}
	}
}
