package yaml

import (
	"net/netip"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
)

func http() form[config.HTTP] {
	type T = config.HTTP
	return object[T]{
		fields: []field[T]{
			must(key("port", "80, as a rule", number[uint16](1, 0xffff), func(h *T) *uint16 { return &h.Port })),
			key("address", "only on this address; without it on every one", anyAddress(), func(h *T) *netip.Addr { return &h.Addr }),
			part("directory", "what is served; without it what tftp serves", directory(),
				func(h T) place { return place{dir: h.Dir} }, func(_ *reader, _ ast.Node, h *T, v place) { h.Dir = v.dir }),
		},
		rule: func(h *T) *string { return &h.Rule },
	}.form()
}
