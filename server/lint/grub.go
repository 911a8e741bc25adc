package lint

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint/grub"
	"github.com/bootrig/bootrig/server/media/header"
)

// netRoot stands for the device that a GRUB from the network has as its root.
const netRoot = "net"

// A menu is a GRUB, and which of its configurations were looked at.
type menu struct {
	*site
	boot config.BootFile
	name string // the GRUB's
	cpu  string
	dir  string // its prefix
	seen map[string]bool
}

// grub follows a GRUB to its configurations and to what they name.
func (s *site) grub(boot config.BootFile, name string, core header.Core) {
	dev, dir := device(core.Prefix)
	if dir == "" || !s.grubTree(dev) {
		return // where the firmware found it, or elsewhere
	}
	m := &menu{site: s, boot: boot, name: name, cpu: s.head(name).CPU, dir: strings.Trim(path.Clean(dir), "/"), seen: map[string]bool{}}
	configs := m.configs()
	if len(configs) == 0 && (core.Config == "" || strings.HasPrefix(core.Config, "normal")) {
		s.found("grub-config", boot.Rule, "%s asks for %s, which is missing, and stops at its grub> prompt: put it there%s", name, path.Join(m.dir, "grub.cfg"), m.elsewhere())
	}
	for _, c := range configs[:min(len(configs), maxConfigs)] {
		m.config(c)
	}
}

// configs are the configurations that some machine would read (grub, grub-core/net/bootp.c).
func (m *menu) configs() (names []string) {
	const cfg, each = "grub.cfg", "grub.cfg-"
	if name := path.Join(m.dir, cfg); m.head(name).size > 0 {
		names = append(names, name)
	}
	tree, ok := m.tree.(content.Lister)
	if !ok {
		return names
	}
	entries, _ := tree.List(m.dir) // a directory that is missing has none
	m.misnamed("machine-name", m.dir+"/", each, "GRUB", entries)
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name, each); ok && !e.IsDir && machines().MatchString(rest) {
			names = append(names, path.Join(m.dir, e.Name))
		}
	}
	return names
}

// elsewhere says where a grub.cfg is that this GRUB does not ask for.
func (m *menu) elsewhere() string {
	for _, name := range []string{besideOf(m.name, "grub/grub.cfg"), besideOf(m.name, "grub.cfg"), "boot/grub/grub.cfg", "grub/grub.cfg", "grub.cfg"} {
		if m.head(name).size > 0 {
			return "; there is " + name + ", and the prefix inside of this GRUB says another directory"
		}
	}
	return m.like(path.Join(m.dir, "grub.cfg"))
}

// config looks for all that a configuration names.
func (m *menu) config(name string) {
	if m.seen[name] || len(m.seen) > maxConfigs {
		return
	}
	m.seen[name] = true
	text, err := m.read(name)
	if err != nil {
		return
	}
	if !slices.Contains(m.files, name) {
		m.files = append(m.files, name)
	}
	known := map[string]string{"prefix": "(" + netRoot + ")/" + m.dir, "root": netRoot, "net_default_server": "", "pxe_default_server": ""}
	disk, all, entry := false, false, false // a disk is the root: here, and in all entries that do not say otherwise
	for _, c := range grub.Parse(name, text, known) {
		switch root, sets := sought(c); {
		case c.Name == "menuentry", c.Name == "submenu":
			disk, entry = all, true
		case sets:
			disk = !m.grubTree(root)
			all = all || disk && !entry
		default:
			m.command(c, disk)
		}
	}
}

func (m *menu) read(name string) ([]byte, error) {
	f, err := m.tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.NewSectionReader(f, 0, min(f.Size, maxText)))
}

// sought is the device that a command makes the root: a disk that it looks for, or one that it names.
func sought(c grub.Command) (dev string, sets bool) {
	if strings.HasPrefix(c.Name, "search") {
		return "disk", slices.ContainsFunc(c.Args, func(arg string) bool {
			return strings.HasPrefix(arg, "--set") || arg == "root" || arg == "-s"
		})
	}
	if c.Name == "set" && len(c.Args) > 0 {
		dev, sets = strings.CutPrefix(c.Args[0], "root=")
	}
	return strings.Trim(dev, "()"), sets
}

// command looks for the files of one. Names without a device are of the root, which may be a disk.
func (m *menu) command(c grub.Command, disk bool) {
	files := slices.DeleteFunc(slices.Clone(c.Args), func(arg string) bool { return strings.HasPrefix(arg, "--") })
	if disk {
		files = slices.DeleteFunc(files, func(name string) bool { return !strings.HasPrefix(name, "(") })
	}
	if len(files) == 0 {
		return
	}
	switch c.Name {
	case "linux", "linux16", "linuxefi":
		m.want(c, files[0], m.kernel)
	case "initrd", "initrd16", "initrdefi":
		for _, name := range files {
			if !strings.HasPrefix(name, "newc:") {
				m.want(c, name, m.disk)
			}
		}
	case "multiboot", "multiboot2", "module", "module2", "xen_hypervisor", "xen_module", "chainloader", "devicetree":
		m.want(c, files[0], nil)
	case "configfile", "source", ".":
		m.follow(c, files[0])
	}
}

// at is the name in our tree of a file that GRUB asks us for.
func (m *menu) at(name string) (served string, ours bool) {
	dev, rest := device(name)
	rest = strings.Trim(rest, "/")
	return rest, rest != "" && !strings.HasPrefix(rest, "+") && m.grubTree(dev) // +1 is a sector
}

// want looks for a file, and with look at it.
func (m *menu) want(c grub.Command, file string, look func(rule, name string, p program)) {
	name, ours := m.at(file)
	if !ours {
		return
	}
	f, err := m.tree.Open(name)
	switch {
	case err == nil:
		empty := f.Size == 0
		f.Close()
		if empty {
			m.found("grub-file", c.Rule, "%s is empty, and GRUB is told to load it", name)
			return
		}
	case m.leaves(c.Rule, name, err):
		return
	case errors.Is(err, fs.ErrNotExist):
		if key := "missing " + name; !m.looked[key] { // fifty entries may have the same initial RAM disk
			m.looked[key] = true
			m.found("grub-file", c.Rule, "there is no file %s: GRUB is told to load it%s", name, m.like(name))
		}
		return
	default:
		m.found("grub-file", c.Rule, "GRUB would not get %s: %v", name, err)
		return
	}
	if key := c.Name + " " + name; look != nil && !m.looked[key] {
		m.looked[key] = true
		look(c.Rule, name, m.head(name))
	}
}

// follow reads a configuration that another names. A source that is missing is passed over, and what is chosen by an
// if may be there for others.
func (m *menu) follow(c grub.Command, file string) {
	name, ours := m.at(file)
	switch {
	case !ours:
	case m.head(name).size > 0:
		m.config(name)
	case c.Name == "configfile" && !c.If:
		m.want(c, file, nil)
	}
}

// kernel finds what GRUB would not start as a Linux kernel, and what was cut off.
func (m *menu) kernel(rule, name string, p program) {
	x86 := func(cpu string) bool { return cpu == "i386" || cpu == "x86_64" }
	switch p.Kind {
	case header.Linux, header.Memtest, header.Wimboot:
		if p.CPU != "" && x86(p.CPU) != x86(m.cpu) {
			m.found("kernel-none", rule, "%s is %s, and %s is a GRUB for %s: give it a kernel of its own", name, p.is(), m.name, m.cpu)
		}
		m.whole(rule, name, p)
	default:
		m.found("kernel-none", rule, "%s is no Linux kernel that GRUB starts%s: put the kernel there", name, p.but())
	}
}
