package dnsmasq

import (
	"maps"
	"slices"

	"github.com/bootrig/bootrig/server/config"
)

// suggestion is the nearest known name, for a typo; or the one that the value completes, as in log=dhcp.
func suggestion(l line, options map[string]option) string {
	if whole := l.name + "-" + l.value.String(); isOption(options, whole) {
		return ": did you mean " + whole + "?"
	}
	if near := config.Nearest(l.name, slices.Collect(maps.Keys(options))); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

func isOption(options map[string]option, name string) bool {
	_, known := options[name]
	return known
}
