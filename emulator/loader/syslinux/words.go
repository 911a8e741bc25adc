package syslinux

import (
	"strconv"
	"strings"
)

// space is my_isspace of syslinux: everything up to the blank.
func space(c byte) bool { return c <= ' ' }

func skipSpace(s string) string {
	for s != "" && space(s[0]) {
		s = s[1:]
	}
	return s
}

// firstWord splits off a word; rest keeps its leading space.
func firstWord(s string) (word, rest string) {
	for i := range len(s) {
		if space(s[i]) {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// keyword splits a line into its lower-cased keyword and its argument.
func keyword(line string) (key, arg string) {
	key, rest := firstWord(skipSpace(line))
	return strings.ToLower(key), skipSpace(rest)
}

// atoi is C's: the digits at the beginning, 0 when there are none.
func atoi(s string) int {
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[end] == '-' || s[end] == '+')) {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil {
		return 0
	}
	return n
}

// mask is C's strtoul with base 0: 0x for hexadecimal, 0 for octal.
func mask(s string) uint32 {
	word, _ := firstWord(s)
	for end := len(word); end > 0; end-- {
		if n, err := strconv.ParseUint(word[:end], 0, 32); err == nil {
			return uint32(n)
		}
	}
	return 0
}
