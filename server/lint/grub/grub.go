// Package grub answers: which files does a grub.cfg name, and in which line?
//
// It reads GRUB's language as far as words and variables go (grub, grub-core/script): quotes, backslashes, comments,
// lines that go on, and variables that have one value in the whole file.
//
// # Limitations
//
// Nothing is run: both branches of an if are read, and a word that depends on what a machine says is left open.
package grub

import (
	"fmt"
	"strings"
)

// A Command is one of a file: linux, initrd, menuentry and so on.
type Command struct {
	Name string
	Args []string // "" stands for one that depends on what a machine says
	Rule string   // file:line
	If   bool     // it stands in an if, and may be there for another machine
}

// Bounds on what one file may cost.
const (
	maxLines = 1 << 16
	maxWords = 1 << 10
)

// Parse reads a file that is called name. known are the variables that GRUB sets itself, such as prefix.
func Parse(name string, text []byte, known map[string]string) []Command {
	p := &parser{name: name, vars: map[string]value{}}
	for key, v := range known {
		p.vars[key] = value{text: v, fixed: true}
	}
	commands := p.commands(string(text))
	for _, c := range commands {
		p.assign(c)
	}
	var named []Command
	for _, c := range commands {
		if c.Name, _ = p.expand(c.Name); c.Name == "" {
			continue
		}
		for i, arg := range c.Args {
			c.Args[i], _ = p.expand(arg)
		}
		named = append(named, c)
	}
	return named
}

// A value is that of a variable; one that is set to several is unknown.
type value struct {
	text    string
	unknown bool
	fixed   bool
}

type parser struct {
	name string
	vars map[string]value
}

// commands are all, a list of words each. Variables stand in them as they were written, behind a NUL.
func (p *parser) commands(text string) (all []Command) {
	number, depth := 0, 0
	var words []string
	first := 0
	end := func() {
		if len(words) == 0 {
			return
		}
		switch words[0] {
		case "if", "while", "until", "for":
			depth++
		case "fi", "done":
			depth = max(depth-1, 0)
		}
		words = bare(words)
		if len(words) > 0 {
			all = append(all, Command{Name: words[0], Args: words[1:], Rule: fmt.Sprintf("%s:%d", p.name, first), If: depth > 0})
		}
		words = nil
	}
	l := lexer{text: text}
	for number < maxLines {
		kind, word := l.next()
		number = l.line
		switch kind {
		case done:
			end()
			return all
		case separator:
			end()
		default:
			if len(words) == 0 {
				first = l.began
			}
			if len(words) < maxWords {
				words = append(words, word)
			}
		}
	}
	return all
}

// bare leaves the words out before which a command may stand.
func bare(words []string) []string {
	for len(words) > 0 {
		switch words[0] {
		case "if", "elif", "then", "else", "while", "until", "do", "!", "time", "fi", "done":
			words = words[1:]
		default:
			return words
		}
	}
	return nil
}

// assign takes `set NAME=VALUE` and `NAME=VALUE`.
func (p *parser) assign(c Command) {
	words := append([]string{c.Name}, c.Args...)
	if words[0] == "set" {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	name, text, ok := strings.Cut(words[0], "=")
	if !ok || name == "" || strings.ContainsAny(name, "\x00 /") {
		return
	}
	old, again := p.vars[name]
	if expanded, ok := p.expand(text); ok && (!again || !old.fixed && old.text == expanded) {
		p.vars[name] = value{text: expanded, unknown: old.unknown}
		return
	}
	p.vars[name] = value{unknown: true}
}

// expand puts the values of variables into a word. One with a variable that is not known is "".
func (p *parser) expand(word string) (string, bool) {
	parts := strings.Split(word, "\x00")
	text := parts[0]
	for i := 1; i+1 < len(parts); i += 2 {
		v, ok := p.vars[parts[i]]
		if !ok || v.unknown {
			return "", false
		}
		text += v.text + parts[i+1]
	}
	return text, true
}
