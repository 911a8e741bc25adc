package yaml

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A menuEntry is the group of the menu.
type menuEntry struct {
	prompts []prompt
	entries []entry
}

// menu is PXE's own menu: the line above it and its lines.
func menu() form[menuEntry] {
	return object[menuEntry]{fields: []field[menuEntry]{
		key("prompts", "the line above the menu, and how long it waits for a key; the last that fits wins", list(promptForm()), func(m *menuEntry) *[]prompt { return &m.prompts }),
		key("entries", "the menu's lines in their order; a client sees those of its architecture", list(entryForm()), func(m *menuEntry) *[]entry { return &m.entries }),
	}}.form()
}

func menuOf(c config.Config) menuEntry {
	_, said := prompts(c.DHCP.SubOptions)
	return menuEntry{said, entries(c.DHCP.Services)}
}

func addMenu(_ *reader, _ ast.Node, c *config.Config, m menuEntry) {
	for _, p := range m.prompts {
		c.DHCP.SubOptions = append(c.DHCP.SubOptions, proxydhcp.Prompt(p.Prompt, p.Tags, p.Rule))
	}
	c.DHCP.Services = services(m.entries)
}

// A prompt is one as it is written.
type prompt struct {
	pxe.Prompt
	Tags policy.Wants
	Rule string
}

// prompts parts sub-options into those that vendor-options say and the prompts that follow them.
func prompts(all []proxydhcp.SubOption) (before []proxydhcp.SubOption, said []prompt) {
	i := len(all)
	for ; i > 0; i-- {
		o := all[i-1]
		p, err := pxe.ParsePrompt(o.Value)
		if o.Code != pxe.SubMenuPrompt || o.Class != "" || o.Any || o.Force || err != nil {
			break
		}
		said = append([]prompt{{p, o.Tags, o.Rule}}, said...)
	}
	return all[:i], said
}

// promptForm waits for ever unless it says how long.
func promptForm() form[prompt] {
	return object[prompt]{
		start: prompt{Prompt: pxe.Prompt{Seconds: pxe.NoTimeout}},
		fields: []field[prompt]{
			must(key("text", "the prompt", anyText(), func(p *prompt) *string { return &p.Text })),
			key("wait", "how long to wait for a key before the first line is taken: 0s, 10s, or infinite, as without it", promptWait(), func(p *prompt) *byte { return &p.Seconds }),
			tagged(func(p *prompt) *policy.Wants { return &p.Tags }),
		},
		rule: func(p *prompt) *string { return &p.Rule },
	}.form()
}

func promptWait() form[byte] {
	const what = "a time from 0s to 254s, or infinite"
	return word(schema{"type": "string", "pattern": "^([0-9]{1,3}s|infinite)$"}, what, func(s string) (byte, error) {
		if s == "infinite" {
			return pxe.NoTimeout, nil
		}
		n, err := strconv.ParseUint(strings.TrimSuffix(s, "s"), 10, 8)
		if err != nil || !strings.HasSuffix(s, "s") || n >= pxe.NoTimeout {
			return 0, errors.New("not " + what)
		}
		return byte(n), nil
	}, func(n byte) string {
		if n == pxe.NoTimeout {
			return "infinite"
		}
		return strconv.Itoa(int(n)) + "s"
	})
}

// An entry is a menu line as it is written. Files without a type are numbered in their order, as
// dnsmasq does (option.c, boottype).
type entry struct {
	proxydhcp.Service
	typed bool
}

func entryForm() form[entry] {
	return object[entry]{
		fields: []field[entry]{
			must(key("arch", "the architecture whose clients see it", arch(), func(e *entry) *pxe.Arch { return &e.Arch })),
			must(key("text", "what it says", anyText(), func(e *entry) *string { return &e.Text })),
			key("file", "what it boots: pxelinux is pxelinux.0, a name with a dot is taken as it is; without file and type the machine's own disk", text(), func(e *entry) *string { return &e.File }),
			part("type", "the number of a boot server's type (PXE 2.1), where there is no file", number[int](0, 0xffff),
				func(e entry) int {
					if !e.typed {
						return -1
					}
					return int(e.Type)
				}, func(_ *reader, _ ast.Node, e *entry, v int) { e.Type, e.typed = uint16(v), true }),
			key("server", "of a file, the TFTP server; of a type, the boot server; without it this one", address(), func(e *entry) *netip.Addr { return &e.Server }),
			key("server-name", "the server's name, which UEFI clients are told", text(), func(e *entry) *string { return &e.Name }),
			tagged(func(e *entry) *policy.Wants { return &e.Tags }),
		},
		rule: func(e *entry) *string { return &e.Rule },
	}.form()
}

// services numbers the files of the entries.
func services(entries []entry) []proxydhcp.Service {
	var all []proxydhcp.Service
	next := uint16(pxe.TypeFirstPrivate)
	for _, e := range entries {
		if e.File != "" && !e.typed {
			e.Type = next
			next++
		}
		all = append(all, e.Service)
	}
	return all
}

// entries finds out which services are numbered that way.
func entries(services []proxydhcp.Service) []entry {
	var all []entry
	next := uint16(pxe.TypeFirstPrivate)
	for _, s := range services {
		e := entry{s, true}
		switch {
		case s.File == "" && s.Type == pxe.TypeLocalBoot:
			e.typed = false
		case s.File != "" && s.Type == next:
			e.typed = false
			next++
		}
		all = append(all, e)
	}
	return all
}
