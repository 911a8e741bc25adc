package teller

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText bounds a line: an HTTP path may have 64 kB, a file name of TFTP 500 bytes.
const maxText = 1000

// Clean makes one harmless line of what a client may have sent: what does not print is written as Go
// writes it in a string, so that no escape sequence, new line or change of direction (U+202E) reaches a
// terminal. Backslashes stay as they are: names have them too (boot\x64\wdsnbp.com).
func Clean(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case strconv.IsPrint(r):
			b.WriteString(text[:n])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		text = text[n:]
	}
	return b.String()
}

// plain tells whether text is printable ASCII, as almost all is.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// cut shortens a clean text that is too long, between two characters.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}
