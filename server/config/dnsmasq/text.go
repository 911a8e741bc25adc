package dnsmasq

import (
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// A text is bytes of which some were between double quotes and so mean nothing but themselves.
type text []char

type char struct {
	byte
	quoted bool
}

// hideable are the characters that quotes hide (option.c, meta); the others mean themselves anyway.
const hideable = "0123456789abcdefABCDEF \b\t\n\r\033:,."

// hidden stands for a hidden character: it is no digit, no separator and no part of a keyword.
const hidden = '\x01'

// String is the plain text.
func (t text) String() string {
	b := make([]byte, len(t))
	for i, c := range t {
		b[i] = c.byte
	}
	return string(b)
}

// bare is the text as rules see it: what quotes hide is hidden.
func (t text) bare() string {
	b := []byte(t.String())
	for i, c := range t {
		if c.quoted && strings.IndexByte(hideable, c.byte) >= 0 {
			b[i] = hidden
		}
	}
	return string(b)
}

// trim drops blanks at both ends, but none that quotes hide.
func (t text) trim() text {
	blank := func(c char) bool { return c == char{' ', false} }
	for len(t) > 0 && blank(t[0]) {
		t = t[1:]
	}
	for len(t) > 0 && blank(t[len(t)-1]) {
		t = t[:len(t)-1]
	}
	return t
}

// cut splits at the first comma that no quotes hide, blanks around it dropped.
func (t text) cut() (head, rest text, found bool) {
	for i, c := range t {
		if c == (char{',', false}) {
			return t[:i].trim(), t[i+1:].trim(), true
		}
	}
	return t.trim(), nil, false
}

// fields splits at every comma that no quotes hide.
func (t text) fields() []text {
	var all []text
	for {
		head, rest, found := t.cut()
		all = append(all, head)
		if !found {
			return all
		}
		t = rest
	}
}

// prefix takes a keyword such as "tag:" off. Quotes make it none.
func (t text) prefix(word string) (text, bool) {
	if strings.HasPrefix(t.bare(), word) {
		return t[len(word):], true
	}
	return t, false
}

// wanted takes "tag:x", or the old "net:x", off.
func (t text) wanted() (text, bool) {
	if tag, ok := t.prefix("tag:"); ok {
		return tag, true
	}
	return t.prefix("net:")
}

// wants reads the tags at the beginning of a value and returns the rest (option.c, dhcp_tags). ok is
// false, and the mistake noted, if a tag has no name or nothing follows.
func (r *reader) wants(value text) (wants policy.Wants, rest text, ok bool) {
	for {
		head, after, more := value.cut()
		if tag, given := head.prefix("set:"); given {
			r.wrong("set:%s gives a tag, but this line asks for one: tag:%s", tag, tag)
			return nil, nil, false
		}
		tag, tagged := head.wanted()
		if !tagged {
			return wants, value, true
		}
		name := tag.String()
		if strings.Trim(name, "!#") == "" {
			r.wrong("%s: the tag has no name", head)
			return nil, nil, false
		}
		if !more {
			r.wrong("%s: nothing follows the tag", head)
			return nil, nil, false
		}
		wants, value = append(wants, name), after
	}
}

// gives reads the first word of a line that gives a tag: "set:x" or x alone.
func (r *reader) gives(value text) (tag string, rest text, ok bool) {
	head, rest, more := value.cut()
	if name, asked := head.prefix("tag:"); asked {
		r.wrong("tag:%s asks for a tag, but this line gives one: set:%s", name, name)
		return "", nil, false
	}
	name, _ := head.prefix("set:")
	switch {
	case len(name) == 0:
		r.wrong("the tag has no name: set:NAME,...")
		return "", nil, false
	case !more:
		r.wrong("%s: nothing follows the tag", head)
		return "", nil, false
	}
	return name.String(), rest, true
}
