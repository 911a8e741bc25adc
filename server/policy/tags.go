package policy

import (
	"fmt"
	"strings"
)

// Tags are the tags a client has, each with the rule that gave it.
type Tags map[string]string

// Wants are the tags a line asks for, as they were written: "x" must be there, "!x" and the old "#x"
// must not.
type Wants []string

// not tells whether a want is for the absence of a tag, and of which.
func not(want string) (tag string, absent bool) {
	if strings.HasPrefix(want, "!") || strings.HasPrefix(want, "#") {
		return want[1:], true
	}
	return want, false
}

// Met tells whether the client has what is wanted. Nothing wanted is met.
func (w Wants) Met(tags Tags) bool {
	for _, want := range w {
		tag, absent := not(want)
		if _, has := tags[tag]; has == absent {
			return false
		}
	}
	return true
}

// metWild is Met where a `*` at the end of a want stands for any rest. Only tag-if knows it
// (dhcp-common.c, match_netid_wild).
func (w Wants) metWild(tags Tags) bool {
	for _, want := range w {
		tag, absent := not(want)
		_, has := tags[tag]
		if prefix, wild := strings.CutSuffix(tag, "*"); wild {
			has = false
			for t := range tags {
				has = has || strings.HasPrefix(t, prefix)
			}
		}
		if has == absent {
			return false
		}
	}
	return true
}

// String is the form of messages: "tag:x, tag:!y".
func (w Wants) String() string {
	var words []string
	for _, want := range w {
		words = append(words, "tag:"+want)
	}
	return strings.Join(words, ", ")
}

// Because says where the wanted tags come from: "tag:x (dnsmasq.conf:3)".
func (w Wants) Because(tags Tags) string {
	var words []string
	for _, want := range w {
		if rule, has := tags[want]; has && rule != "" {
			words = append(words, fmt.Sprintf("tag:%s (%s)", want, rule))
		} else {
			words = append(words, "tag:"+want)
		}
	}
	return strings.Join(words, ", ")
}

// with is tags and those of an automatic rule.
func (t Tags) with(tag, rule string) Tags {
	more := Tags{tag: rule}
	for k, v := range t {
		more[k] = v
	}
	return more
}

// Choose finds the line that applies where one wins (rfc2131.c, find_boot): the last of those that want
// tags and have them all, else the last that wants none.
func Choose[T any](lines []T, wants func(T) Wants, tags Tags) (chosen T, found bool) {
	best := Best(lines, func(line *T) (Wants, bool) { return wants(*line), true }, tags)
	if best == nil {
		return chosen, false
	}
	return *best, true
}

// Best is the line that Choose finds among those that are in question; nil: there is none. It copies none.
func Best[T any](lines []T, wants func(*T) (w Wants, inQuestion bool), tags Tags) *T {
	var plain *T
	for i := len(lines) - 1; i >= 0; i-- {
		w, inQuestion := wants(&lines[i])
		switch {
		case !inQuestion:
		case len(w) == 0:
			if plain == nil {
				plain = &lines[i]
			}
		case w.Met(tags):
			return &lines[i]
		}
	}
	return plain
}
