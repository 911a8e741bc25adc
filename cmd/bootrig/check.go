package main

import (
	"errors"
	"fmt"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint"
)

// CheckCmd is `bootrig check`.
type CheckCmd struct {
	source
}

// Help is what `bootrig check --help` adds.
func (CheckCmd) Help() string {
	return `It takes the same arguments as serve, needs no root and opens no socket.

Examples:

  bootrig check -C dnsmasq.conf
      dnsmasq.conf:4: unknown option "dhcp-bot": did you mean dhcp-boot?

  bootrig check ./netboot
      ./netboot: warning: pxelinux.0 is a pxelinux that needs ldlinux.c32, which is missing: ...

Exit code: 0 it would serve (warnings may tell what clients will miss), 1 it would not, 2 used wrongly.`
}

// Run checks.
func (c *CheckCmd) Run() error {
	settings, err := c.settings(nil)
	var code exitCode
	if errors.As(err, &code) {
		return err
	}
	if err == nil {
		err = roots(&settings)
	}
	if err != nil {
		fmt.Println(err)
		return exitFailed
	}
	notices := append(settings.Notices, findings(&settings)...)
	for _, n := range notices {
		fmt.Printf("%s: warning: %s\n", n.Rule, n.Text)
	}
	if len(notices) == 0 {
		fmt.Println("nothing is wrong")
	}
	return nil
}

// roots looks whether the directories to serve are there.
func roots(settings *config.Config) error {
	var mistakes []error
	if t := settings.TFTP; t.Enabled && t.Root != "" {
		mistakes = append(mistakes, config.Root(t.Root, t.Rule, "tftp-root"))
	}
	if h := settings.HTTP; h.Dir != "" {
		mistakes = append(mistakes, config.Root(h.Dir, "--http", "directory"))
	}
	return errors.Join(mistakes...)
}

// findings is what clients would miss in the content.
func findings(settings *config.Config) []config.Notice {
	if t := settings.TFTP; !t.Enabled || t.Root == "" {
		return nil
	}
	tree, err := content.OpenDir(settings.TFTP.Root, "")
	if err != nil {
		return []config.Notice{{Rule: settings.TFTP.Rule, Text: err.Error()}}
	}
	defer tree.Close()
	return lint.Check(settings, tree)
}
