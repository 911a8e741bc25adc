package yaml

import (
	"errors"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// absence is before a tag that must not be there. The signs ! and # of policy.Wants are YAML's own.
const absence = "not "

// wants is the tags that an entry is for: [lab, not ipxe]. The entry is for those who have all of them.
func wants() form[policy.Wants] {
	tags := some(word(schema{"type": "string", "minLength": 1}, "a tag", func(s string) (string, error) {
		if tag, absent := strings.CutPrefix(s, absence); absent {
			s = "!" + strings.TrimSpace(tag)
		}
		b, err := raw(s)
		if strings.Trim(string(b), "!#") == "" && err == nil {
			err = errors.New("a tag without a name")
		}
		return string(b), err
	}, func(want string) string {
		if tag, absent := strings.CutPrefix(want, "!"); absent && bare.MatchString(absence+tag) {
			return absence + tag
		}
		return plain(want, strings.HasPrefix(want, absence))
	}))
	return convert(tags, func(s []string) policy.Wants { return s }, func(w policy.Wants) []string { return w })
}

// tagged is the key for them.
func tagged[T any](at func(*T) *policy.Wants) field[T] {
	return key("tags", "for those who have all these tags; `not TAG` for those without it", wants(), at)
}

// ignore is an entry of those who are left alone.
func ignore() form[policy.Ignore] {
	return object[policy.Ignore]{
		fields: []field[policy.Ignore]{must(tagged(func(i *policy.Ignore) *policy.Wants { return &i.Wants }))},
		rule:   func(i *policy.Ignore) *string { return &i.Rule },
	}.form()
}
