package lint

import (
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/lint/ipxe"
	"github.com/bootrig/bootrig/server/media/header"
)

// fetches follows iPXE to the scripts that it is told to run, and to what they fetch.
func (s *site) fetches() {
	seen := map[string]bool{}
	for _, t := range s.stories() {
		for _, f := range t.story.Files {
			if name, ours := s.ourFile(f); ours && t.client.IPXE {
				s.script(name, seen)
			}
		}
	}
}

// script looks for all that one fetches. Names in it are beside it, or whole URIs.
func (s *site) script(name string, seen map[string]bool) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if seen[name] || len(seen) > maxConfigs || header.Format(s.head(name).data) != header.Script {
		return
	}
	seen[name] = true
	file, err := s.tree.Open(name)
	if err != nil {
		return
	}
	defer file.Close()
	text, err := beginning(file, maxText)
	if err != nil {
		return
	}
	if !slices.Contains(s.files, name) {
		s.files = append(s.files, name)
	}
	read := ipxe.Parse(name, text)
	for _, c := range read.Commands {
		s.fetched(name, c, seen)
	}
	for _, setting := range read.Settings {
		if setting.Name == "next-server" && s.proxy() && len(s.cfg.Leases.Ranges) == 0 {
			s.found("ipxe-next-server", setting.Rule, "${next-server} is what the DHCP server beside us says, not us: write our address, ${proxydhcp/next-server}, or names that begin beside this script")
		}
	}
}

// fetched looks for one file.
func (s *site) fetched(script string, c ipxe.Command, seen map[string]bool) {
	name, ours := s.beside(script, c.URI)
	if !ours {
		return
	}
	p := s.head(name)
	switch {
	case !p.there() || p.size == 0:
		if !c.Tried {
			s.found("ipxe-file", c.Rule, "there is no file %s: iPXE is told to load it%s", name, s.like(name))
		}
	case c.Name == "kernel" && p.junk():
		s.found("kernel-none", c.Rule, "%s is no kernel that iPXE starts%s: put the kernel there", name, p.but())
	case c.Name == "kernel":
		s.whole(c.Rule, name, p)
	case c.Name == "initrd" && p.junk():
		s.disk(c.Rule, name, p)
	case c.Name == "chain":
		s.script(name, seen)
	}
}

// beside is the name in our tree of what a script names.
func (s *site) beside(script, uri string) (name string, ours bool) {
	if strings.Contains(uri, "${") {
		return "", false
	}
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		return "", false
	case u.Scheme == "" && u.Host == "" && u.Path != "":
		if strings.HasPrefix(u.Path, "/") {
			return strings.TrimLeft(u.Path, "/"), true
		}
		return besideOf(script, u.Path), true
	case u.Scheme == "tftp":
		addr, err := netip.ParseAddr(u.Hostname())
		return strings.TrimLeft(u.Path, "/"), err == nil && s.near(addr) && s.cfg.TFTP.Enabled
	}
	return s.ourFile(explain.File{Name: uri})
}
