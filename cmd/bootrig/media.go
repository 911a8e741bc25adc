package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/bootrig/bootrig/server/media"
)

// MediaCmd is `bootrig media`.
type MediaCmd struct {
	List MediaListCmd `cmd:"" help:"Name the families of media that are known, and the releases they were held against."`
	Show MediaShowCmd `cmd:"" help:"Say what a directory, tarball or ISO is, what of it boots, and what machines fetch afterwards."`
	Add  MediaAddCmd  `cmd:"" help:"Check the file of a family of your own, and put it where bootrig looks."`
}

// Help is what `bootrig media --help` adds.
func (MediaCmd) Help() string {
	return `What people download is told by what is in it, never by its name. Each family is a small file: what must lie in a
tree, where its version stands, which kernel, initrds and arguments start it.

Examples:

  bootrig media list
  bootrig media show xcp-ng-8.3.0.iso
  bootrig media show ./netboot
  bootrig media add mine.yaml`
}

// MediaListCmd is `bootrig media list`.
type MediaListCmd struct {
	JSON bool `name:"json" help:"Print JSON, a family a line."`
}

// Help is what `bootrig media list --help` adds.
func (MediaListCmd) Help() string {
	return `A release that is not named here is found all the same if its files lie as those of its elders do.

Families of your own are files in
  ` + strings.Join(media.Dirs(), "\n  ") + `
and bootrig media add puts them there. One of a name that is known takes the place of the known one.

Exit code: 0 it was printed, 1 a file of yours is wrong (each mistake is told as file:line), 2 used wrongly.`
}

// Run lists.
func (c *MediaListCmd) Run() error {
	families, err := media.Load(media.Dirs()...)
	if err != nil {
		return mistakes(err)
	}
	out := json.NewEncoder(os.Stdout)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, k := range families.Known() {
		if c.JSON {
			if err := out.Encode(k); err != nil {
				return err
			}
			continue
		}
		releases := strings.Join(k.Releases, ", ")
		if k.File != "" {
			releases = k.File
		}
		fmt.Fprintf(table, "%s\t%s\n", k.Family, releases)
	}
	return table.Flush()
}

// mistakes prints each mistake of several files in a line.
func mistakes(err error) error {
	for _, mistake := range flat(err) {
		fmt.Fprintln(os.Stderr, mistake)
	}
	return exitFailed
}

// MediaAddCmd is `bootrig media add`.
type MediaAddCmd struct {
	File  string `arg:"" name:"FILE" help:"What to add; - is the standard input."`
	Dir   string `name:"dir" placeholder:"DIR" help:"Put it there. Default: /etc/bootrig/media.d for root, else bootrig/media in your configuration's directory."`
	Check bool   `name:"check" help:"Check it only."`
}

// Help is what `bootrig media add --help` adds.
func (MediaAddCmd) Help() string {
	return `A file of a family:

` + indented(media.Example) + `
Paths may have * and ?; {cpu} stands for a word like amd64, any other {name} for what stands there and can be said
again in the paths and arguments that follow. In arguments {server} is bootrig's address, {base} the URL of the tree
with a slash at its end, {iso} that of the whole image, {answer} that of an answer file.

bootrig media show PATH prints such a file for a tree that it does not know, with the tree's own paths.

Exit code: 0 it is right, and in its place, 1 it is not (each mistake is told as file:line), 2 used wrongly.`
}

// Run checks and installs.
func (c *MediaAddCmd) Run() error {
	name := c.File
	if name == "-" {
		name = "/dev/stdin"
	}
	file, err := media.Read(name)
	if err != nil {
		return mistakes(err)
	}
	for _, k := range media.Embedded().Known() {
		if k.Family == file.Family() {
			fmt.Fprintf(os.Stderr, "%s: note: it takes the place of bootrig's own family %s\n", c.File, k.Family)
		}
	}
	if c.Check {
		fmt.Println("nothing is wrong")
		return nil
	}
	dir := c.Dir
	if dir == "" {
		dirs := media.Dirs()
		if dir = dirs[0]; os.Geteuid() != 0 {
			dir = dirs[len(dirs)-1]
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("media add: %w", err)
	}
	to := filepath.Join(dir, file.Family()+".yaml")
	if _, err := os.Stat(to); err == nil {
		fmt.Fprintf(os.Stderr, "%s: note: it takes the place of the one that was there\n", to)
	}
	if err := write(to, file.Text); err != nil {
		return fmt.Errorf("media add: %w", err)
	}
	fmt.Println(to)
	return nil
}

// write puts a file in its place whole, or not at all.
func write(name string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(data)
	if err == nil {
		err = temporary.Chmod(0o644)
	}
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	return err
}
