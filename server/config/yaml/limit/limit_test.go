package limit

import (
	"strings"
	"testing"
)

func TestExceeded(t *testing.T) {
	for rule, c := range map[string]struct {
		text string
		line int
		why  string
	}{
		"a file like ours":               {"a: [1, {b: c}]\nd:\n  - e: f\n", 0, ""},
		"brackets in brackets":           {"a: 1\nb: " + strings.Repeat("[", 17), 2, "so many levels in each other are not read"},
		"dashes behind dashes":           {"- - - - - a\n", 1, "so many levels in each other are not read"},
		"far to the right":               {"a:\n" + strings.Repeat(" ", 65) + "b: 1\n", 2, "the line is indented by 65 blanks, more than 64 are not read"},
		"more keys than a group can use": {strings.Repeat("a: 1\n", 65), 65, "more than 64 keys in a group are not read"},
		"bytes that are no text":         {"a: 1\nb: \xff\n", 2, "the line is not UTF-8: bytes that are no text are written hex:e4:f6"},
		"several documents":              {"a: 1\n---\nb: 1\n---\nc: 1\n---\n", 6, "several documents: a file is one configuration, drop the lines ---"},
		"more than a file has":           {strings.Repeat("#", maxSize+1), 1, "the file has more than 1048576 bytes"},
	} {
		if line, why := Exceeded([]byte(c.text)); line != c.line || why != c.why {
			t.Errorf("%s: line %d: %s, want %d: %s", rule, line, why, c.line, c.why)
		}
	}
}
