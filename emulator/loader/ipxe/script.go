package ipxe

import (
	"bytes"
	"strings"
)

// A Script is a script's lines.
type Script []Line

// A Line is one line: a label, a command, or both.
type Line struct {
	Label string // without its colon
	Text  string
}

// Is tells a script by its first word, as script_probe does: "#!ipxe" or "#!gpxe" and a blank.
func Is(content []byte) bool {
	const magic = len("#!ipxe")
	if len(content) <= magic || !isSpace(content[magic]) {
		return false
	}
	return bytes.HasPrefix(content, []byte("#!ipxe")) || bytes.HasPrefix(content, []byte("#!gpxe"))
}

// Parse reads a script. There are no mistakes in it until a line runs. A backslash at the end of a line continues
// it, since iPXE 1.21.
func Parse(content []byte) Script {
	var s Script
	var text string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(content), "\n"), "\n") {
		text += strings.TrimSuffix(line, "\r")
		if head, more := strings.CutSuffix(text, `\`); more {
			text = head
			continue
		}
		s = append(s, parseLine(text))
		text = ""
	}
	return s
}

// parseLine splits off the label.
func parseLine(text string) Line {
	rest, labelled := strings.CutPrefix(strings.TrimLeft(text, blanks), ":")
	if !labelled {
		return Line{Text: text}
	}
	end := strings.IndexAny(rest, blanks)
	if end < 0 {
		return Line{Label: rest}
	}
	return Line{Label: rest[:end], Text: rest[end+1:]}
}

// Find is where a label stands, the first of its name.
func (s Script) Find(label string) (at int, ok bool) {
	for i, l := range s {
		if l.Label == label && label != "" {
			return i, true
		}
	}
	return 0, false
}

const blanks = " \t\n\v\f\r"

func isSpace(b byte) bool { return strings.IndexByte(blanks, b) >= 0 }
