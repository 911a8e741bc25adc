package event

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Clean is a text as it may be shown on a terminal and stays on its line. What others sent may hold anything: all
// that is not printed is escaped as Go does it, "\n" and "\x1b".
func Clean(text string) string {
	if clean(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n <= 1 || !strconv.IsPrint(r) {
			quoted := strconv.Quote(text[:n])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

func clean(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unprintable)
}
