package ways

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/seed"
)

// A chosen entry is one that a loader can start, of the medium it is of.
type chosen struct {
	*piece
	Medium media.Medium
	Entry  media.Entry
	own    string // the directory of what is made for it beside that of others, as it has arguments of its own; "": nothing
}

// entries are those for some CPUs that a loader can start, of all media, the first of each medium before the second of
// any: who has two media chooses between these first. A loader with a menu of its own takes none.
func (w *world) entries(cpus []string, can func(chosen) bool) []chosen {
	var first, others []chosen
	for _, p := range w.pieces {
		for _, m := range p.media {
			to := &first
			for _, e := range m.Entries {
				c := chosen{piece: p, Medium: m, Entry: e}
				if can != nil && e.Kind != media.Own && slices.Contains(cpus, e.CPU) && w.complete(c) && can(c) {
					*to = append(*to, c)
					to = &others
				}
			}
		}
	}
	return append(first, others...)
}

// complete tells whether what an entry names beside its files is there: the image of a tree that was unpacked is not.
func (w *world) complete(c chosen) bool {
	return c.whole() || c.Entry.AppendISO == "" && !strings.Contains(c.Entry.Args, "{iso}")
}

// label names an entry in a menu, by letters that mean nothing to any loader.
func (c chosen) label(several bool) string {
	name := c.Entry.Name
	if several {
		name = path.Join(c.name, c.Medium.Dir, name)
	}
	return plainName(strings.ReplaceAll(name, "/", "-"))
}

// A speech is how a loader names files.
type speech func(file string) string

// syslinux is that of pxelinux: from the top of the server, wherever its own directory is (SYSLINUX wiki, PXELINUX).
func syslinux(file string) string { return "::" + file }

// tftp is that of GRUB: from the top of the device.
func tftp(file string) string { return "/" + file }

// web is that of iPXE.
func (a at) web(file string) string {
	return a.base() + escaped(file)
}

// item writes an entry for a loader.
func (w *world) item(c chosen, a at, name speech) menu.Item {
	file := func(f string) string { return name(c.in(c.Medium, f)) }
	places := w.places(c, a)
	e := c.Entry
	if answer, ok := w.answer(c.Medium, a); ok {
		e = e.Answered(answer)
	}
	i := menu.Item{Title: e.Title, Kernel: file(e.Kernel), Args: places.Fill(e.Args), Kind: menu.Linux}
	for _, f := range e.Initrds {
		i.Initrds = append(i.Initrds, file(f))
	}
	if e.AppendISO != "" {
		i.Initrds = append(i.Initrds, name(c.appended()))
	}
	for _, m := range e.Modules {
		i.Modules = append(i.Modules, menu.Module{File: file(m.File), Args: places.Fill(m.Args)})
	}
	switch e.Kind {
	case media.Multiboot:
		i.Kind = menu.Multiboot
	case media.Xen:
		i.Kind = menu.Hypervisor
	case media.Windows:
		i.Kind = menu.Windows
	case media.EFI:
		i.Kind = menu.Program
	case media.ESXi:
		i.Kind, i.Modules = menu.Program, nil
		i.Options, i.Args = i.Args, "-c "+name(c.bootCfg())
	}
	return i
}

// places are what stands for the names between braces.
func (w *world) places(c chosen, a at) media.Places {
	p := media.Places{Server: a.host(), Base: a.base(), ISO: a.base() + c.image()}
	if dir := c.in(c.Medium, ""); dir != "" {
		p.Base += escaped(dir) + "/"
	}
	return p
}

func escaped(file string) string { return (&url.URL{Path: file}).EscapedPath() }

// answer is how a medium's installer is told where its answers are: which machine asks is told by its address.
func (w *world) answer(m media.Medium, a at) (media.Answer, bool) {
	if w.seed == nil {
		return media.Answer{}, false
	}
	anyone := seed.Machine{}
	return w.seed.Answer(m, anyone, seed.At(a.host()).URL(anyone))
}

// menu is what a loader shows of entries. last changes an item where the loader has its own way.
func (c choice) menu(entries []chosen, a at, name speech, last func(*menu.Item, chosen)) menu.Menu {
	m := menu.Menu{Title: c.title(), Seconds: patience}
	if c.start.entry != "" {
		m.Seconds = 0
	}
	for _, e := range entries {
		i := c.item(e, a, name)
		last(&i, e)
		m.Items = append(m.Items, i)
	}
	unique(m.Items, entries, c.several())
	return m
}

// patience is how long a menu waits: long enough to read it.
const patience = 10

// several tells whether there are several media, and so entries of one name.
func (w *world) several() bool {
	n := 0
	for _, p := range w.pieces {
		n += len(p.media)
	}
	return n > 1
}

// title is the line above the menu.
func (w *world) title() string {
	var all []string
	for _, p := range w.pieces {
		for _, m := range p.media {
			if !slices.Contains(all, m.Title) {
				all = append(all, m.Title)
			}
		}
	}
	return strings.Join(all, ", ")
}

// image is the name in the tree of the whole image.
func (p *piece) image() string { return p.as + ".iso" }

// appended is the name of the initrd that holds the whole image.
func (c chosen) appended() string { return path.Join(reserved, c.as+".cpio") }

// bootCfg is the name of ESXi's boot.cfg for the network: that for UEFI may be another than that for BIOS.
func (c chosen) bootCfg() string {
	return path.Join(reserved, c.own, plainName(strings.ReplaceAll(path.Join(c.as, c.Medium.Dir, c.Entry.Name), "/", "-"))+"-boot.cfg")
}

// unique gives each item a label that no other has.
func unique(items []menu.Item, entries []chosen, several bool) {
	taken := menu.Reserved()
	for i, c := range entries {
		label := c.label(several)
		for n := 2; taken[label]; n++ {
			label = fmt.Sprintf("%s-%s", c.label(several), c.Entry.CPU)
			if n > 2 {
				label = fmt.Sprintf("%s-%d", label, n)
			}
		}
		taken[label], items[i].Label = true, label
	}
}
