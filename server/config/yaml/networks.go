package yaml

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// proxyNetwork is a network beside whose DHCP server we stand.
func proxyNetwork() form[proxydhcp.Range] {
	type T = proxydhcp.Range
	return object[T]{
		fields: []field[T]{
			must(part("network", "its address, such as 192.168.9.0/24; without /BITS that of the interface, or for a relay that of its class", network(),
				func(n T) netNumber { return netNumber{n.Addr, n.Bits} },
				func(_ *reader, _ ast.Node, n *T, v netNumber) { n.Addr, n.Bits = v.addr, v.bits })),
			tagged(func(n *T) *policy.Wants { return &n.Tags }),
			key("set", "the tag that its clients get", text(), func(n *T) *string { return &n.Set }),
		},
		rule: func(n *T) *string { return &n.Rule },
	}.form()
}
