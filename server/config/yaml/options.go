package yaml

import (
	"encoding/binary"
	"math"
	"net/netip"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config/optname"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

// maxValue is how long an option may be, as dnsmasq counts (option.c).
const maxValue = 253

// optVendorIdent carries the options of enterprises (RFC 3925).
const optVendorIdent = 125

// leaseOption is an option that leases carry.
func leaseOption() form[lease.Option] {
	type T = lease.Option
	return object[T]{
		fields: []field[T]{
			must(key("option", "the DHCP option, by name or number; without a value it is left out, even where it has a default", optionCode(), func(o *T) *uint8 { return &o.Code })),
			part("inside", "it is a sub-option of this option", maybe(number[uint8](1, 254)),
				insideOf, func(_ *reader, _ ast.Node, o *T, v *uint8) { o.Inner.Of = *v }),
			part("enterprise", "it is a sub-option of this enterprise's part of option 125", maybe(number[uint32](0, math.MaxUint32)),
				enterpriseOf,
				func(_ *reader, _ ast.Node, o *T, v *uint32) {
					o.Inner = lease.Inner{Of: optVendorIdent, Enterprise: *v}
				}),
			part("addresses", "IPv4 addresses; 0.0.0.0 is this server", some(address()),
				addressesOf, func(r *reader, n ast.Node, o *T, v []netip.Addr) {
					for _, a := range v {
						o.Value = append(o.Value, a.AsSlice()...)
					}
					o.Addrs = true
					fits(r, n, o.Value)
				}),
			part("text", "a text", text(), textOfOption,
				func(r *reader, n ast.Node, o *T, v string) { o.Value, o.Text = []byte(v), true; fits(r, n, o.Value) }),
			part("number", "a whole number, as long as the option's numbers are", maybe(number[int64](math.MinInt32, math.MaxUint32)), numberOf, setNumber),
			part("value", "any other value: bytes such as hex:00:07, or the letters of a text", data(),
				valueOf, func(r *reader, n ast.Node, o *T, v []byte) { o.Value = v; fits(r, n, v) }),
			key("always", "leases carry it even for those who do not ask for it", boolean(), func(o *T) *bool { return &o.Force }),
			key("pxe", "it is for PXE clients only, in the answers of a proxy too", boolean(), func(o *T) *bool { return &o.PXE }),
			tagged(func(o *T) *policy.Wants { return &o.Tags }),
		},
		either: [][]string{{"addresses", "text", "number", "value"}, {"inside", "enterprise"}},
		rule:   func(o *T) *string { return &o.Rule },
	}.form()
}

func fits(r *reader, n ast.Node, value []byte) {
	if len(value) > maxValue {
		r.wrong(n, "the value has %d bytes, an option has room for %d", len(value), maxValue)
	}
}

func insideOf(o lease.Option) *uint8 {
	if o.Inner.Of == 0 || o.Inner.Enterprise != 0 {
		return nil
	}
	return &o.Inner.Of
}

func enterpriseOf(o lease.Option) *uint32 {
	if o.Inner.Enterprise == 0 {
		return nil
	}
	return &o.Inner.Enterprise
}

func addressesOf(o lease.Option) (addrs []netip.Addr) {
	for b := o.Value; o.Addrs && len(b) >= 4; b = b[4:] {
		addrs = append(addrs, netip.AddrFrom4([4]byte(b)))
	}
	return addrs
}

func textOfOption(o lease.Option) string {
	if !o.Text {
		return ""
	}
	return string(o.Value)
}

// size is how many bytes a number of the option has; 0: as many as it needs.
func size(o lease.Option) int {
	if o.Inner.Of != 0 {
		return 0
	}
	_, of := optname.Of(int(o.Code))
	if of.Time {
		return 4
	}
	return of.Size
}

// numberOf is the number that an option of numbers has.
func numberOf(o lease.Option) *int64 {
	n := size(o)
	if o.Addrs || o.Text || n == 0 || len(o.Value) != n {
		return nil
	}
	v := int64(binary.BigEndian.Uint32(append(make([]byte, 4-n), o.Value...)))
	return &v
}

func setNumber(r *reader, n ast.Node, o *lease.Option, v *int64) {
	bytes := size(*o)
	switch {
	case bytes > 0:
	case *v > 0xffff || *v < 0:
		bytes = 4
	case *v > 0xff:
		bytes = 2
	default:
		bytes = 1
	}
	if limit := int64(1) << (8 * bytes); *v >= limit || *v < -limit/2 {
		r.wrong(n, "%d does not fit the %d bytes of option %d", *v, bytes, o.Code)
	}
	o.Value = binary.BigEndian.AppendUint32(nil, uint32(*v))[4-bytes:]
}

// valueOf is what has no better form.
func valueOf(o lease.Option) []byte {
	if o.Addrs || o.Text || numberOf(o) != nil {
		return nil
	}
	return o.Value
}
