package qemu

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLine bounds a line: the longest that matters is a kernel's command line (2048, and its time stamp).
const maxLine = 4096

// A screenLine is one line as a terminal shows it: \r and \b move back, what is written then
// replaces what was there. iPXE takes its prompts back that way, so they are not in the result.
// Escape sequences are obeyed as far as they end or clear a line, the rest is dropped. A line that two consoles
// wrote to the same port is there once.
type screenLine struct {
	cells []rune
	typed []rune // the letters as they came
	col   int
	esc   []byte // an escape sequence so far, nil outside
	utf   []byte // a UTF-8 sequence so far
	row   string // where the cursor was last sent, "" after a new line
	width int    // how long the line was when it ended
}

// write feeds one byte; done is true when it ended a line.
func (l *screenLine) write(b byte) (text string, done bool) {
	if l.esc != nil {
		return l.escape(b)
	}
	switch {
	case b == 0x1b:
		l.esc = append(l.esc, b)
	case b == '\n':
		return l.end(), true
	case b == '\r':
		l.col = 0
	case b == '\b':
		l.col = max(l.col-1, 0)
		l.typed = l.typed[:max(len(l.typed)-1, 0)]
	case b == '\t':
		for l.put(' '); l.col%8 != 0; {
			l.put(' ')
		}
	case b >= 0x80:
		l.multibyte(b)
	case b >= ' ' && b != 0x7f:
		l.put(rune(b))
	}
	if l.col >= maxLine {
		return l.end(), true
	}
	return "", false
}

// end takes the line, without trailing blanks.
func (l *screenLine) end() string {
	text := strings.TrimRight(string(l.cells), " ")
	l.width = len(l.cells)
	if once, doubled := single(string(l.typed)); doubled {
		text, l.width = once, len(l.typed)/2
	}
	l.cells, l.typed, l.col, l.utf, l.row = l.cells[:0], l.typed[:0], 0, l.utf[:0], ""
	return text
}

// peek is the line as it stands.
func (l *screenLine) peek() string { return strings.TrimRight(string(l.cells), " ") }

func (l *screenLine) put(r rune) {
	l.utf = l.utf[:0]
	for len(l.cells) <= l.col {
		l.cells = append(l.cells, ' ')
	}
	l.cells[l.col] = r
	if len(l.typed) <= mostDoubled {
		l.typed = append(l.typed, r)
	}
	l.col++
}

func (l *screenLine) multibyte(b byte) {
	l.utf = append(l.utf, b)
	if r, _ := utf8.DecodeRune(l.utf); r != utf8.RuneError {
		l.put(r)
	} else if utf8.FullRune(l.utf) {
		l.put('?') // noise on the line: no longer the start of anything
	}
}

// escape collects ESC x, or ESC [ parameters letter. A jump elsewhere on the screen ends the line,
// since SeaBIOS sends one wherever a program moved the cursor.
func (l *screenLine) escape(b byte) (text string, done bool) {
	l.esc = append(l.esc, b)
	if len(l.esc) == 2 && b != '[' {
		if b >= 0x20 && b < 0x30 { // ESC ( B and its like: one more byte
			return "", false
		}
		l.esc = nil
		return l.cleared(b == 'c')
	}
	if len(l.esc) == 2 || (b < 0x40 && len(l.esc) < 32) {
		return "", false
	}
	params := string(l.esc[2 : len(l.esc)-1])
	l.esc = nil
	switch b {
	case 'H', 'f':
		return l.jump(params)
	case 'J':
		return l.cleared(params == "2")
	case 'K':
		if params == "" || params == "0" {
			l.cells = l.cells[:min(l.col, len(l.cells))]
		}
	}
	return "", false
}

// jump moves the cursor to "row;column". pxelinux sets the cursor where it already is; anything that
// looks like another row ends the line.
func (l *screenLine) jump(params string) (text string, done bool) {
	row, column, _ := strings.Cut(params, ";")
	col, err := strconv.Atoi(column)
	if col--; err == nil && (row == l.row || l.row == "") && col > 0 && col <= len(l.cells)+1 {
		l.row, l.col = row, col
		return "", false
	}
	text, done = l.cleared(true)
	l.row = row
	return text, done
}

// cleared ends the line if it has text and the cursor really left it.
func (l *screenLine) cleared(left bool) (string, bool) {
	if !left {
		return "", false
	}
	text := l.end()
	return text, text != ""
}
