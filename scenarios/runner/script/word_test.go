package script

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		want []Word
	}{
		"blanks and tabs separate":              {"lan  a\tb ", []Word{{"lan", false}, {"a", false}, {"b", false}}},
		"a hash begins a comment":               {"key pc ret # press it", []Word{{"key", false}, {"pc", false}, {"ret", false}}},
		"a hash in quotes does not":             {"'a # b'", []Word{{"a # b", true}}},
		"a doubled quote stands for itself":     {"'it''s'", []Word{{"it's", true}}},
		"quotes may begin inside a word":        {"cause='a b'", []Word{{"cause=a b", false}}},
		"an empty word needs quotes":            {"a ''", []Word{{"a", false}, {"", true}}},
		"a carriage return is a blank":          {"a\r", []Word{{"a", false}}},
		"a comment alone is an empty line":      {"# nothing", nil},
		"a quoted word may hold an equals sign": {"'a=b'", []Word{{"a=b", true}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := words(c.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("words(%q) (-want +got):\n%s", c.line, diff)
			}
		})
	}
	if _, err := words("expect 'open"); err == nil {
		t.Error("a quote that is never closed is no mistake")
	}
}

func TestJoinedWordsReadBackAsTheyWere(t *testing.T) {
	for _, line := range []string{"a b", "'a b' c", "cause='x y'", "'it''s' ''", "'#'", "! expect pc error", "k='it''s'"} {
		first, err := words(line)
		if err != nil {
			t.Fatal(err)
		}
		again, err := words(join(first))
		if diff := cmp.Diff(first, again); err != nil || diff != "" {
			t.Errorf("%q became %q: %v (-want +got):\n%s", line, join(first), err, diff)
		}
	}
}
