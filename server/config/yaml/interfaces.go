package yaml

import (
	"errors"
	"net/netip"

	"github.com/bootrig/bootrig/server/config"
)

func interfaces() form[config.Interfaces] {
	type T = config.Interfaces
	rule := func(i *T) *string { return &i.Rule }
	return object[T]{fields: []field[T]{
		ruled("names", "these, such as eth0 or vlan*", list(anyText()), func(i *T) *[]string { return &i.Names }, rule),
		ruled("addresses", "those that have these addresses", list(anyAddress()), func(i *T) *[]netip.Addr { return &i.Addrs }, rule),
		key("except", "not these, unless addresses has theirs", list(text()), func(i *T) *[]string { return &i.Except }),
		ruled("no-dhcp", "neither DHCP nor TFTP on these", list(text()), func(i *T) *[]string { return &i.NoDHCP }, func(i *T) *string { return &i.NoDHCPRule }),
		key("by-address", "TFTP is asked at the addresses of these; without it port 69 is taken at all of this host's", boolean(), func(i *T) *bool { return &i.ByAddress }),
		key("bridges", "interfaces that others stand for: what comes to an alias is answered as on the interface", list(bridge()), func(i *T) *[]config.Bridge { return &i.Bridges }),
	}}.form()
}

func bridge() form[config.Bridge] {
	type T = config.Bridge
	return object[T]{
		fields: []field[T]{
			must(key("interface", "the one with the address", text(), func(b *T) *string { return &b.Interface })),
			must(key("aliases", "those that stand for it, such as vnet*", some(text()), func(b *T) *[]string { return &b.Aliases })),
		},
		rule: func(b *T) *string { return &b.Rule },
	}.form()
}

// anyAddress is an address of IPv4 or IPv6.
func anyAddress() form[netip.Addr] {
	return word(schema{"type": "string", "pattern": "^[0-9A-Fa-f:.]+(%.+)?$"}, "an IP address", func(s string) (netip.Addr, error) {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			err = errors.New("not an IP address, such as 192.168.9.2")
		}
		return addr, err
	}, netip.Addr.String)
}
