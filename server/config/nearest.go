package config

import (
	"slices"
	"strings"
)

// Nearest is the one of some words that is most like another, for a typo; "" if none is.
func Nearest(word string, known []string) string {
	best, at := "", max(2, len(word)/3)+1
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		if len(word)-len(candidate) > at {
			continue // and a long word is compared with none
		}
		if d := distance(word, candidate); d < at {
			best, at = candidate, d
		}
	}
	return best
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
