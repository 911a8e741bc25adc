package script

import (
	"fmt"
	"strings"
)

// A Word is one argument of a line. Quoted text is never a condition, a ! or a key=value.
type Word struct {
	Text   string
	Quoted bool // it begins with a quote
}

// words splits a line as testscript does: blanks separate, # begins a comment, single quotes keep
// blanks and #, and a doubled quote inside quotes stands for itself.
func words(line string) ([]Word, error) {
	var (
		out     []Word
		word    strings.Builder
		started bool // inside a word, perhaps an empty one such as ''
		quoted  bool // inside quotes
		first   bool // the word began with a quote
	)
	end := func() {
		if started {
			out = append(out, Word{Text: word.String(), Quoted: first})
		}
		word.Reset()
		started, first = false, false
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quoted && c == '\'' && i+1 < len(line) && line[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case c == '\'':
			if !started {
				first = true
			}
			started, quoted = true, !quoted
		case quoted:
			word.WriteByte(c)
		case c == '#':
			end()
			return out, nil
		case c == ' ' || c == '\t' || c == '\r':
			end()
		default:
			started = true
			word.WriteByte(c)
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is opened and never closed")
	}
	end()
	return out, nil
}

// quote writes a word so that words reads it back.
func quote(w Word) string {
	if !w.Quoted && w.Text != "" && !strings.ContainsAny(w.Text, " \t\r'#") {
		return w.Text
	}
	text := strings.ReplaceAll(w.Text, "'", "''")
	if key, value, ok := strings.Cut(text, "="); ok && !w.Quoted && key != "" && !strings.ContainsAny(key, " \t\r'#") {
		return key + "='" + value + "'"
	}
	return "'" + text + "'"
}

// join writes words as one line.
func join(ws []Word) string {
	parts := make([]string, len(ws))
	for i, w := range ws {
		parts[i] = quote(w)
	}
	return strings.Join(parts, " ")
}
