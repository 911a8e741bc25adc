package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// ManualCmd is `bootrig manual`.
type ManualCmd struct{}

// Help is what `bootrig manual --help` adds.
func (ManualCmd) Help() string {
	return `Prints the manual page, made of what --help says of each command.

Examples:

  bootrig manual | man -l -
  bootrig manual | sudo tee /usr/share/man/man1/bootrig.1 >/dev/null`
}

// Run prints the page.
func (ManualCmd) Run(k *kong.Kong) error { return manual(os.Stdout, k.Model) }

// manual writes a page (man(7)): the program, and a section for each command.
func manual(w io.Writer, app *kong.Application) error {
	p := page{bufio.NewWriter(w)}
	about, examples, _ := strings.Cut(app.Help, "\n")
	p.say(".TH BOOTRIG 1 \"\" \"bootrig %s\"", roff(thisVersion().Version))
	p.say(".SH NAME\nbootrig \\- %s", roff(about))
	p.say(".SH SYNOPSIS\n.B bootrig\n.I COMMAND\n[\\fIFLAGS\\fR]")
	p.say(".SH EXAMPLES")
	p.text(examples)
	p.commands(app.Node, "bootrig")
	return p.Flush()
}

type page struct{ *bufio.Writer }

func (p page) say(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// text writes paragraphs. Those with lines that are set in stay as they are.
func (p page) text(text string) {
	for paragraph := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		if strings.HasPrefix(paragraph, "  ") {
			p.say(".PP\n.nf\n%s\n.fi", roff(paragraph))
		} else if paragraph != "" {
			p.say(".PP\n%s", roff(paragraph))
		}
	}
}

// commands are those below a node, each of which can be run or has some below it.
func (p page) commands(n *kong.Node, above string) {
	for _, c := range n.Children {
		name := above + " " + c.Name
		p.say(".SH %q", strings.ToUpper(name))
		p.say("%s", roff(c.Help))
		p.say(".PP\n.B bootrig %s", roff(c.Summary()))
		p.text(c.Detail)
		for _, f := range c.Flags {
			if !f.Hidden {
				p.say(".TP\n.B %s\n%s", roff(f.String()), roff(f.Help))
			}
		}
		p.commands(c, name)
	}
}

// roff writes text so that man shows it as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
