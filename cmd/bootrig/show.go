package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/media"
)

// MediaShowCmd is `bootrig media show`.
type MediaShowCmd struct {
	Paths []string `arg:"" name:"PATH" help:"Directories, tarballs and ISO images."`
	JSON  bool     `name:"json" help:"Print JSON, a PATH a line."`
}

// Help is what `bootrig media show --help` adds.
func (MediaShowCmd) Help() string {
	return `Examples:

  bootrig media show xcp-ng-8.3.0.iso
      XCP-ng 8.3.0, what can be booted of it, how much memory that needs, and what the installer fetches.

  bootrig media show ./mine
      of a tree that is not known: the kernels and boot programs in it, what it nearly is, and a file of a family with
      its paths, which bootrig media add takes.

The name before an entry's title is what starts: of a bootrig.yaml calls it; where several media are served it stands
behind the medium's own name and a dash.

In what it prints, {base} stands for the URL of the tree, {iso} for that of the image, {server} for bootrig's address.

Exit code: 0 each PATH is known, 1 one is not, or cannot be read, 2 used wrongly.`
}

// shown is what is told of a PATH.
type shown struct {
	Path    string         `json:"path"`
	Kind    image.Kind     `json:"kind,omitempty"`
	Volume  string         `json:"volume,omitempty"`
	Notes   []string       `json:"notes,omitempty"` // of the image, not of what is in it
	Media   []media.Medium `json:"media,omitempty"`
	Loaders []media.Loader `json:"loaders,omitempty"`
	Error   string         `json:"error,omitempty"`
}

// Run shows.
func (c *MediaShowCmd) Run() error {
	families, err := media.Load(media.Dirs()...)
	if err != nil {
		return mistakes(err)
	}
	failed := false
	for i, path := range c.Paths {
		s, err := look(families, path)
		failed = failed || err != nil
		switch {
		case c.JSON:
			if err := json.NewEncoder(os.Stdout).Encode(s); err != nil {
				return err
			}
			continue
		case err != nil:
			fmt.Fprintln(os.Stderr, err)
			continue
		case i > 0:
			fmt.Println()
		}
		s.print(os.Stdout)
	}
	if failed {
		return exitFailed
	}
	return nil
}

// look finds out what a PATH is.
func look(families *media.Families, path string) (s shown, err error) {
	s.Path = path
	defer func() {
		if err != nil {
			s.Error = err.Error()
		}
	}()
	img, err := image.Open(path, "")
	if err != nil {
		return s, err
	}
	defer img.Close()
	s.Kind, s.Volume, s.Notes = img.Kind, img.Volume, img.Notes
	s.Loaders = media.Loaders(img)
	if s.Media, err = families.Recognise(img); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return s, err
}

func (s shown) print(w io.Writer) {
	what := string(s.Kind)
	if s.Volume != "" {
		what += fmt.Sprintf(" %q", s.Volume)
	}
	fmt.Fprintf(w, "%s: %s\n", s.Path, what)
	for _, n := range s.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
	for _, m := range s.Media {
		printMedium(w, m)
	}
}

// printMedium tells of one medium.
func printMedium(w io.Writer, m media.Medium) {
	where := ""
	if m.Dir != "." {
		where = ", in " + m.Dir
	}
	fmt.Fprintf(w, "\n%s (family %s%s)\n", m.Title, m.Family, where)
	if m.Instead != "" {
		fmt.Fprintf(w, "  cannot be booted from the network: %s\n", m.Instead)
	}
	for _, e := range m.Entries {
		printEntry(w, e)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if m.Memory > 0 {
		fmt.Fprintf(table, "  memory\t%d MiB\n", m.Memory)
	}
	for i, f := range m.Fetches {
		fmt.Fprintf(table, "  %s\t%s\n", []string{"fetches", ""}[min(i, 1)], f)
	}
	if m.Answer.Args != "" {
		fmt.Fprintf(table, "  answers\t%s, told by %s\n", strings.Join(m.Answer.Files, ", "), m.Answer.Args)
	}
	for i, n := range m.Notes {
		fmt.Fprintf(table, "  %s\t%s\n", []string{"notes", ""}[min(i, 1)], n)
	}
	table.Flush()
}

// printEntry tells of one entry and its files.
func printEntry(w io.Writer, e media.Entry) {
	how := strings.TrimSpace(e.CPU + " " + string(e.Kind))
	fmt.Fprintf(w, "  %s: %s (%s)\n", e.Name, e.Title, how)
	line := func(file, args string) {
		if file != "" {
			fmt.Fprintf(w, "      %s\n", strings.TrimSpace(file+" "+args))
		}
	}
	line(e.Kernel, e.Args)
	for _, i := range e.Initrds {
		line(i, "")
	}
	for _, m := range e.Modules {
		line(m.File, m.Args)
	}
	if e.AppendISO != "" {
		line("the whole image as "+e.AppendISO, "")
	}
}
