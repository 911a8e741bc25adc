package lint

import (
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/lint/esxi"
	"github.com/bootrig/bootrig/server/lint/syslinux"
)

const bootCfg = "boot.cfg"

// esxi follows ESXi's boot loader for UEFI, which is any program with a boot.cfg of that language beside it.
func (s *site) esxi(boot config.BootFile) {
	l := &loader{site: s, boot: boot, seen: map[string]bool{}}
	name := besideOf(boot.Name, bootCfg)
	if s.head(name).size == 0 {
		return
	}
	l.vmware(syslinux.Value{Text: name, Rule: boot.Rule})
}

// vmware looks for what a boot.cfg names. There are a hundred and more, so what is missing is told once.
func (l *loader) vmware(file syslinux.Value) {
	f, ok := l.read(file)
	if !ok || l.seen["boot.cfg "+f.Name] {
		return
	}
	l.seen["boot.cfg "+f.Name] = true
	c := esxi.Parse(f.Name, f.Text)
	if c.Kernel.Rule == "" {
		return // another's
	}
	dir := path.Dir(file.Text)
	if c.Prefix.Rule != "" {
		dir = c.Prefix.Text
	}
	if strings.Contains(dir, "://") {
		return // another server's, or by HTTP
	}
	var missing []esxi.Value
	all := append([]esxi.Value{c.Kernel}, c.Modules...)
	for _, v := range all {
		if l.look(syslinux.Value{Text: under(dir, v.Text)}) != nil {
			missing = append(missing, v)
		}
	}
	l.lacks(dir, all, missing)
}

func (l *loader) lacks(dir string, all, missing []esxi.Value) {
	if len(missing) == 0 {
		return
	}
	first := missing[0]
	name, _ := l.served(under(dir, first.Text))
	fix := l.like(name)
	if rest := strings.TrimLeft(first.Text, "/"); rest != first.Text && l.look(syslinux.Value{Text: under(dir, rest)}) == nil {
		fix = "; names that begin with a slash begin at the root, so take the slashes away, as in " + rest
	}
	if len(missing) > 1 {
		l.found("esxi-file", first.Rule, "there is no file %s, and %d more of the %d that ESXi is told to load are missing%s", name, len(missing)-1, len(all), fix)
		return
	}
	l.found("esxi-file", first.Rule, "there is no file %s: ESXi is told to load it%s", name, fix)
}

// under is a name in a directory; one that begins with a slash begins at the root (esx-boot, mboot/config.c).
func under(dir, name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return path.Join(dir, name)
}
