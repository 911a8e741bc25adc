package dnsmasq

import (
	"fmt"
	"strings"
)

// suggestion is the nearest known name, for a typo.
func suggestion(name string, options map[string]option) string {
	best, at := "", max(2, len(name)/3)+1
	try := func(candidate string) {
		if len(name)-len(candidate) > at {
			return // and a long word is compared with no name
		}
		if d := distance(name, candidate); d < at || d == at && best != "" && candidate < best {
			best, at = candidate, d
		}
	}
	for candidate := range options {
		try(candidate)
	}
	for candidate := range strings.FieldsSeq(unsupported) {
		try(candidate)
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

// unsupported are the options of dnsmasq 2.90 that bootrig neither reads nor ignores yet.
const unsupported = `
bridge-interface dhcp-alternate-port dhcp-relay
shared-network`
