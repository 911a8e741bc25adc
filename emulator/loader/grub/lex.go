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
	var r reading
	i := 0
	for i < len(text) {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || strings.IndexByte(separators, c) >= 0:
			return r.end(), i, nil
		case c == '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return nil, 0, ErrQuote
			}
			r.word = append(r.end(), Part{Text: text[i+1 : i+1+end], Quoted: true})
			i += end + 2
		case c == '"':
			parts, used, err := lexQuoted(text[i+1:])
			if err != nil {
				return nil, 0, err
			}
			r.word = append(r.end(), parts...)
			i += used + 1
		default:
			i += r.next(text[i:])
		}
	}
	return r.end(), i, nil
}

// lexQuoted reads up to the closing quote.
func lexQuoted(text string) (parts []Part, n int, err error) {
	r := reading{quoted: true}
	for i := 0; i < len(text); {
		if text[i] == '"' {
			if parts = r.end(); parts == nil {
				parts = []Part{{Quoted: true}}
			}
			return parts, i + 1, nil
		}
		i += r.next(text[i:])
	}
	return nil, 0, ErrQuote
}

// A reading is a word, or what is between double quotes, as far as it was read.
type reading struct {
	word   Word
	plain  strings.Builder // its end, which is text
	quoted bool
}

// end is the word, if no more is to come.
func (r *reading) end() Word {
	if r.plain.Len() > 0 {
		r.word = append(r.word, Part{Text: r.plain.String(), Quoted: r.quoted})
		r.plain.Reset()
	}
	return r.word
}

// next takes a character, or what a backslash or a dollar sign begins. Between quotes a backslash counts before
// $ " \ and a newline only.
func (r *reading) next(text string) (n int) {
	switch c := text[0]; {
	case c == '\\' && len(text) > 1 && (!r.quoted || strings.IndexByte("$\"\\\n", text[1]) >= 0):
		if text[1] != '\n' {
			r.plain.WriteByte(text[1])
		}
		return 2
	case c == '$':
		if name, used := variable(text); used > 0 {
			r.word = append(r.end(), Part{Variable: name, Quoted: r.quoted})
			return used
		}
	}
	r.plain.WriteByte(text[0])
	return 1
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
