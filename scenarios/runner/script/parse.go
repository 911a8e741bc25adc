// Package script is the language of scenarios: it reads a whole txtar file before anything runs and
// reports every mistake in it at once.
package script

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/internal/textfile"
)

// A File is one scenario.
type File struct {
	Name  string // as in messages: "scenarios/ubuntu.txtar"
	Steps []Step
	Files []txtar.File
	src   []byte
}

// A Step is one line that does something.
type Step struct {
	Line      int
	Text      string // the line as written, its words one blank apart, without conditions
	Conds     []Cond
	Not       bool
	Statement any // Lan, Relay, Server, Content, Guest, House, Fault, Key, Expect, Count, Golden, Cmp, Host or Fails
}

// A Mistake is one error of a scenario file.
type Mistake struct {
	File string
	Line int
	Text string
}

func (m Mistake) Error() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text) }

// maxLines is more than anybody writes, and few enough that each line can be held against all others.
const maxLines = 5000

// Parse reads a scenario. The error joins a Mistake for every mistake in it.
func Parse(name string, data []byte) (*File, error) {
	if what := textfile.Not(data); what != "" {
		return &File{Name: name}, Mistake{name, 1, "this is no scenario but " + what}
	}
	archive := txtar.Parse(data)
	if n := bytes.Count(archive.Comment, []byte("\n")); n > maxLines {
		return &File{Name: name}, Mistake{name, maxLines + 1, fmt.Sprintf("a scenario has at most %d lines, and this one %d", maxLines, n)}
	}
	f := &File{Name: name, Files: archive.Files, src: data}
	var mistakes []Mistake
	line := 0
	for text := range strings.Lines(string(archive.Comment)) {
		line++
		step, wrong := parseLine(strings.TrimRight(text, "\n"))
		for _, w := range wrong {
			mistakes = append(mistakes, Mistake{name, line, w})
		}
		if step.Statement != nil || len(wrong) > 0 {
			step.Line = line
			f.Steps = append(f.Steps, step)
		}
	}
	mistakes = append(mistakes, f.check(mistakes)...)
	if len(mistakes) == 0 {
		mistakes = f.strays()
	}
	slices.SortStableFunc(mistakes, func(a, b Mistake) int { return a.Line - b.Line })
	errs := make([]error, len(mistakes))
	for i, m := range mistakes {
		errs[i] = m
	}
	return f, errors.Join(errs...)
}

// parseLine reads one line: [cond]... [!] verb args.
func parseLine(line string) (Step, []string) {
	var s Step
	ws, err := words(line)
	if err != nil {
		return s, []string{err.Error()}
	}
	for len(ws) > 0 && !ws[0].Quoted && strings.HasPrefix(ws[0].Text, "[") {
		cond, err := parseCond(strings.Trim(ws[0].Text, "[]"))
		if err != nil || !strings.HasSuffix(ws[0].Text, "]") {
			return s, []string{fmt.Sprintf("bad condition %s: %v", ws[0].Text, err)}
		}
		s.Conds = append(s.Conds, cond)
		ws = ws[1:]
	}
	if len(ws) == 0 && len(s.Conds) == 0 {
		return s, nil
	}
	s.Text = join(ws)
	if len(ws) > 0 && !ws[0].Quoted && ws[0].Text == "!" {
		s.Not, ws = true, ws[1:]
	}
	if len(ws) == 0 {
		return s, []string{"a condition or ! without a verb after it"}
	}
	verb, err := lookup(ws[0].Text)
	if err != nil {
		return s, []string{err.Error()}
	}
	a := newArgs(ws[1:])
	s.Statement = verb.read(a)
	a.end()
	if s.Not && !verb.Not {
		a.wrong("! cannot stand before it")
	}
	for i := range a.mistakes {
		a.mistakes[i] = verb.Name + ": " + a.mistakes[i]
	}
	return s, a.mistakes
}

// File gives a file of the archive.
func (f *File) File(name string) ([]byte, bool) {
	for _, file := range f.Files {
		if file.Name == name {
			return file.Data, true
		}
	}
	return nil, false
}

// Title is the first sentence or line of the comment that a scenario begins with.
func (f *File) Title() string {
	first, _, _ := strings.Cut(string(f.src), "\n")
	text, comment := strings.CutPrefix(first, "#")
	if !comment {
		return ""
	}
	sentence, _, _ := strings.Cut(strings.TrimSpace(text), ". ")
	return sentence
}

// Source is the whole scenario as it was read.
func (f *File) Source() []byte { return f.src }
