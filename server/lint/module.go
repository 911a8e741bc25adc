package lint

import (
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/lint/syslinux"
)

// ldlinux looks for what a pxelinux 5 or 6 loads first. Where it is found the other names begin too
// (syslinux, core/elflink/load_env32.c and core/fs/fs.c, search_dirs).
func (l *loader) ldlinux() {
	if l.generation < 5 {
		return
	}
	for _, dir := range []string{"", "/boot/isolinux/", "/isolinux/", "/boot/syslinux/", "/syslinux/", "/"} {
		name := syslinux.Value{Text: dir + l.first(), Rule: l.boot.Rule}
		err := l.look(name)
		p := l.head(l.prefix + name.Text)
		switch {
		case l.outside(name, err):
			return
		case p.isELF() && l.fits(name, p):
			l.path = append(l.path, "::"+l.prefix)
			l.prefix += dir
			return
		case p.isELF(), p.isCOM32R() && !l.fits(name, p):
			return
		}
	}
	l.found("ldlinux", l.boot.Rule, "%s is a pxelinux that needs %s%s, which is missing: copy the one of its own version there", l.boot.Name, l.prefix, l.first())
}

// first is the module that a pxelinux or syslinux.efi loads before all others.
func (l *loader) first() string {
	switch l.cpu {
	case "":
		return "ldlinux.c32"
	case "x86_64":
		return "ldlinux.e64"
	}
	return "ldlinux.e32"
}

// fits tells whether a module is one of this pxelinux's generation, and tells of those that are not.
func (l *loader) fits(name syslinux.Value, p program) bool {
	is, _ := l.served(name.Text)
	wrong := func(what string) bool {
		l.found("syslinux-mix", name.Rule, "%s is %s, and %s is pxelinux %d: take all of them from one version of syslinux", is, what, l.boot.Name, l.generation)
		return false
	}
	switch _, bios := p.libraries(); {
	case l.generation < 5 && p.isELF():
		return wrong("a module of syslinux 5 or 6")
	case l.generation < 5:
		return p.isCOM32R()
	case p.isCOM32R():
		return wrong("a module of syslinux 4")
	case p.isELF() && !bios && l.cpu != "x86_64":
		return wrong("a module for 64-bit UEFI machines")
	case p.isELF() && bios && l.cpu == "x86_64":
		return wrong("a module for BIOS or 32-bit UEFI machines")
	}
	return p.isELF()
}

// module looks for a module and the libraries it needs.
func (l *loader) module(name syslinux.Value) {
	at := l.find(name.Text)
	if at == nil {
		l.want(name)
		return
	}
	key := "module " + name.Text + " " + name.Rule
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	p := l.head(at.name)
	if !l.fits(syslinux.Value{Text: "::" + at.name, Rule: name.Rule}, p) {
		if !p.isELF() && !p.isCOM32R() {
			l.found("pxelinux-file", name.Rule, "%s is no module of syslinux", at.name)
		}
		return
	}
	if l.generation >= 5 {
		l.neighbours(name.Rule, at.name, l.needs(name.Rule, at.name, p))
	}
}

// needs looks for the libraries of a module, and for theirs. It yields where each would come from.
func (l *loader) needs(rule, module string, p program) map[string]string {
	from := map[string]string{}
	type need struct{ by, name string }
	var todo []need
	add := func(by string, p program) {
		names, _ := p.libraries()
		for _, name := range names {
			todo = append(todo, need{by, path.Base(name)})
		}
	}
	for add(module, p); len(todo) > 0; todo = todo[1:] {
		n := todo[0]
		if _, again := from[n.name]; again {
			continue
		}
		at := l.find(n.name)
		if at == nil || !l.head(at.name).isELF() {
			from[n.name] = ""
			beside, _ := l.served(n.name)
			l.found("c32-library", rule, "%s needs %s, and there is none that pxelinux would find: copy the one of its own version to %s, or name its directory with PATH", n.by, n.name, beside)
			continue
		}
		from[n.name] = at.name
		add(at.name, l.head(at.name))
	}
	return from
}

// neighbours finds libraries beside a module that others are loaded in the place of: one name, two versions.
func (l *loader) neighbours(rule, module string, from map[string]string) {
	dir := path.Dir(module)
	for name, at := range from {
		if at == "" {
			continue
		}
		if beside := l.head(path.Join(dir, name)); beside.there() && !beside.equal(l.head(at)) {
			l.found("syslinux-mix", rule, "%s gets %s, which is not the %s beside it: take all of them from one version of syslinux", module, at, name)
		}
	}
}

// A place is the name of a file below the root.
type place struct{ name string }

// find is pxelinux's search for a module: the name itself, then below each directory of PATH.
// pxelinux 4 knows no PATH. An ELF module goes before what is none.
func (l *loader) find(name string) *place {
	names := []string{name}
	if l.generation >= 5 {
		for _, dir := range l.path {
			if !strings.HasSuffix(dir, "/") && !strings.HasSuffix(dir, "::") {
				dir += "/"
			}
			names = append(names, dir+name)
		}
	}
	var other *place
	for _, n := range names {
		served, ours := l.served(n)
		if !ours {
			return nil
		}
		p := l.head(served)
		switch {
		case p.size == 0: // pxelinux takes an empty file for a missing one
		case l.generation < 5 || p.isELF():
			return &place{served}
		case other == nil:
			other = &place{served}
		}
	}
	return other
}
