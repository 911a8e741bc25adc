package yaml

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// vendorOption is a part of option 43.
func vendorOption() form[proxydhcp.SubOption] {
	type T = proxydhcp.SubOption
	return object[T]{
		fields: []field[T]{
			must(key("option", "the number of the sub-option (PXE 2.1, table 2-1: 6 discovery control, 10 prompt)", number[byte](0, 255), func(o *T) *byte { return &o.Code })),
			part("value", "its bytes such as hex:08, or the letters of a text; without it it is empty", data(), func(o T) []byte { return o.Value },
				func(r *reader, n ast.Node, o *T, v []byte) { o.Value = v; fits(r, n, v) }),
			key("vendor", "a part of the vendor class (option 60) of the clients it is for; without it they are all of vendors", text(), func(o *T) *string { return &o.Class }),
			key("any-vendor", "it is for all clients, whatever vendor class they have", boolean(), func(o *T) *bool { return &o.Any }),
			key("always", "leases carry it even for those who do not ask for option 43", boolean(), func(o *T) *bool { return &o.Force }),
			tagged(func(o *T) *policy.Wants { return &o.Tags }),
		},
		either: [][]string{{"vendor", "any-vendor"}},
		rule:   func(o *T) *string { return &o.Rule },
	}.form()
}

func vendorOptions(c config.Config) []proxydhcp.SubOption {
	before, _ := prompts(c.DHCP.SubOptions)
	if len(before) == 0 {
		return nil
	}
	return before
}

func addVendorOptions(_ *reader, _ ast.Node, c *config.Config, all []proxydhcp.SubOption) {
	c.DHCP.SubOptions = all
}
