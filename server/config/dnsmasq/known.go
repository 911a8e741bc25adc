package dnsmasq

import (
	"fmt"
	"slices"
	"strings"
)

// known tells whether dnsmasq 2.90 has an option of that name (dnsmasq --help).
func known(name string) bool {
	_, ours := options()[name]
	_, idle := ignored(name)
	return ours || idle || slices.Contains(strings.Fields(names), name)
}

// suggestion is the nearest known name, for a typo.
func suggestion(name string) string {
	best, at := "", max(2, len(name)/3)+1
	try := func(candidate string) {
		if d := distance(name, candidate); d < at || d == at && best != "" && candidate < best {
			best, at = candidate, d
		}
	}
	for candidate := range options() {
		try(candidate)
	}
	for _, list := range []string{names, dnsOptions, leaseOptions, processOptions} {
		for candidate := range strings.FieldsSeq(list) {
			try(strings.TrimRight(candidate, "=?"))
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// distance is how many letters to insert, drop or change to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] || strings.EqualFold(a[i:i+1], b[j:j+1]) {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// names are the options of dnsmasq 2.90 that bootrig neither reads nor ignores yet.
const names = `
bridge-interface conf-script dhcp-alternate-port dhcp-optsdir dhcp-optsfile dhcp-relay read-ethers
shared-network tftp-port-range tftp-secure tftp-single-port tftp-unique-root`
