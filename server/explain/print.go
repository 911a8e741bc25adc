package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// Print tells the story, a line a fact.
func (s Story) Print(w io.Writer) {
	fmt.Fprintf(w, "%s\non %s\n", s.Client, s.Link)
	var tags []string
	for _, tag := range s.Tags {
		tags = append(tags, tag.Name+bracket(tag.Rule))
	}
	if len(tags) > 0 {
		fmt.Fprintf(w, "tags: %s\n", strings.Join(tags, ", "))
	}
	for _, step := range s.Steps {
		step.print(w)
	}
	s.end(w)
}

func (s Step) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", s.Asked)
	what := "silence"
	if s.Relay != "" {
		what = "relayed to " + s.Relay
	}
	if r := s.Reply; r != nil {
		what = r.Type + " to " + r.To
	}
	if s.Delay != "" {
		what += " after " + s.Delay
	}
	fmt.Fprintf(w, "  %s\n  %-8s %s: %s\n", what, "why", s.Rule, s.Reason)
	if s.Reply != nil {
		s.Reply.print(w)
	}
}

func (r Reply) print(w io.Writer) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-8s %s\n", name, value)
		}
	}
	line("yiaddr", r.Address)
	line("siaddr", r.Siaddr)
	line("sname", r.ServerName)
	line("file", r.File)
	for _, sub := range r.Vendor {
		line("43", sub)
	}
	for _, item := range r.Menu {
		line("menu", item)
	}
	for _, option := range r.Options {
		code, value, _ := strings.Cut(option, "=")
		line(code, value)
	}
}

// end says what the client does with all that.
func (s Story) end(w io.Writer) {
	fmt.Fprintln(w)
	switch {
	case s.Local != "":
		fmt.Fprintf(w, "it boots its own disk%s\n", bracket(s.Local))
	case len(s.Files) == 0:
		fmt.Fprintln(w, "it boots nothing of ours")
	}
	for _, f := range s.Files {
		fmt.Fprintf(w, "%s %s\n", f.fetcher(), f.fate())
	}
}

// fetcher is who fetches a file.
func (f File) fetcher() string {
	if f.By != "" {
		return f.By + " has it load"
	}
	return "it fetches"
}

// fate is the file, and what becomes of it.
func (f File) fate() string {
	switch {
	case f.Error != "":
		return f.Name + " and fails: " + f.Error + bracket(f.Rule)
	case f.Found && f.Signed != "":
		return f.Name + ", " + event.Size(f.Size) + ", " + f.Signed + bracket(f.Rule)
	case f.Found:
		return f.Name + ", " + event.Size(f.Size) + bracket(f.Rule)
	}
	return f.Name + where(f) + bracket(f.Rule)
}

func where(f File) string {
	if url(f.Name) || !f.Server.IsValid() {
		return ""
	}
	return " from " + f.Server.String()
}

func bracket(rule string) string {
	if rule == "" {
		return ""
	}
	return " (" + rule + ")"
}
