package dnsmasq

import (
	"maps"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// suggestion is the nearest known name, for a typo.
func suggestion(name string, options map[string]option) string {
	known := append(slices.Collect(maps.Keys(options)), strings.Fields(unsupported)...)
	if near := config.Nearest(name, known); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

// unsupported are the options of dnsmasq 2.90 that bootrig neither reads nor ignores yet.
const unsupported = `
bridge-interface dhcp-alternate-port dhcp-relay
shared-network`
