package observe

import "strings"

// parseRRQ reads a read request: name and mode, then the options as they were sent, one space between the
// words (RFC 2347). Words without their NUL are not there.
func parseRRQ(b []byte) (name, mode, options string, ok bool) {
	if len(b) < 2 {
		return "", "", "", false
	}
	w := words(b[2:])
	if len(w) < 2 {
		return "", "", "", false
	}
	return w[0], w[1], strings.Join(w[2:], " "), true
}

// words cuts NUL-terminated strings.
func words(b []byte) (w []string) {
	for s := string(b); ; {
		word, rest, found := strings.Cut(s, "\x00")
		if !found {
			return w
		}
		w = append(w, word)
		s = rest
	}
}
