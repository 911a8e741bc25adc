package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/server/machines"
)

// MachinesSetCmd is `bootrig machines set`.
type MachinesSetCmd struct {
	stated
	MAC  string   `arg:"" help:"The machine's address, such as 52:54:00:12:34:56."`
	Tags []string `arg:"" optional:"" name:"tag" help:"Its tags, in place of those that it was set before. None takes them away."`
}

// Run marks.
func (c *MachinesSetCmd) Run(ctx context.Context) error {
	return c.mark(ctx, []string{"set", c.MAC}, c.Tags)
}

// MachinesOnceCmd is `bootrig machines once`.
type MachinesOnceCmd struct {
	stated
	MAC   string   `arg:"" help:"The machine's address, such as 52:54:00:12:34:56."`
	Tags  []string `arg:"" optional:"" name:"tag" help:"Its tags for that boot (install)."`
	Until string   `name:"until" placeholder:"callback|FILE" xor:"end" help:"Not for the next boot only, but until its installer calls back, or has fetched a file of that name, however many boots that takes."`
	Done  bool     `name:"done" xor:"end" help:"Take the mark away: its next boot is as all others."`
}

// Help is what `bootrig machines once --help` adds.
func (MachinesOnceCmd) Help() string {
	return `The machine has the tags from the first boot that its firmware begins, through all of it: iPXE, GRUB, the installer's own DHCP. When firmware begins the next boot after it has fetched something they are gone, and the machine boots as it did before: its disk, say. An installer that calls back ({{callback}} in the answer files of serve --seed) ends it at once. The mark is on the disk when the command returns, and survives kill -9 of the server.

What a machine with a tag boots, a line of the configuration says. In a dnsmasq.conf, for machines that boot their disks otherwise:

  dhcp-boot=tag:install,pxelinux.0
  dhcp-ignore=tag:!install

In a bootrig.yaml:

  boot: [{file: pxelinux.0, tags: install}]
  ignore: [{tags: not install}]

Examples:

  sudo bootrig machines once 52:54:00:12:34:56
  sudo bootrig machines once 52:54:00:12:34:56 rescue
  sudo bootrig machines once 52:54:00:12:34:56 install --until callback
      an installer that boots several times before it is done.

  sudo bootrig machines once 52:54:00:12:34:56 --done

Exit code: 0 it was done, 1 no server runs, or it cannot be kept and one line says why, 2 used wrongly.`
}

// Run marks.
func (c *MachinesOnceCmd) Run(ctx context.Context) error {
	if c.Done {
		return c.mark(ctx, []string{"done", c.MAC}, nil)
	}
	tags := c.Tags
	if len(tags) == 0 {
		tags = []string{"install"}
	}
	return c.mark(ctx, []string{"once", c.MAC, until + c.Until}, tags)
}

// mark has the server mark a machine, and prints what it says.
func (s stated) mark(ctx context.Context, words, tags []string) error {
	for _, tag := range tags {
		if err := machines.CheckTag(tag); err != nil {
			return usage(err)
		}
	}
	words = append(words, tags...)
	for i := range words {
		words[i] = url.PathEscape(words[i]) // what is between words is between requests too
	}
	lines, err := s.ask(ctx, words...)
	for _, line := range lines {
		fmt.Println(teller.Clean(line))
	}
	return err
}
