package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/embedded"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/lint"
)

// CheckCmd is `bootrig check`.
type CheckCmd struct {
	source
	Explain *string `name:"explain" placeholder:"CLIENT" help:"Say what a client would get and why: 'mac=52:54:00:12:34:56 arch=7 secure-boot=yes'."`
	Strict  bool    `name:"strict" help:"Warnings are errors."`
	JSON    bool    `name:"json" help:"Print JSON: a remark a line, or with --explain the story."`
}

// Help is what `bootrig check --help` adds.
func (CheckCmd) Help() string {
	return `It takes the same arguments as serve, needs no root, opens no socket and starts no program.

Examples:

  bootrig check -C dnsmasq.conf
      dnsmasq.conf:4: unknown option "dhcp-bot": did you mean dhcp-boot?

  bootrig check -c bootrig.yaml
      bootrig.yaml:7: unknown key "fiel": did you mean file?

  bootrig check netboot.tar.gz XenServer.iso
      which machines would get nothing of what was downloaded, and what they lack.

  bootrig check XenServer.iso --explain 'arch=7 secure-boot=yes'
      what a UEFI machine would get of this image, and why it does not start under Secure
      Boot. arch=0 is a BIOS, 7 x64 UEFI, 16 the same by HTTP boot, 11 and 19 ARM64.

  bootrig check ./netboot
      ./netboot: warning: pxelinux.0 is a pxelinux that needs ldlinux.c32, which is missing: ...
      pxelinux.cfg/default:4: warning: there is no file initrd.gz: pxelinux.0 is told to load it

  bootrig check -C dnsmasq.conf --explain 'arch=x86-64_EFI ipxe=yes'
      every question such a client asks, each answer or silence with the line that
      decided, and the files it would fetch. What can be told of a client:
      mac arch secure-boot vendor user ipxe uuid id name relay circuit remote interface ip
      option:NUMBER, and tags=install, as bootrig machines once gives it. With secure-boot=yes it also says who signed the programs, and which
      are not signed at all

Every boot program is followed to what it loads: the configurations of pxelinux and syslinux.efi, shim's loader,
GRUB's grub.cfg, ESXi's boot.cfg; what they name must be there, and be what it is taken for. Which usual machines
are offered nothing is a note, and a warning where the tree has a program for them, or only a boot program is missing.
Of a dnsmasq.conf it also says where dnsmasq would answer otherwise: in a note, or in a warning where machines would not
boot from dnsmasq.

Large tarballs are unpacked once, into bootrig/unpacked in the user's cache directory.

Our own address is made up, from the configuration's ranges where there are any, unless -i says which interface.

Exit code: 0 it would serve (warnings tell what clients will miss, notes are good to know), 1 it would not, or
warns with --strict, 2 used wrongly.`
}

// Run checks.
func (c *CheckCmd) Run() error {
	var links, known []dhcp.Link // known are this host's
	if len(c.Interface) > 0 {
		var err error
		if known, err = hostLinks(c.Interface); err != nil {
			return err
		}
		links = known
	}
	settings, err := c.settings(dnsmasq.Unrun())
	var code exitCode
	if errors.As(err, &code) {
		return err
	}
	if err == nil && len(settings.Files) == 0 {
		http := settings.HTTP
		settings = config.Serve(embedded.Programs(), nil, server.EmbeddedRule)
		settings.HTTP = http
	}
	if err != nil {
		return c.mistakes(err)
	}
	missing := errors.Join(settings.Something(), roots(&settings))
	if missing != nil { // all else can be told nevertheless
		missing = c.mistakes(missing)
	}
	what, err := openContents(settings, "")
	if err != nil {
		return errors.Join(missing, c.mistakes(err))
	}
	defer what.Close()
	settings = what.settings
	if len(links) == 0 && settings.Everywhere != "" {
		links = madeUp() // it is served on whatever networks there are
	}
	settings = settings.On(links)
	if c.Explain != nil {
		return errors.Join(missing, c.explain(&settings, what, links))
	}
	return errors.Join(missing, c.remarks(&settings, what.tree(ours(links)), known, missing == nil))
}

