package yaml

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// vendorOption is a part of option 43.
func vendorOption() form[proxydhcp.SubOption] {
	type T = proxydhcp.SubOption
	return object[T]{
		fields: []field[T]{
			must(part("option", "the sub-option, by PXE's name or number", subOption(),
				func(o T) subOptionOf {
					return subOptionOf{o.Code, o.Class == "" || strings.HasPrefix(o.Class, pxe.PXEClient)}
				},
				func(_ *reader, _ ast.Node, o *T, v subOptionOf) { o.Code = v.code })),
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

// A subOptionOf is one of PXE, whose name says what it is, or of another vendor.
type subOptionOf struct {
	code byte
	pxe  bool
}

func subOption() form[subOptionOf] {
	f := numberedBy("sub-option", pxe.SubOptionNames())
	return form[subOptionOf]{
		schema: f.schema,
		read: func(r *reader, n ast.Node) (subOptionOf, bool) {
			code, ok := f.read(r, n)
			return subOptionOf{code: code}, ok
		},
		print: func(v subOptionOf) out {
			if v.pxe {
				return f.print(v.code)
			}
			return number[byte](0, 255).print(v.code)
		},
	}
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
