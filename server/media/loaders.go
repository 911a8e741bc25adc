package media

import (
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/header"
)

// A Loader is a boot program of a tree, told by what it holds and not by its name.
type Loader struct {
	Path string `json:"path"`
	header.Program
}

// Loaders are the boot programs of a tree: pxelinux, GRUB, shim, iPXE, modules of syslinux, UKIs and other
// programs of UEFI. They are looked for in the directories near its top.
func Loaders(src content.Source) []Loader {
	programs, _ := siteOf(src).programsBelow(".")
	return programs
}

// How many files are looked into, and how deep.
const (
	maxLooked   = 4000
	depthLooked = 6
)

// programsBelow are the boot programs below a directory, and the kernels.
func (s *site) programsBelow(top string) (loaders, kernels []Loader) {
	looked := 0
	for level, left := []string{top}, depthLooked; len(level) > 0 && left >= 0; left-- {
		var below []string
		for _, dir := range level {
			for _, e := range s.list(dir) {
				name := path.Join(dir, e.Name)
				if e.IsDir {
					below = append(below, name)
					continue
				}
				if looked++; looked > maxLooked || dull(e.Name) {
					continue
				}
				switch p := s.program(name); p.Kind {
				case "":
				case header.Linux, header.Multiboot:
					kernels = append(kernels, Loader{name, p})
				default:
					loaders = append(loaders, Loader{name, p})
				}
			}
		}
		level = below
	}
	return loaders, kernels
}

// dull tells a file that holds no boot program by its name: packages, texts, pictures, modules of GRUB.
func dull(name string) bool {
	return slices.Contains([]string{
		".deb", ".udeb", ".rpm", ".apk", ".txt", ".html", ".xml", ".cfg", ".png", ".jpg", ".mod", ".lst", ".pf2", ".squashfs", ".sfs",
	}, strings.ToLower(path.Ext(name)))
}
