package dnsmasq

import (
	"maps"
	"slices"

	"github.com/bootrig/bootrig/server/config"
)

// suggestion is the nearest known name, for a typo.
func suggestion(name string, options map[string]option) string {
	if near := config.Nearest(name, slices.Collect(maps.Keys(options))); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}