// mistakes tells what keeps a server from its work.
func (c *CheckCmd) mistakes(err error) error {
	for _, mistake := range flat(err) {
		c.say(remark{Level: "error", Text: mistake.Error()})
	}
	return exitFailed
}

// madeUp is a network to explain what is served without a configuration, which would name one.
func madeUp() []dhcp.Link {
	return []dhcp.Link{{Name: "eth0", Index: 1, Prefix: netip.MustParsePrefix("192.168.9.2/24")}}
}

// A remark is one line of what check says.
type remark struct {
	Level string `json:"level"` // error, warning, note
	Rule  string `json:"rule,omitempty"`
	ID    string `json:"id,omitempty"` // of the lint rule, or of the difference from dnsmasq
	Text  string `json:"text"`
}

func (c *CheckCmd) say(r remark) {
	switch {
	case c.JSON:
		_ = json.NewEncoder(os.Stdout).Encode(r) // nobody is left to tell
	case r.Rule == "":
		fmt.Println(r.Text)
	default:
		fmt.Printf("%s: %s: %s\n", r.Rule, r.Level, r.Text)
	}
}

func (c *CheckCmd) remarks(settings *config.Config, tree content.Tree, links []dhcp.Link, well bool) error {
	notes, warnings := c.told(settings, tree, links)
	for _, n := range notes {
		c.say(remark{Level: "note", Rule: n.Rule, ID: n.ID, Text: n.Text})
	}
	for _, n := range warnings {
		c.say(remark{Level: "warning", Rule: n.Rule, ID: n.ID, Text: n.Text})
	}
	if well && len(notes)+len(warnings) == 0 && !c.JSON {
		fmt.Println("nothing is wrong")
	}
	if c.Strict && len(warnings) > 0 {
		return exitFailed
	}
	return nil
}

// explain tells one client's story.
func (c *CheckCmd) explain(settings *config.Config, what *contents, links []dhcp.Link) error {
	client, err := explain.ParseClient(*c.Explain)
	if err != nil {
		return usage(fmt.Errorf("--explain: %w", err))
	}
	if len(links) == 0 {
		links = explain.Links(settings)
	}
	link, ok := explain.On(links, client)
	if !ok {
		return errors.New("--explain: the configuration has no network whose clients are answered (dhcp-range; in bootrig.yaml networks or leases)")
	}
	story := explain.Explain(settings, link, client)
	switch tree := what.tree(link.Prefix.Addr()); {
	case tree != nil:
		story.Look(tree)
	case len(settings.Files) == 0:
		story.Look(embedded.Tree())
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(story)
	}
	story.Print(os.Stdout)
	return nil
}

// flat are the errors that were joined.
func flat(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flat(e)...)
	}
	return all
}

// roots looks whether the directories to serve are there.
func roots(settings *config.Config) error {
	var mistakes []error
	if t := settings.TFTP; t.Enabled && t.Root != "" {
		mistakes = append(mistakes, config.Root(t.Root, t.Rule, "tftp-root"))
	}
	if h := settings.HTTP; h.Dir != "" {
		mistakes = append(mistakes, config.Root(h.Dir, h.Rule, "directory"))
	}
	return errors.Join(mistakes...)
}

// served opens what TFTP serves; nil: nothing.
func served(settings *config.Config) (*content.Dir, error) {
	t := settings.TFTP
	if !t.Enabled || t.Root == "" {
		return nil, nil
	}
	return content.Options{LinksAnywhere: t.LinksAnywhere, OwnFilesOnly: t.Secure}.OpenDir(t.Root)
}

// told is what is good to know, and what clients would miss: of a dnsmasq.conf also what dnsmasq would do with it.
func (c *CheckCmd) told(settings *config.Config, tree content.Tree, links []dhcp.Link) (notes, warnings []config.Notice) {
	var all []config.Notice
	for _, n := range settings.Notices {
		if n.ID == "" {
			notes = append(notes, n)
		}
	}
	if c.Conf != "" {
		all = lint.Differences(settings)
	}
	for _, n := range append(all, lint.Check(settings, tree, links...)...) {
		if n.Note {
			notes = append(notes, n)
			continue
		}
		warnings = append(warnings, n)
	}
	return notes, warnings
}
