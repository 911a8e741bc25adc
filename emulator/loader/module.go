package loader

import (
	"bytes"
	"debug/elf"
	"path"
	"slices"
	"strings"
)

// com32rMagic begins a module of syslinux 3 and 4: mov eax, 0x21cd4cff.
var com32rMagic = []byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}

func isELF(content []byte) bool { return bytes.HasPrefix(content, []byte(elf.ELFMAG)) }

// module runs a .c32 file with its arguments.
func (p *pxe) module(name, args string) {
	if p.version >= 5 {
		p.loadELF(name)
	} else {
		p.loadCOM32R(name)
	}
	switch base := path.Base(name); base {
	case "menu.c32", "vesamenu.c32":
		p.menu(base == "vesamenu.c32", strings.Fields(args))
	case "mboot.c32":
		p.mboot(strings.Fields(args))
	default:
		p.fail("the scripted pxelinux has no "+base, "it knows menu.c32, vesamenu.c32 and mboot.c32")
	}
	p.prompt()
}

// loadCOM32R is pxelinux 4: the module must be one of its own generation.
func (p *pxe) loadCOM32R(name string) {
	content, ok := p.open(name)
	switch {
	case !ok:
		p.broken("Could not find kernel image: "+name, "")
	case !bytes.HasPrefix(content, com32rMagic):
		cause := "it is not a module"
		if isELF(content) {
			cause = name + " is a module of syslinux 5 or 6 (ELF), pxelinux 4 takes COM32R only"
		}
		p.broken(name+": not a COM32R image", cause)
	}
}

// loadELF is pxelinux 5 and 6: an ELF module and, in reverse order, the libraries it needs, each searched
// under the prefix and then in PATH (syslinux com32/lib/sys/module).
func (p *pxe) loadELF(name string) {
	content, ok := p.findPath(name)
	text := "Failed to load COM32 file " + name
	switch {
	case !ok:
		p.broken(text, name+" is not there")
	case bytes.HasPrefix(content, com32rMagic):
		p.broken(text, name+" is a module of syslinux 4 (COM32R), pxelinux 6 takes ELF only")
	case !isELF(content):
		p.broken(text, name+" is not a module")
	}
	needed, err := libraries(content)
	if err != nil {
		p.broken(text, name+": "+err.Error())
	}
	for _, lib := range slices.Backward(needed) {
		if !p.library(lib) {
			p.say("Failed to load %s", lib)
			p.broken(text, "its library "+lib+" is missing or unfit")
		}
	}
}

// library loads what a module needs, once.
func (p *pxe) library(name string) bool {
	name = path.Base(name)
	if p.modules[name] {
		return true
	}
	content, ok := p.findPath(name)
	if !ok || !isELF(content) {
		return false
	}
	p.modules[name] = true
	needed, err := libraries(content)
	if err != nil {
		return false
	}
	for _, lib := range slices.Backward(needed) {
		if !p.library(lib) {
			return false
		}
	}
	return true
}

func libraries(module []byte) ([]string, error) {
	f, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	return f.ImportedLibraries()
}

// findPath is the search for modules: the name, then each PATH directory.
func (p *pxe) findPath(name string) ([]byte, bool) {
	if content, ok := p.openIf(name, isELF); ok {
		return content, true
	}
	for _, dir := range p.path {
		if !strings.HasSuffix(dir, "/") {
			dir += "/"
		}
		if content, ok := p.openIf(dir+name, isELF); ok {
			return content, true
		}
	}
	return nil, false
}
