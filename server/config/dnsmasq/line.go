package dnsmasq

import (
	"errors"
	"fmt"
	"strings"
)

// A line is one option as it stands in a file: "name" or "name=value".
type line struct {
	name  string
	value text // nil without "=", and behind one not nil, if it may be empty
}

// maxLine is what dnsmasq reads at a time (option.c, MAXDNAME): longer lines fall into two there.
const maxLine = 1023

var (
	errQuote = errors.New(`a double quote is missing (dnsmasq has no other quotes: ' is an ordinary character)`)
	errLong  = errors.New("the line is longer than 1023 bytes, where dnsmasq would cut it in two")
	errNUL   = errors.New("there is a NUL byte in the line")
)

// parseLine reads one line (option.c, read_file). ok is false for a line that says nothing.
func parseLine(s string) (l line, ok bool, err error) {
	t, err := unquote(s)
	if err != nil {
		return line{}, false, err
	}
	t = t.trim()
	if len(t) == 0 {
		return line{}, false, nil
	}
	for i, c := range t {
		// Quotes do not hide a "=": names come first.
		if c.byte == '=' {
			l.value = append(text{}, t[i+1:].trim()...)
			t = t[:i].trim()
			break
		}
	}
	if l.name = t.String(); l.name != t.bare() {
		err = fmt.Errorf("unknown option %q: quotes hide what stands between them from dnsmasq, so none belong around an option's name", l.name)
	}
	return l, err == nil, err
}

// unquote takes quotes, escapes and the comment away. A "#" begins a comment at the start of a line or
// behind white space only; escapes are known only between quotes.
func unquote(s string) (text, error) {
	switch {
	case len(s) > maxLine:
		return nil, errLong
	case strings.ContainsRune(s, 0):
		return nil, errNUL
	}
	var t text
	white, quoted := true, false
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b == '"' && quoted && strings.HasPrefix(s[i+1:], `"`):
			quoted = false // and what follows the end of a quotation is taken as it is
			i++
		case b == '"':
			quoted = !quoted
			continue
		case quoted && b == '\\' && i+1 < len(s):
			if escaped := strings.IndexByte(`"\tnbre`, s[i+1]); escaped >= 0 {
				i++
				b = "\"\\\t\n\b\r\033"[escaped]
			}
		case quoted:
		case b == '#' && white:
			return t, nil
		case isSpace(b):
			b = ' '
		}
		if !quoted { // so a "#" right behind a quoted word is a comment if there is a blank before the word
			white = b == ' '
		}
		t = append(t, char{b, quoted})
	}
	if quoted {
		return nil, errQuote
	}
	return t, nil
}

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }
