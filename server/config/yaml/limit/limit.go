// Package limit answers: is this YAML small and flat enough to be parsed?
//
// The parser calls itself for each level and needs the square of the time for the keys of a group, and aliases
// make gigabytes of a few lines. So all of it is counted before the parser sees a file.
package limit

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a file may hold. Our own languages have five levels and groups of twenty keys; aliases are part of none.
const (
	maxSize   = 1 << 20
	maxIndent = 64 // columns
	maxDepth  = 16 // brackets, or words with ! & * in one line
	maxDashes = 4  // in one line
	maxKeys   = 64 // in a group
	maxDocs   = 2
)

// Exceeded says what is too much of in a file, and in which line. "": the parser may have it.
func Exceeded(data []byte) (line int, why string) {
	switch {
	case len(data) > maxSize:
		return 1, fmt.Sprintf("the file has more than %d bytes", maxSize)
	case !utf8.Valid(data):
		for i, l := range bytes.Split(data, []byte("\n")) {
			if !utf8.Valid(l) {
				return i + 1, "the line is not UTF-8: bytes that are no text are written hex:e4:f6"
			}
		}
	}
	for i, l := range bytes.Split(data, []byte("\n")) {
		if n := len(l) - len(bytes.TrimLeft(l, " ")); n > maxIndent && n < len(l) {
			return i + 1, fmt.Sprintf("the line is indented by %d blanks, more than %d are not read", n, maxIndent)
		}
	}
	return nested(data)
}

// nested finds levels that are too deep. Whoever begins one does so with a bracket, farther right than the
// line before, or with several signs in one line.
func nested(data []byte) (line int, why string) {
	var n nesting
	for _, t := range lexer.Tokenize(string(data)) {
		if why := n.take(t); why != "" {
			return t.Position.Line, why
		}
	}
	return 0, ""
}

// A nesting is what the tokens so far have opened.
type nesting struct {
	groups   []opened
	brackets int
	line     int
	dashes   int // in that line
	signs    int
	docs     int
}

// An opened is a group that goes on: one between brackets, or one of lines, by the column of its keys.
type opened struct {
	column int // of its keys; inBrackets: any
	keys   int
}

const inBrackets = 0

// take counts a token in, and says what is too much of.
func (n *nesting) take(t *token.Token) (tooMuch string) {
	if t.Position.Line != n.line {
		n.dashes, n.signs, n.line = 0, 0, t.Position.Line
	}
	keys := 0
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.brackets++
		n.groups = append(n.groups, opened{column: inBrackets})
	case token.SequenceEndType, token.MappingEndType:
		if n.brackets > 0 {
			n.close(func(o opened) bool { return o.column != inBrackets })
			n.brackets, n.groups = n.brackets-1, n.groups[:len(n.groups)-1]
		}
	case token.SequenceEntryType:
		n.dashes++
		n.outside(t)
	case token.TagType, token.AnchorType, token.AliasType:
		n.signs++
	case token.MappingKeyType:
		n.dashes++
		keys = n.key(t)
	case token.MappingValueType:
		if t.Prev != nil {
			keys = n.key(t.Prev)
		}
	case token.DocumentHeaderType, token.DocumentEndType:
		n.docs++
	}
	switch {
	case n.brackets > maxDepth || n.signs > maxDepth || n.dashes > maxDashes:
		return "so many levels in each other are not read"
	case keys > maxKeys:
		return fmt.Sprintf("more than %d keys in a group are not read", maxKeys)
	case n.docs > maxDocs:
		return "several documents: a file is one configuration, drop the lines ---"
	}
	return ""
}

// outside closes the groups to the right of a token that begins something of lines.
func (n *nesting) outside(t *token.Token) {
	if n.brackets == 0 {
		n.close(func(o opened) bool { return o.column > t.Position.Column })
	}
}

func (n *nesting) close(done func(opened) bool) {
	for len(n.groups) > 0 && done(n.groups[len(n.groups)-1]) {
		n.groups = n.groups[:len(n.groups)-1]
	}
}

// key counts a key into its group.
func (n *nesting) key(t *token.Token) int {
	n.outside(t)
	last := len(n.groups) - 1
	if n.brackets == 0 && (last < 0 || n.groups[last].column != t.Position.Column) {
		n.groups = append(n.groups, opened{column: t.Position.Column})
		last++
	}
	n.groups[last].keys++
	return n.groups[last].keys
}
