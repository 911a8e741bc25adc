package syslinux

import "strings"

// space is my_isspace of syslinux: everything up to the blank.
func space(r rune) bool { return r <= ' ' }

func skipSpace(s string) string { return strings.TrimLeftFunc(s, space) }

// firstWord splits off a word; rest keeps its leading space.
func firstWord(s string) (word, rest string) {
	if i := strings.IndexFunc(s, space); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// keyword splits a line into its keyword, in lower case, and its argument.
func keyword(line string) (key, arg string) {
	key, rest := firstWord(skipSpace(line))
	return strings.ToLower(key), strings.TrimRightFunc(skipSpace(rest), space)
}

// on is what C's atoi makes a switch of: a number that begins with another digit than 0.
func on(arg string) bool {
	digits := strings.TrimLeft(strings.TrimLeft(arg, "+-"), "0")
	return digits != "" && digits[0] >= '1' && digits[0] <= '9'
}
