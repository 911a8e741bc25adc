package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/config/yaml"
)

// ConvertCmd is `bootrig convert`.
type ConvertCmd struct {
	Conf   string `arg:"" optional:"" name:"dnsmasq.conf" help:"What to convert, with all the files it names; - is the standard input."`
	Schema bool   `name:"schema" help:"Print the JSON Schema of bootrig.yaml instead, for editors and checkers."`
}

// Help is what `bootrig convert --help` adds.
func (ConvertCmd) Help() string {
	return `It prints the same configuration as a bootrig.yaml. Each entry is followed by the line it comes from; what changes nothing here is told on the standard error.

Examples:

  bootrig convert /etc/dnsmasq.conf >bootrig.yaml
  bootrig check -c bootrig.yaml
  sudo bootrig serve -c bootrig.yaml

  bootrig convert --schema >bootrig.schema.json
      and, as the first line of bootrig.yaml, for editors that know YAML:
      # yaml-language-server: $schema=bootrig.schema.json

The smallest bootrig.yaml that boots, beside the DHCP server of 192.168.9.0:

` + indented(yaml.Example) + `
A root that does not begin with / lies beside the bootrig.yaml.

Exit code: 0 it was printed, 1 the dnsmasq.conf has mistakes (each is told as file:line), 2 used wrongly.`
}

// Run converts.
func (c *ConvertCmd) Run() error {
	switch {
	case c.Schema && c.Conf != "":
		return usage(errors.New("--schema takes no dnsmasq.conf: it is the same for every bootrig.yaml"))
	case c.Schema:
		_, err := os.Stdout.Write(yaml.Schema())
		return err
	case c.Conf == "":
		return usage(errors.New("convert: which dnsmasq.conf? bootrig convert /etc/dnsmasq.conf, or bootrig convert --schema"))
	}
	settings, err := dnsmasq.Unrun().Load(c.Conf)
	if err != nil {
		for _, mistake := range flat(err) {
			fmt.Fprintln(os.Stderr, mistake)
		}
		return exitFailed
	}
	for _, n := range settings.Notices {
		if n.ID == "" { // the others are about what dnsmasq would do
			fmt.Fprintf(os.Stderr, "%s: note: %s\n", n.Rule, n.Text)
		}
	}
	_, err = os.Stdout.Write(yaml.Print(settings))
	return err
}

// indented is a text that stands apart in a help.
func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}
