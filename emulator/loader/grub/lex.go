package grub

import (
	"errors"
	"strings"
)

// A token is a word, or one of the separators: newline ; { } & | < >.
type token struct {
	word Word
	sep  byte // 0: it is a word
	line int
	at   int // where it begins in the text
	end  int
}

// ErrQuote is for a quote that nothing closes.
var ErrQuote = errors.New("syntax error: a quote is opened and never closed")

const separators = "\n;{}&|<>"

// lex takes a text apart.
func lex(text string) ([]token, error) {
	var all []token
	line := 1
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case strings.HasPrefix(text[i:], "\\\n"):
			line, i = line+1, i+2
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '#':
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(text)
			}
		case strings.IndexByte(separators, c) >= 0:
			all = append(all, token{sep: c, line: line, at: i, end: i + 1})
			if c == '\n' {
				line++
			}
			i++
		default:
			w, n, err := lexWord(text[i:])
			if err != nil {
				return nil, err
			}
			all = append(all, token{word: w, line: line, at: i, end: i + n})
			line += strings.Count(text[i:i+n], "\n")
			i += n
		}
	}
	return all, nil
}

// lexWord reads one word, which ends at a blank or separator outside of quotes.
func lexWord(text string) (w Word, n int, err error) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			w = append(w, Part{Text: plain.String()})
			plain.Reset()
		}
	}
	i := 0
	for i < len(text) {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || strings.IndexByte(separators, c) >= 0:
			flush()
			return w, i, nil
		case c == '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return nil, 0, ErrQuote
			}
			flush()
			w = append(w, Part{Text: text[i+1 : i+1+end], Quoted: true})
			i += end + 2
		case c == '"':
			flush()
			parts, used, err := lexQuoted(text[i+1:])
			if err != nil {
				return nil, 0, err
			}
			w = append(w, parts...)
			i += used + 1
		case c == '\\' && i+1 < len(text):
			if text[i+1] != '\n' {
				plain.WriteByte(text[i+1])
			}
			i += 2
		case c == '$':
			name, used := variable(text[i:])
			if used == 0 {
				plain.WriteByte(c)
				i++
				continue
			}
			flush()
			w = append(w, Part{Variable: name})
			i += used
		default:
			plain.WriteByte(c)
			i++
		}
	}
	flush()
	return w, i, nil
}

// lexQuoted reads up to the closing quote: backslashes count before $ " \ and a newline only.
func lexQuoted(text string) (parts []Part, n int, err error) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, Part{Text: plain.String(), Quoted: true})
			plain.Reset()
		}
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			flush()
			if parts == nil {
				parts = []Part{{Quoted: true}}
			}
			return parts, i + 1, nil
		case c == '\\' && i+1 < len(text) && strings.IndexByte("$\"\\\n", text[i+1]) >= 0:
			if text[i+1] != '\n' {
				plain.WriteByte(text[i+1])
			}
			i += 2
		case c == '$':
			name, used := variable(text[i:])
			if used == 0 {
				plain.WriteByte(c)
				i++
				continue
			}
			flush()
			parts = append(parts, Part{Variable: name, Quoted: true})
			i += used
		default:
			plain.WriteByte(c)
			i++
		}
	}
	return nil, 0, ErrQuote
}

// variable reads $name, ${name}, a digit or one of ? * @ #; 0: it is a dollar sign.
func variable(text string) (name string, n int) {
	rest := text[1:]
	if inner, ok := strings.CutPrefix(rest, "{"); ok {
		end := strings.IndexByte(inner, '}')
		if end <= 0 {
			return "", 0
		}
		return inner[:end], end + 3
	}
	if rest == "" {
		return "", 0
	}
	if strings.IndexByte("?*@#", rest[0]) >= 0 {
		return rest[:1], 2
	}
	end := 0
	digits := rest[0] >= '0' && rest[0] <= '9'
	for end < len(rest) && nameByte(rest[end]) && (!digits || rest[end] <= '9') {
		end++
	}
	if end == 0 {
		return "", 0
	}
	return rest[:end], end + 1
}

func nameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
