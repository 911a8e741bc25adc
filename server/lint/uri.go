package lint

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/explain"
)

// A location is a URI that machines are told to fetch, as far as it is one on a network that is served.
type location struct {
	host netip.Addr
	port uint16
	name string // the file, decoded
	ext  string
}

// locate reads a URI of HTTP.
func locate(uri string) (at location, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return at, false
	}
	at.port = 80
	if u.Scheme == "https" {
		at.port = 443
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		at.port = uint16(port)
	}
	at.host, _ = netip.ParseAddr(u.Hostname()) // a name is somebody else's
	at.name = strings.TrimLeft(u.Path, "/")
	at.ext = strings.ToLower(path.Ext(u.Path))
	return at, true
}

// byHTTP tells whether a URI leads to the files that TFTP serves too.
func (s *site) byHTTP(at location) bool {
	h := s.cfg.HTTP
	return h.Port != 0 && h.Port == at.port && h.Dir == "" && at.name != "" && at.host.IsValid() && s.near(at.host)
}

// uris looks at what machines are told to fetch by HTTP.
func (s *site) uris() {
	for _, r := range s.remarks(func(t told) (all []remark) {
		for _, f := range t.story.Files {
			if _, ok := locate(f.Name); ok {
				all = append(all, remark{rule: s.line(f), name: f.Name})
			}
		}
		return all
	}) {
		at, _ := locate(r.name)
		s.serves(r, at)
		for _, arch := range r.archs {
			if arch.HTTP() {
				s.image(r, at)
				break
			}
		}
	}
}

// serves finds a URI that leads to this host, where nothing answers or the file is missing. Whether an address of a
// network that is served is ours is known where the server's own is, and else is likely.
func (s *site) serves(r remark, at location) {
	switch {
	case !at.host.IsValid() || !s.near(at.host):
	case s.cfg.HTTP.Port == 0 && len(s.links) > 0:
		s.found("uri-http", r.rule, "%s leads to this host, which serves no HTTP: %s", r.name, s.http(at))
	case s.cfg.HTTP.Port == 0:
		s.noted("uri-http", r.rule, "%s is on a network that is served: if %s is this host, nothing answers there, for it serves no HTTP; %s", r.name, at.host, s.http(at))
	case s.byHTTP(at) && !s.head(at.name).there():
		s.found("uri-file", r.rule, "%s leads to this server, which has no file %s%s", r.name, at.name, s.like(at.name))
	}
}

// http is how to serve by HTTP.
func (s *site) http(at location) string {
	return s.fix(fmt.Sprintf("start it with --http %d", at.port), fmt.Sprintf("add http: {port: %d}", at.port))
}

// image finds what UEFI HTTP boot does not start: it tells a program, a CD and a disk apart by the type that the
// server says, and by the name where it says none of the three (EDK2, HttpBootSupport.c, HttpBootCheckImageType).
func (s *site) image(r remark, at location) {
	if at.ext != ".efi" && at.ext != ".iso" && at.ext != ".img" {
		tell, unless := s.noted, ", unless its server says so itself"
		if s.byHTTP(at) {
			tell, unless = s.found, ""
		}
		tell("http-name", r.rule, "%s does not end in .efi, .iso or .img, by which UEFI HTTP boot knows what it gets%s: rename it", r.name, unless)
		return
	}
	if !s.byHTTP(at) {
		return
	}
	if name, core, ok := s.grubOf(config.BootFile{Name: at.name, Rule: r.rule}); ok && len(core.Modules) > 0 && !core.Has("http") {
		s.found("grub-http", r.rule, "%s leads to %s, a GRUB that has no HTTP inside, so it stops at its grub> prompt: give UEFI HTTP boot a disk image (.img or .iso) with it, its grub.cfg and the kernel, or iPXE", r.name, name)
	}
}

// offers60 finds leases that UEFI HTTP boot does not take for its own: it wants option 60 to say HTTPClient (UEFI
// 2.10, section 24.7.3.1), which a lease says where a line has it.
func (s *site) offers60() {
	for _, r := range s.remarks(func(t told) (all []remark) {
		classless := func(step explain.Step) bool {
			return step.Reply != nil && step.Reply.Address != "" && !slices.ContainsFunc(step.Reply.Options, isClass)
		}
		for _, f := range t.story.Files {
			if _, uri := locate(f.Name); uri && t.client.Arch.HTTP() && slices.ContainsFunc(t.story.Steps, classless) {
				all = append(all, remark{rule: s.line(f), name: f.Name})
			}
		}
		return all
	}) {
		s.found("http-offer", r.rule, "UEFI HTTP boot does not take %s, for the lease that names it has no option 60: add %s", r.name,
			s.fix("dhcp-option-force=tag:TAG,60,HTTPClient for the TAG of such clients (dhcp-vendorclass=set:TAG,HTTPClient)", "{option: 60, text: HTTPClient, force: true} to options, for a tag of such clients"))
	}
}

func isClass(option string) bool { return strings.HasPrefix(option, "60=") }

// scripts finds scripts that no iPXE is offered.
func (s *site) scripts() {
	for _, b := range s.cfg.DHCP.Boot {
		if b.Script == "" || len(b.Tags) > 0 {
			continue // other rules know tags
		}
		if !s.offers(b.Rule, b.File) {
			what := "an iPXE that comes of it asks again as a PXE client, for which this entry is not"
			s.found("script-never", b.Rule, "no iPXE is offered the script %s: %s; add an entry with the script for arch: x64-uefi too", b.Script, what)
		}
	}
}

// offers tells whether some iPXE gets another file of a line than the one for all.
func (s *site) offers(rule, file string) bool {
	for _, t := range s.stories() {
		for _, f := range t.story.Files {
			if t.client.IPXE && s.line(f) == rule && f.Name != file {
				return true
			}
		}
	}
	return false
}
