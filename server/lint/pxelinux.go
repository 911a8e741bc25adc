package lint

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint/syslinux"
	"github.com/bootrig/bootrig/server/media/header"
)

// A loader is one pxelinux that machines are told to boot, and what of its configuration was looked at.
type loader struct {
	*site
	boot       config.BootFile
	generation int
	cpu        string          // of a syslinux.efi; "": it is for BIOS machines
	prefix     string          // before every name that it asks for
	path       []string        // where it looks for modules too
	seen       map[string]bool // configurations that were read, modules that were looked at
}

// Bounds on what one pxelinux may cost: a root can hold a configuration for each of many machines.
const (
	maxConfigs = 1000
	maxText    = 1 << 20
)

// pxelinux follows a pxelinux or syslinux.efi, which is one for UEFI, to all that it would load.
func (s *site) pxelinux(boot config.BootFile) {
	p := s.head(boot.Name)
	l := &loader{site: s, boot: boot, generation: p.generation(), seen: map[string]bool{}}
	if p.Kind == header.SyslinuxEFI {
		l.cpu = p.CPU
	}
	said, chosen := s.leased(optPathPrefix)
	l.prefix = said
	if !chosen {
		l.prefix = prefix(boot.Name)
		if strings.HasSuffix(l.prefix, "_") {
			s.found("nbp-underscore", boot.Rule, "%s puts %q before every name it asks for, because its own has an underscore: rename it", boot.Name, l.prefix)
		}
	}
	if strings.Contains(l.prefix, "::") || strings.Contains(l.prefix, "://") {
		return // it asks somebody else
	}
	l.ldlinux()
	names := l.configs()
	if len(names) == 0 {
		s.found("pxelinux-config", boot.Rule, "%s finds no configuration, so it stops: write %spxelinux.cfg/default", boot.Name, l.prefix)
	}
	for _, name := range names[:min(len(names), maxConfigs)] {
		l.config(syslinux.Value{Text: name, Rule: boot.Rule})
	}
}

// Options by which a lease tells pxelinux where to look (RFC 5071).
const (
	optConfigFile = 209
	optPathPrefix = 210
)

// leased is the text of an option that leases carry. A proxy sends none.
func (s *site) leased(code uint8) (text string, ok bool) {
	if len(s.cfg.Leases.Ranges) == 0 {
		return "", false
	}
	for _, o := range s.cfg.Leases.Options {
		if o.Code == code && o.Inner.Of == 0 {
			text, ok = strings.TrimRight(string(o.Value), "\x00"), true
		}
	}
	return text, ok
}

// configs are the configurations that some machine would read.
func (l *loader) configs() []string {
	const dir = "pxelinux.cfg/"
	var names []string
	if name, ok := l.leased(optConfigFile); ok {
		names = append(names, name)
	}
	if f, err := l.tree.Open(l.prefix + dir + "default"); err == nil {
		f.Close()
		names = append(names, dir+"default") // first, so that what all have is told of it
	}
	if tree, ok := l.tree.(content.Lister); ok {
		entries, _ := tree.List(l.prefix + dir) // a directory that is missing has none
		for _, e := range entries {
			if !e.IsDir && machines().MatchString(e.Name) {
				names = append(names, dir+e.Name)
			}
		}
		l.misnamed("machine-name", strings.TrimPrefix(path.Clean("/"+l.prefix+dir), "/")+"/", "", "pxelinux", entries)
	}
	return names
}

// config looks for a configuration and for all that it names.
func (l *loader) config(name syslinux.Value) {
	if f, ok := l.read(name); ok {
		l.follow(f)
	}
}

// follow looks for all that a configuration names.
func (l *loader) follow(f syslinux.File) {
	key := "config " + f.Name + " " + l.prefix
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	c := syslinux.Parse(f, func(v syslinux.Value) (syslinux.File, bool) {
		f, err := l.text(v)
		l.outside(v, err)
		return f, err == nil // one that is missing is passed over, and Debian's menus name some
	})
	l.path = append(l.path, c.Path...)
	l.commands(f.Name, c)
	for _, e := range c.Entries {
		l.entry(e)
	}
	for _, v := range c.Shown {
		l.outside(v, l.look(v))
	}
}

// read is a configuration that must be there.
func (l *loader) read(name syslinux.Value) (syslinux.File, bool) {
	f, err := l.text(name)
	if err != nil {
		l.missing(name, err)
	}
	return f, err == nil
}

// text reads a file of ours.
func (l *loader) text(name syslinux.Value) (f syslinux.File, err error) {
	served, ours := l.served(name.Text)
	if !ours {
		return f, errElsewhere
	}
	file, err := l.tree.Open(served)
	if err != nil {
		return f, err
	}
	defer file.Close()
	f.Name = strings.TrimPrefix(path.Clean("/"+file.Name), "/")
	if f.Text, err = io.ReadAll(io.NewSectionReader(file, 0, min(file.Size, maxText))); err == nil && !slices.Contains(l.files, f.Name) {
		l.files = append(l.files, f.Name)
	}
	return f, err
}

// commands looks at what runs without a choice.
func (l *loader) commands(file string, c *syslinux.Config) {
	if !c.UI.Set() && !c.Default.Set() && !c.Prompt {
		l.found("pxelinux-default", file, "there is neither DEFAULT nor UI, so pxelinux stops at its boot: prompt: add DEFAULT LABEL")
	}
	for _, v := range []syslinux.Value{c.UI, c.Default, c.OnTimeout, c.OnError} {
		word, args := v.Cut()
		if word.Text == "" || c.Has(word.Text) {
			continue
		}
		name, found := l.implicit(word.Text)
		switch {
		case c.Labelled && v != c.UI:
			l.found("pxelinux-default", v.Rule, "no LABEL is called %s, and IMPLICIT 0 allows no file in its place", word.Text)
		case found:
			l.run(syslinux.Value{Text: name, Rule: word.Rule}, args)
		default:
			l.nothing(word)
		}
	}
}

// nothing tells of a command that is neither label nor file.
func (l *loader) nothing(word syslinux.Value) {
	if err := l.look(word); l.outside(word, err) || errors.Is(err, errElsewhere) {
		return
	}
	served, _ := l.served(word.Text)
	l.found("pxelinux-default", word.Rule, "%s is no LABEL of this configuration, nor is there a file %s: name a label, or put the file there", word.Text, served)
}

// extensions are tried for a command that is a file (syslinux, com32/elflink/ldlinux/ldlinux.c, load_kernel).
func extensions() []string {
	return []string{"", ".cbt", ".com", ".c32", ".img", ".bss", ".bin", ".bs", ".0"}
}

// implicit finds the file of a command. A module may be in PATH.
func (l *loader) implicit(word string) (name string, found bool) {
	for _, ext := range extensions() {
		if l.look(syslinux.Value{Text: word + ext}) == nil {
			return word + ext, true
		}
	}
	return word, strings.HasSuffix(word, ".c32") && l.find(word) != nil
}
