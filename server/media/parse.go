package media

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/server/config/yaml/limit"
)

// parse reads a family's file that is called name. Its error joins every mistake in it, each as file:line: text;
// one that the parser finds has the lines around it as well.
func parse(name string, data []byte) (*family, error) {
	if what := textfile.Not(data); what != "" {
		return nil, fmt.Errorf("%s:1: this is no file of a family but %s", name, what)
	}
	if line, why := limit.Exceeded(data); why != "" {
		return nil, fmt.Errorf("%s:%d: %s", name, line, why)
	}
	f := &family{}
	d := yaml.NewDecoder(bytes.NewReader(data), yaml.DisallowUnknownField())
	if err := d.Decode(f); err != nil && !errors.Is(err, io.EOF) {
		return nil, placed(name, err)
	}
	f.file = name
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

// placed is an error of the parser as file:line, with what stands there.
func placed(name string, err error) error {
	var at interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		return fmt.Errorf("%s:1: %w", name, err)
	}
	_, excerpt, _ := strings.Cut(yaml.FormatError(err, false, true), "\n")
	return fmt.Errorf("%s:%d: %s\n%s", name, at.GetToken().Position.Line, at.GetMessage(), excerpt)
}

// reserved are the names that whoever makes a menu puts something in for.
func reserved() []string { return []string{"server", "base", "iso", "answer"} }

// A checker collects what is wrong with a family.
type checker struct {
	*family
	mistakes []fault
}

// A fault is a mistake and its line.
type fault struct {
	line int
	error
}

func (c *checker) wrong(line int, format string, args ...any) {
	line = max(line, 1)
	c.mistakes = append(c.mistakes, fault{line, fmt.Errorf("%s:%d: %s", c.file, line, fmt.Sprintf(format, args...))})
}

// all are the mistakes in the order of the lines.
func (c *checker) all() error {
	slices.SortStableFunc(c.mistakes, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var mistakes []error
	for _, m := range c.mistakes {
		mistakes = append(mistakes, m.error)
	}
	return errors.Join(mistakes...)
}

// check looks at what the file says together.
func (f *family) check() error {
	c := &checker{family: f}
	if !word(f.Name.text) {
		c.wrong(f.Name.line, "family: %q is no name: small letters, digits and dashes, as in xcp-ng", f.Name.text)
	}
	if f.Title.text == "" {
		c.wrong(1, "title is missing: what a menu calls it, as in \"Debian {version} installer\"")
	}
	if len(f.Has) == 0 {
		c.wrong(1, "has is missing: without it every tree would be of this family")
	}
	if (len(f.Entries) == 0) == (f.Instead.text == "") {
		c.wrong(1, "one of entries, what is booted, and instead, why nothing can be, is wanted")
	}
	c.said(f.Instead, append(c.facts(), reserved()...))
	for _, name := range c.facts() {
		if !named(name) || slices.Contains(append(reserved(), "cpu", "title"), name) {
			c.wrong(1, "facts: %q cannot be the name of one", name)
		}
	}
	c.said(f.Title, c.facts())
	for _, t := range f.Fetches {
		c.said(t, append(c.facts(), reserved()...))
	}
	for _, e := range f.Entries {
		c.entry(e)
	}
	c.answer()
	for _, n := range f.Notes {
		c.said(n.Text, append(c.facts(), reserved()...))
	}
	return c.all()
}

// facts are the names that a file may use anywhere.
func (c *checker) facts() (all []string) {
	for name := range c.Facts {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// said looks for names between braces that nothing stands for.
func (c *checker) said(t text, known []string) {
	for _, name := range names(t.text) {
		if !slices.Contains(known, name) {
			c.wrong(t.line, "{%s} stands for nothing here: known are {%s}", name, strings.Join(known, "}, {"))
		}
	}
}

// entry checks one template.
func (c *checker) entry(e entry) {
	if e.Name.text == "" || e.Title.text == "" {
		c.wrong(max(e.Name.line, e.Title.line), "an entry wants a name, as in install, and a title")
	}
	if len(e.Kernel) == 0 && e.Kind != kind(Windows) {
		c.wrong(max(e.Name.line, e.Title.line), "entry %s: kernel is missing", e.Name.text)
	}
	known := append(c.facts(), "title", "cpu")
	for i, p := range e.Kernel {
		for _, name := range names(p.text) {
			switch {
			case slices.Contains(known, name):
			case i == 0:
				known = append(known, name)
			default:
				c.wrong(p.line, "{%s} is not in the first path of kernel: what follows could not say it", name)
			}
		}
	}
	inArgs := append(slices.Clone(known), reserved()...)
	c.said(e.Name, known)
	c.said(e.Title, known)
	c.said(e.Args, inArgs)
	c.said(e.Append, known)
	for _, m := range e.Modules {
		c.said(m.Args, inArgs)
		c.paths(m.File, known)
	}
	for _, p := range e.Initrds {
		c.paths(p, known)
	}
	if (e.Kind == kind(Multiboot) || e.Kind == kind(Xen) || e.Kind == kind(ESXi)) != (len(e.Modules) > 0) {
		c.wrong(max(e.Name.line, e.Title.line), "entry %s: modules belong to the kinds multiboot, xen and esxi, which want some", e.Name.text)
	}
}

// paths looks at the names in the paths of files beside the kernel: they are known by then.
func (c *checker) paths(p patterns, known []string) {
	for _, one := range p {
		c.said(text{one.text, one.line}, known)
	}
}

func (c *checker) answer() {
	if c.Answer == nil {
		return
	}
	if !strings.Contains(c.Answer.Args.text, "{answer}") {
		c.wrong(c.Answer.Args.line, "answer: args has no {answer}, which is the URL of the file")
	}
	c.said(c.Answer.Args, append(c.facts(), reserved()...))
	if len(c.Answer.Files) == 0 {
		c.wrong(c.Answer.Args.line, "answer: files is missing: the names that such files have")
	}
	formats := []string{"preseed", "kickstart", "cloud-init", "xml", "json", "toml", "shell", "archive"}
	if !slices.Contains(formats, c.Answer.Format.text) {
		c.wrong(c.Answer.Format.line, "answer: format %q is none of %s", c.Answer.Format.text, strings.Join(formats, ", "))
	}
}

// word tells whether a text can be the name of a family.
func word(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' })
}
