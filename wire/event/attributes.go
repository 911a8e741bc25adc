package event

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Attributes are what is known of an Event beside its fields, by name, in one comparable value. In JSON they are
// an object.
type Attributes string

// Attrs joins keys and values: "siaddr=192.168.9.2 options=\"a b\"".
// Pairs with an empty value are left out.
func Attrs(pairs ...string) Attributes {
	size := 0
	for i := 0; i+1 < len(pairs); i += 2 {
		size += len(pairs[i]) + len(pairs[i+1]) + 2 // and more where they must be quoted
	}
	b := make([]byte, 0, size)
	for i := 0; i+1 < len(pairs); i += 2 {
		b = AppendAttr(b, pairs[i], pairs[i+1])
	}
	return Attributes(b)
}

// AppendAttr appends one to those that are in b, for who makes Attributes of many packets. An empty value is left out.
func AppendAttr[T string | []byte](b []byte, name string, value T) []byte {
	if len(value) == 0 {
		return b
	}
	if len(b) > 0 {
		b = append(b, ' ')
	}
	b = append(append(b, name...), '=')
	if plain(value) {
		return append(b, value...)
	}
	return strconv.AppendQuote(b, string(value))
}

// plain tells whether a value stands for itself: it is all letters, nothing that ends it, and nothing that does not print.
func plain[T string | []byte](value T) bool {
	for i := range len(value) {
		switch c := value[i]; {
		case c >= utf8.RuneSelf:
			return !strings.ContainsFunc(string(value), quoted)
		case c <= ' ', c > '~', c == '"', c == '\\':
			return false
		}
	}
	return true
}

// quoted tells whether a value with this in it is quoted.
func quoted(r rune) bool { return r == ' ' || r == '"' || r == '\\' || !strconv.IsPrint(r) }

// And is both, in this order.
func (a Attributes) And(more Attributes) Attributes {
	if a == "" || more == "" {
		return a + more
	}
	return a + " " + more
}

// Attr is the value of one key of e.Attrs, "" when it is not there.
func (e Event) Attr(key string) string {
	if !strings.Contains(string(e.Attrs), key) { // as most of what facts are asked for
		return ""
	}
	for rest := string(e.Attrs); rest != ""; {
		name, value, behind, ok := next(rest)
		if !ok {
			return ""
		}
		if name == key {
			return said(value)
		}
		rest = behind
	}
	return ""
}

// All yields names and values in their order.
func (a Attributes) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for rest := string(a); rest != ""; {
			name, value, behind, ok := next(rest)
			if !ok || !yield(name, said(value)) {
				return
			}
			rest = behind
		}
	}
}

// next is the first of some attributes, its value as it is written, and what is behind it.
func next(rest string) (name, value, behind string, ok bool) {
	at := strings.IndexByte(rest, '=')
	if at < 0 {
		return "", "", "", false
	}
	name, rest = rest[:at], rest[at+1:]
	if !strings.HasPrefix(rest, `"`) {
		value, behind, _ = strings.Cut(rest, " ")
		return name, value, behind, true
	}
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return name, rest[:i+1], strings.TrimPrefix(rest[i+1:], " "), true
		}
	}
	return "", "", "", false
}

// said is a value without what it is quoted with.
func said(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	value, _ = strconv.Unquote(value)
	return value
}
