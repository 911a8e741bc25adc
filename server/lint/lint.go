// Package lint answers: will clients get what is configured, and can they use it?
//
// Its findings are about meaning: the configuration was read without a mistake and would serve. Each is a
// config.Notice with the ID of one of Rules. What a client would be told comes from server/explain, so it
// is what the server would tell it. Differences says what dnsmasq would do otherwise with the same file; that
// it is what dnsmasq does, scenarios/conformance makes sure of.
//
// # Limitations
//
// Of pxelinux's own configurations those are read that the root has, and what modules read themselves is not
// known, but for menu.c32, vesamenu.c32 and mboot.c32. Modules of syslinux 5 and 6 do not tell their version,
// so of those two a mix is seen only where two files of one name differ. A grub.cfg is not run: see lint/grub.
// Whether a URI leads to this host is a guess where its links are not known.
package lint

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/explain"
)

// A site is what is looked at, and what was found.
type site struct {
	cfg      *config.Config
	tree     content.Tree
	teller   *explain.Teller
	links    []dhcp.Link // of this host; none: nobody knows
	findings []config.Notice
	files    []string           // what was read, in that order: the configuration's, then pxelinux's
	heads    map[string]program // what head has read
	looked   map[string]bool    // kernels and the like that were told of
	asks     []exchange         // what exchanges has asked
	tales    []told             // what stories has
	boots    []string           // what programs has found; nil: nobody looked
}

// Check finds what clients would miss. tree is what TFTP serves; nil: nothing. links are those of this host, where
// they are known. Findings come in the order of the lines, each once, with those that the configuration's reader
// made.
func Check(cfg *config.Config, tree content.Tree, links ...dhcp.Link) []config.Notice {
	s := &site{cfg: cfg, teller: explain.New(cfg), tree: tree, links: links, files: slices.Clone(cfg.Files), heads: map[string]program{}, looked: map[string]bool{}}
	for _, n := range cfg.Notices {
		if slices.ContainsFunc(Rules(), func(r Rule) bool { return r.ID == n.ID }) {
			s.findings = append(s.findings, n)
		}
	}
	if s.tree == nil {
		s.tree = nothing{}
	} else {
		if cfg.TFTP.Lowercase {
			s.tree = content.Lowercase(tree)
		}
		s.bootFiles()
	}
	for _, check := range []func(){s.tags, s.late, s.unused, s.hidden, s.again, s.ignored, s.onlyFiles, s.ranges, s.wires, s.deadArchs, s.quotes, s.loops, s.menus, s.misfits, s.leftOut, s.uris, s.offers60, s.scripts, s.bootOptions, s.unserved, s.fetches, s.unique, s.pis, s.backslashes} {
		check()
	}
	return sorted(s.findings, s.files)
}

// nothing is the tree of who serves no files.
type nothing struct{}

// Open finds nothing.
func (nothing) Open(string) (*content.File, error) { return nil, fs.ErrNotExist }

func (s *site) found(id, rule, format string, args ...any) {
	s.findings = append(s.findings, config.Notice{Rule: rule, Text: fmt.Sprintf(format, args...), ID: id})
}

// noted is found for what is good to know, though nothing need be done.
func (s *site) noted(id, rule, format string, args ...any) {
	s.findings = append(s.findings, config.Notice{Rule: rule, Text: fmt.Sprintf(format, args...), ID: id, Note: true})
}

// fix is what to do, in the words of the configuration's language.
func (s *site) fix(dnsmasq, yaml string) string {
	if s.cfg.YAML {
		return yaml
	}
	return dnsmasq
}

// sorted is by file in the order they were read, then by line.
func sorted(findings []config.Notice, files []string) []config.Notice {
	place := func(n config.Notice) (file, line int) {
		name := n.Rule
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			if at, err := strconv.Atoi(name[i+1:]); err == nil {
				name, line = name[:i], at
			}
		}
		return slices.Index(files, name), line
	}
	slices.SortStableFunc(findings, func(a, b config.Notice) int {
		aFile, aLine := place(a)
		bFile, bLine := place(b)
		return cmp.Or(cmp.Compare(aFile, bFile), cmp.Compare(aLine, bLine), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(findings)
}

// bootFiles looks for the files that clients are told to fetch from us.
func (s *site) bootFiles() {
	for _, boot := range s.cfg.BootFiles() {
		file, err := s.tree.Open(boot.Name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			s.found("boot-file", boot.Rule, "boot file %s does not exist below %s%s", boot.Name, s.cfg.TFTP.Root, s.like(boot.Name))
			continue
		case s.leaves(boot.Rule, boot.Name, err):
			continue
		case err != nil:
			s.found("boot-file", boot.Rule, "boot file %s: %v", boot.Name, err)
			continue
		}
		if file.Size == 0 {
			s.found("boot-file", boot.Rule, "boot file %s is empty", boot.Name)
		}
		file.Close()
		s.chain(boot)
	}
}

// prefix is what pxelinux puts before every name: its own, cut behind the last character that is no
// letter, digit, dot or dash (syslinux, core/fs/pxe/pxe.c, get_prefix).
func prefix(name string) string {
	const kept = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-"
	return name[:len(strings.TrimRight(name, kept))]
}
