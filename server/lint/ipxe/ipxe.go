// Package ipxe answers: which files does a script of iPXE fetch, and in which line?
//
// It reads the language as iPXE's shell cuts it into commands (ipxe, src/core/exec.c), and keeps those that fetch.
//
// # Limitations
//
// Nothing is run: a name with a setting in it, ${...}, is known on the machine alone and left as it is.
package ipxe

import (
	"fmt"
	"strings"
)

// A Command is one that fetches a file.
type Command struct {
	Name  string // kernel, initrd, chain and so on
	URI   string // as it was written
	Rule  string // file:line
	Tried bool   // the script goes on without it: || stands behind
}

// A Setting is the use of one: ${next-server}.
type Setting struct{ Name, Rule string }

// A Script is what was read.
type Script struct {
	Commands []Command
	Settings []Setting
}

const maxLines = 1 << 16

// Parse reads a script that is called name.
func Parse(name string, text []byte) (s Script) {
	number, begun := 0, ""
	for line := range strings.Lines(string(text)) {
		if number++; number > maxLines {
			break
		}
		line = begun + strings.TrimRight(line, "\r\n")
		if rest, more := strings.CutSuffix(line, `\`); more {
			begun = rest
			continue
		}
		begun = ""
		s.line(line, fmt.Sprintf("%s:%d", name, number))
	}
	return s
}

func (s *Script) line(line, rule string) {
	words := split(line)
	for len(words) > 0 {
		end := 0
		for end < len(words) && words[end] != "||" && words[end] != "&&" && words[end] != ";;" {
			end++
		}
		tried := end < len(words) && words[end] == "||"
		s.command(words[:end], rule, tried)
		words = words[min(end+1, len(words)):]
	}
	for rest := line; !strings.HasPrefix(strings.TrimSpace(line), "#"); {
		_, after, ok := strings.Cut(rest, "${")
		if !ok {
			return
		}
		setting, after, ok := strings.Cut(after, "}")
		if !ok {
			return
		}
		s.Settings = append(s.Settings, Setting{setting, rule})
		rest = after
	}
}

// command takes one that fetches: the first word that is no option.
func (s *Script) command(words []string, rule string, tried bool) {
	if len(words) == 0 {
		return
	}
	switch words[0] {
	case "kernel", "initrd", "module", "chain", "imgfetch", "imgexec", "imgload", "imgselect", "boot", "shim":
	default:
		return
	}
	for i := 1; i < len(words); i++ {
		switch word := words[i]; {
		case word == "--name", word == "-n", word == "--timeout", word == "-t":
			i++ // its value
		case strings.HasPrefix(word, "-"):
		default:
			s.Commands = append(s.Commands, Command{words[0], word, rule, tried})
			return
		}
	}
}

// split cuts at blanks that are not quoted, up to a comment.
func split(line string) (words []string) {
	var word strings.Builder
	in, quote := false, byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteByte(c)
		case c == '"' || c == '\'':
			in, quote = true, c
		case c == '\\' && i+1 < len(line):
			i++
			in = true
			word.WriteByte(line[i])
		case c == ' ' || c == '\t':
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		case c == '#' && !in:
			return words
		default:
			in = true
			word.WriteByte(c)
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}
