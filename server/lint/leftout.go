package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A class is machines of one kind, and the architectures they call themselves by: PXE's, and that of UEFI HTTP
// boot.
type class struct {
	platform  string
	pxe, http pxe.Arch // http 0: there is no such thing
}

func classes() []class {
	return []class{
		{header.PlatformBIOS, pxe.ArchX86BIOS, 0},
		{header.PlatformX64, pxe.ArchX64, pxe.ArchX64HTTP},
		{header.PlatformARM64, pxe.ArchARM64, pxe.ArchARM64HTTP},
	}
}

// leftOut tells which machines get nothing to boot. That is no mistake by itself, so it is a note, unless what
// they could boot lies in the tree.
func (s *site) leftOut() {
	if len(s.cfg.Files) == 0 {
		return
	}
	var who []string
	var idle []class
	any := false
	for _, c := range classes() {
		byPXE, byHTTP := s.served(c.pxe), c.http == 0 || s.served(c.http)
		any = any || byPXE || byHTTP && c.http != 0
		switch {
		case !byPXE && (!byHTTP || c.http == 0):
			who = append(who, c.platform+" machines")
		case !byPXE:
			who = append(who, c.platform+" machines by PXE")
		case !byHTTP && c.pxe == pxe.ArchX64: // of others hardly any boots so alone
			who = append(who, c.platform+" machines by HTTP boot")
		}
		if !byPXE {
			idle = append(idle, c)
		}
	}
	if !any {
		return // other rules say why
	}
	for _, c := range idle {
		s.idle(c)
	}
	if len(who) > 0 {
		rule, why := s.cfg.Files[0], ": no line is for them, and they"
		if len(s.cfg.Media.Paths) > 0 {
			rule, why = s.cfg.Media.Rule, ", which"
		}
		s.noted("left-out", rule, "nothing is offered to %s%s go on to their next way to boot", strings.Join(who, ", "), why)
	}
}

// served tells whether some client of an architecture gets a file or a menu, or is passed on to others: those that no
// line is about, or else those that some line is.
func (s *site) served(arch pxe.Arch) bool {
	gets := func(story explain.Story) bool {
		return len(story.Files) > 0 || slices.ContainsFunc(story.Steps, func(step explain.Step) bool {
			return step.Relay != "" || step.Reply != nil && (step.Reply.Address == "" || len(step.Reply.Menu) > 0)
		})
	}
	var link dhcp.Link
	for _, t := range slices.Backward(s.stories()) {
		if link = t.link; t.client.Arch == arch && gets(t.story) {
			return true
		}
	}
	return slices.ContainsFunc(s.special(explain.Plain(arch)), func(c explain.Client) bool { return gets(s.teller.Explain(link, c)) })
}

// idle finds the program in the tree that machines could boot which get nothing.
func (s *site) idle(c class) {
	for _, name := range s.programs() {
		p := s.head(name)
		if p.Platform() != c.platform {
			continue
		}
		why := "none of them is told to boot it"
		if s.menuOnly(c, name) {
			why = "a menu does not reach them where leases are given"
		}
		s.found("unused-program", s.cfg.TFTP.Rule, "%s (%s) is for %s machines, which get nothing, for %s: %s", name, p.is(), c.platform, why, s.offer(c, name))
		return
	}
}

// menuOnly tells whether a program is in a menu for machines, and leases are given: UEFI machines do not look at it.
func (s *site) menuOnly(c class, name string) bool {
	return len(s.cfg.Leases.Ranges) > 0 && slices.ContainsFunc(s.cfg.DHCP.Services, func(m proxydhcp.Service) bool {
		return m.Arch == c.pxe && m.FileFor(0) == name
	})
}

// offer is how to give a program to machines, in the words of the configuration.
func (s *site) offer(c class, name string) string {
	entry := "add {file: " + name + ", arch: " + c.pxe.Word() + "} to boot"
	if len(s.cfg.Media.Paths) > 0 && !s.cfg.YAML { // a directory, without words
		return "write a bootrig.yaml, and " + entry
	}
	word, _, _ := strings.Cut(c.pxe.String(), " ")
	line := "pxe-service=" + word + ",TEXT," + name
	if len(s.cfg.Leases.Ranges) > 0 && c.pxe.UEFI() {
		line = fmt.Sprintf("dhcp-match=set:TAG,option:client-arch,%d and dhcp-boot=tag:TAG,%s", c.pxe, name)
	}
	return s.fix("add "+line, entry)
}

// Bounds on what is looked at of a tree for programs that nobody names.
const (
	maxDepth     = 6
	maxListed    = 20000
	maxPrograms  = 32
	maxDirectory = 2000
)

// programs are the boot programs in the tree, by their names: those near the top first, of one directory shims
// first.
func (s *site) programs() []string {
	if s.boots == nil {
		s.boots = s.search()
	}
	return s.boots
}

func (s *site) search() []string {
	found := []string{}
	tree, ok := s.tree.(content.Lister)
	if !ok {
		return found
	}
	listed := 0
	dirs := []string{""}
	for n := 0; n < len(dirs) && n < maxDirectory && listed < maxListed && len(found) < maxPrograms; n++ {
		entries, _ := tree.List(dirs[n]) // one that may not be read has none
		listed += len(entries)
		var here []string
		for _, e := range entries {
			name := dirs[n] + e.Name
			switch {
			case e.IsDir && strings.Count(name, "/") < maxDepth:
				dirs = append(dirs, name+"/")
			case !e.IsDir && isProgram(e.Name):
				here = append(here, name)
			}
		}
		here = here[:min(len(here), maxPrograms)]
		slices.SortStableFunc(here, func(a, b string) int { return s.rank(a) - s.rank(b) })
		found = append(found, here...)
	}
	return found[:min(len(found), maxPrograms)]
}

// isProgram tells what may be a boot program, by its name.
func isProgram(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains([]string{".efi", ".0", ".kpxe", ".kkpxe", ".signed"}, path.Ext(name))
}

// rank puts what is meant to be booted first before what it loads.
func (s *site) rank(name string) int {
	order := []header.Kind{header.Shim, header.IPXE, header.PXELINUX, header.LPXELINUX, header.SyslinuxEFI, header.UKI, header.GRUB, header.SystemdBoot}
	if i := slices.Index(order, s.head(name).Kind); i >= 0 {
		return i
	}
	return len(order)
}
