package grub

import "strings"

// What next finds.
const (
	done = iota
	separator
	word
)

// A lexer cuts a text into words. A variable in one stands between NULs.
type lexer struct {
	text  string
	line  int // how many lines were ended
	began int // the line of the last word
}

// next is the next word or separator. Braces by themselves separate: menuentry 'x' { ... }.
func (l *lexer) next() (kind int, text string) {
	for len(l.text) > 0 {
		switch c := l.text[0]; {
		case c == '\n':
			l.line++
			l.skip(1)
			return separator, ""
		case c == ';' || c == '&' || c == '|':
			l.skip(1)
			return separator, ""
		case c == ' ' || c == '\t' || c == '\r':
			l.skip(1)
		case strings.HasPrefix(l.text, "\\\n"):
			l.line++
			l.skip(2)
		case strings.HasPrefix(l.text, "\\\r\n"):
			l.line++
			l.skip(3)
		case c == '#':
			end := strings.IndexByte(l.text, '\n')
			if end < 0 {
				end = len(l.text)
			}
			l.skip(end)
		case (c == '{' || c == '}') && l.alone():
			l.skip(1)
			return separator, ""
		default:
			l.began = l.line + 1
			return word, l.word()
		}
	}
	return done, ""
}

func (l *lexer) skip(n int) { l.text = l.text[n:] }

// alone tells whether a brace stands by itself.
func (l *lexer) alone() bool {
	return len(l.text) == 1 || strings.IndexByte(" \t\r\n;", l.text[1]) >= 0
}

// word reads to its end.
func (l *lexer) word() string {
	var b strings.Builder
	for len(l.text) > 0 {
		switch c := l.text[0]; {
		case strings.IndexByte(" \t\r\n;&|", c) >= 0:
			return b.String()
		case c == '\'':
			l.skip(1)
			l.quoted(&b)
		case c == '"':
			l.skip(1)
			l.double(&b)
		case c == '\\':
			l.escape(&b)
		case c == '$':
			l.variable(&b)
		default:
			l.take(&b)
		}
	}
	return b.String()
}

// take takes a letter as it stands. NULs mean something here, and nothing in a file.
func (l *lexer) take(b *strings.Builder) {
	switch c := l.text[0]; c {
	case '\n':
		l.line++
		b.WriteByte(c)
	case 0:
	default:
		b.WriteByte(c)
	}
	l.skip(1)
}

func (l *lexer) quoted(b *strings.Builder) {
	for len(l.text) > 0 && l.text[0] != '\'' {
		l.take(b)
	}
	l.text = strings.TrimPrefix(l.text, "'")
}

func (l *lexer) double(b *strings.Builder) {
	for len(l.text) > 0 && l.text[0] != '"' {
		switch {
		case l.text[0] == '$':
			l.variable(b)
		case l.text[0] == '\\' && len(l.text) > 1 && strings.IndexByte("$\"\\\n", l.text[1]) >= 0:
			l.escape(b)
		default:
			l.take(b)
		}
	}
	l.text = strings.TrimPrefix(l.text, `"`)
}

// escape takes the letter behind a backslash; at the end of a line the word goes on.
func (l *lexer) escape(b *strings.Builder) {
	l.skip(1)
	switch {
	case len(l.text) == 0:
	case l.text[0] == '\n':
		l.line++
		l.skip(1)
	default:
		l.take(b)
	}
}

// variable takes $NAME and ${NAME}.
func (l *lexer) variable(b *strings.Builder) {
	l.skip(1)
	var name string
	if rest, ok := strings.CutPrefix(l.text, "{"); ok {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			end = len(rest)
		}
		name, l.text = rest[:end], strings.TrimPrefix(rest[end:], "}")
		l.line += strings.Count(name, "\n")
	} else {
		n := 0
		for n < len(l.text) && (l.text[n] == '_' || l.text[n] >= 'a' && l.text[n] <= 'z' || l.text[n] >= 'A' && l.text[n] <= 'Z' || l.text[n] >= '0' && l.text[n] <= '9' || n == 0 && strings.IndexByte("?*#@", l.text[n]) >= 0) {
			n++
		}
		name = l.text[:n]
		l.skip(n)
	}
	if name == "" {
		b.WriteByte('$')
		return
	}
	b.WriteString("\x00" + strings.ReplaceAll(name, "\x00", "") + "\x00")
}
