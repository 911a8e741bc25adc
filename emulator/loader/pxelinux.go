package loader

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/syslinux"
)

// A pxe is pxelinux at work. Version 4 is one file; version 6 loads its own second half, ldlinux.c32, and
// its modules need libraries.
type pxe struct {
	*env
	version int
	lwip    bool   // lpxelinux: it has a TCP of its own
	cwd     string // put before every relative name, as text
	path    []string
	retry   int
	found   string // the configuration file in use
	c       *syslinux.Config
	modules map[string]bool // loaded libraries
	onError bool            // ONERROR has been tried
}

// pxelinux is the program: prefix, ldlinux.c32, configuration, and what that says.
func pxelinux(e *env, version int) {
	runPxelinux(&pxe{env: e, version: version})
}

// lpxelinux is version 6 with HTTP.
func lpxelinux(e *env) { runPxelinux(&pxe{env: e, version: 6, lwip: true}) }

func runPxelinux(p *pxe) {
	e := p.env
	p.modules = map[string]bool{}
	p.say("%s", banner(e.Handover.Program))
	p.cwd = startPrefix(e.Handover)
	if p.version >= 5 {
		p.loadCore()
	}
	p.configure(p.findConfig())
	p.run()
}

// banner is the program's own first line.
func banner(program []byte) string {
	i := bytes.Index(program, []byte("PXELINUX "))
	line := program[i:]
	if end := bytes.IndexFunc(line, func(r rune) bool { return r < ' ' || r > '~' }); end >= 0 {
		line = line[:end]
	}
	return strings.TrimRight(string(head(line, 60)), " ")
}

// startPrefix is option 210, else it is cut from the boot file's name.
func startPrefix(h handover) string {
	o := option(h, 210)
	if o == "" {
		o = prefix(h)
	}
	if urlType(o) == suffix {
		o = "::" + o
	}
	return o
}

// prefix is the boot file's name up to the last character that is no letter, digit, dot or dash: an
// underscore ends it as a slash does (syslinux core/fs/pxe/pxe.c, get_prefix).
func prefix(h handover) string {
	file := h.Boot.File()
	const part = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-"
	return file[:len(strings.TrimRight(file, part))]
}

// A urlKind is how pxelinux reads a name (syslinux core/fs/pxe/urlparse.c).
type urlKind int

const (
	suffix  urlKind = iota // put behind the prefix
	oldTFTP                // [host]::path
	full                   // scheme://host/path
)

func urlType(name string) urlKind {
	colon := strings.Index(name, ":")
	switch {
	case colon < 0:
	case strings.HasPrefix(name[colon:], "://"):
		return full
	case strings.HasPrefix(name[colon:], "::"):
		return oldTFTP
	}
	return suffix
}

// A located is where a file is.
type located struct {
	web    bool // by HTTP
	server netip.AddrPort
	host   string // of a URL
	path   string
}

// locate finds where a name leads; ok is false for what this pxelinux cannot fetch here.
func (p *pxe) locate(name string) (at located, ok bool) {
	if urlType(name) == suffix {
		name = p.cwd + name
	}
	scheme, port := "tftp", uint16(69)
	at.path = name
	switch urlType(name) {
	case oldTFTP:
		at.host, at.path, _ = strings.Cut(name, "::")
	case full:
		scheme, at.path, _ = strings.Cut(name, "://")
		scheme = strings.ToLower(scheme)
		at.host, at.path, _ = strings.Cut(at.path, "/")
	}
	if at.web = scheme == "http"; at.web {
		port = 80
	}
	if scheme != "tftp" && (!at.web || !p.lwip) {
		return at, false
	}
	if at.server, ok = hostPort(at.host, port); !ok {
		at.server = netip.AddrPortFrom(p.Handover.Server, port)
	}
	return at, true
}

// open fetches a file; an empty one does not exist.
func (p *pxe) open(name string) ([]byte, bool) { return p.openIf(name, nil) }

func (p *pxe) openIf(name string, accept func([]byte) bool) ([]byte, bool) {
	name, _, _ = strings.Cut(name, " ")
	at, ok := p.locate(name)
	if !ok {
		p.say("%s: this pxelinux fetches by %s only", name, p.protocols())
		return nil, false
	}
	for range p.retry + 1 {
		content, ok := p.read(at, accept)
		if ok && len(content) > 0 {
			return content, true
		}
	}
	return nil, false
}

func (p *pxe) read(at located, accept func([]byte) bool) ([]byte, bool) {
	if at.web {
		content, ok := p.browse(at)
		return content, ok && (accept == nil || accept(content))
	}
	port := p.port
	if p.lwip {
		p.port = 49153 // for all of them (capture lpxelinux)
	}
	content, err := p.fetch(at.server, at.path, accept)
	if p.lwip {
		p.port = port
	}
	return content, err == nil
}

// loadCore loads ldlinux.c32: beside pxelinux.0, then in the directories where other syslinux flavours keep
// it, each glued to the prefix (syslinux core/elflink/load_env32.c).
func (p *pxe) loadCore() {
	const name = "ldlinux.c32"
	if p.core(name) {
		return
	}
	tried := []string{name}
	for _, dir := range []string{"/boot/isolinux/", "/isolinux/", "/boot/syslinux/", "/syslinux/", "/"} {
		tried = append(tried, dir+name)
		if p.core(dir + name) {
			p.cwd += dir
			return
		}
	}
	p.fail("Failed to load ldlinux.c32", fmt.Sprintf("not found as %s", strings.Join(tried, ", ")))
}

func (p *pxe) core(name string) bool {
	content, ok := p.openIf(name, isELF)
	return ok && isELF(content)
}
