package ipxe

import "strings"

// A When is what the command before must have come to.
type When int

// The conditions: none or ;, || and &&.
const (
	Always When = iota
	OnFailure
	OnSuccess
)

// Holds tells whether a command runs after one that succeeded, or not.
func (w When) Holds(succeeded bool) bool {
	return w == Always || succeeded == (w == OnSuccess)
}

// A Command is one command of a line, before expansion. No words: it does nothing, and succeeds.
type Command struct {
	When  When
	Words []string
}

// Commands takes a line apart at blanks, and at the words || && and ; (exec.c, system). There is no quoting. A word
// that begins with # ends the line.
func Commands(text string) []Command {
	all := []Command{{}}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 128 && isSpace(byte(r)) }) {
		if word[0] == '#' {
			break
		}
		when, separates := map[string]When{"||": OnFailure, "&&": OnSuccess, ";": Always}[word]
		if separates {
			all = append(all, Command{When: when})
			continue
		}
		last := &all[len(all)-1]
		last.Words = append(last.Words, word)
	}
	return all
}

// maxExpansions bounds what a word may become: a setting may name itself.
const maxExpansions, maxWord = 1 << 10, 1 << 14

// Expand puts the values of settings in place of ${name}, the innermost first, until there is none
// (exec.c, expand_settings). What a value holds is expanded too.
func Expand(word string, value func(name string) string) string {
	for range maxExpansions {
		start, end := innermost(word)
		if end < 0 || len(word) > maxWord {
			break
		}
		word = word[:start] + value(word[start+2:end]) + word[end+1:]
	}
	return word
}

// innermost is the first } with a ${ before it, and the last ${ before that.
func innermost(word string) (start, end int) {
	start = -1
	for i := range len(word) {
		switch {
		case strings.HasPrefix(word[i:], "${"):
			start = i
		case word[i] == '}' && start >= 0:
			return start, i
		}
	}
	return start, -1
}
