package yaml

import (
	"bytes"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a file may hold. The parser calls itself for each level, so they are counted before it sees them;
// our own language has five. Aliases, of which a few lines can make gigabytes, are not part of it.
const (
	maxSize   = 1 << 20
	maxIndent = 64 // columns
	maxDepth  = 16 // brackets, or dashes in one line
)

// within tells whether the text keeps the limits.
func (r *reader) within(data []byte) bool {
	switch {
	case len(data) > maxSize:
		r.wrongAt(1, "the file has more than %d bytes", maxSize)
		return false
	case !utf8.Valid(data):
		for i, l := range bytes.Split(data, []byte("\n")) {
			if !utf8.Valid(l) {
				r.wrongAt(i+1, "the line is not UTF-8: bytes that are no text are written hex:e4:f6")
			}
		}
		return false
	}
	return r.flat(data)
}

// flat tells whether nothing is nested too deep. Whoever begins a level does so with a bracket, farther
// right than the line before, or with several signs in one line.
func (r *reader) flat(data []byte) bool {
	for i, l := range bytes.Split(data, []byte("\n")) {
		if n := len(l) - len(bytes.TrimLeft(l, " ")); n > maxIndent && n < len(l) {
			r.wrongAt(i+1, "the line is indented by %d blanks, more than %d are not read", n, maxIndent)
			return false
		}
	}
	brackets, signs, at := 0, 0, 0
	for _, t := range lexer.Tokenize(string(data)) {
		if t.Position.Line != at {
			signs, at = 0, t.Position.Line
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType, token.AliasType:
			signs++
		}
		if brackets > maxDepth || signs > maxDepth {
			r.wrongAt(t.Position.Line, "more than %d levels in each other are not read", maxDepth)
			return false
		}
	}
	return true
}
