package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/policy"
)

func TestParsePattern(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		typed bool
		want  policy.Pattern
	}{
		"bytes":                         {"01:0a:ff", false, policy.Pattern{Bytes: []byte{1, 10, 255}}},
		"one digit":                     {"1:a", false, policy.Pattern{Bytes: []byte{1, 10}}},
		"no separators, an odd number":  {"010af", false, policy.Pattern{Bytes: []byte{1, 10, 15}}},
		"a wildcard first":              {"*:02", false, policy.Pattern{Bytes: []byte{0, 2}, Any: []bool{true, false}}},
		"a type":                        {"1-02:03", true, policy.Pattern{Type: 1, Bytes: []byte{2, 3}}},
		"dashes take the first as type": {"02-03-04", true, policy.Pattern{Type: 2, Bytes: []byte{3, 4}}},
		"dashes where there is no type": {"02-03-04", false, policy.Pattern{Bytes: []byte{2, 3, 4}}},
		"blanks":                        {"02 03", false, policy.Pattern{Bytes: []byte{2, 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := policy.ParsePattern(c.text, c.typed)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", c.text, err, diff)
			}
		})
	}
	for _, text := range []string{"", "::", "0g", "1*", "-", "5-", "*1:02"} {
		if got, err := policy.ParsePattern(text, true); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}

func FuzzParsePattern(f *testing.F) {
	f.Add("52:54:00:*:*:*", true)
	f.Add("1-aabb", true)
	f.Fuzz(func(t *testing.T, text string, typed bool) {
		p, err := policy.ParsePattern(text, typed)
		if err != nil {
			return
		}
		if len(p.Any) != 0 && len(p.Any) != len(p.Bytes) {
			t.Fatalf("%q: %d wildcards for %d bytes", text, len(p.Any), len(p.Bytes))
		}
		if !p.Prefix(p.Bytes) {
			t.Fatalf("%q does not fit itself", text)
		}
	})
}

func TestCut(t *testing.T) {
	for name, c := range map[string]struct {
		pattern string
		n       int
		want    policy.Pattern
	}{
		"the first bytes":                   {"01:*:03:*", 2, policy.Pattern{Bytes: []byte{1, 0}, Any: []bool{false, true}}},
		"the * is cut off, so all is exact": {"01:02:*", 2, policy.Pattern{Bytes: []byte{1, 2}}},
		"zeros behind it":                   {"01:*", 3, policy.Pattern{Bytes: []byte{1, 0, 0}, Any: []bool{false, true, false}}},
		"all of it":                         {"01:02", 2, policy.Pattern{Bytes: []byte{1, 2}}},
	} {
		p, err := policy.ParsePattern(c.pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, p.Cut(c.n)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
