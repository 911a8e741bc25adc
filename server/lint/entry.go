package lint

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/lint/syslinux"
)

var (
	// errElsewhere says that pxelinux asks another server for a file.
	errElsewhere = errors.New("it is on another server")
	errEmpty     = errors.New("it is empty")
)

// served is the name by which pxelinux asks for a file, and whether it asks us: the prefix goes before all
// names but those with a server of their own (syslinux, core/fs/pxe/urlparse.c, and pxe.c, pxe_open_file).
func (l *loader) served(name string) (served string, ours bool) {
	rest, ours := strings.CutPrefix(name, "::")
	switch {
	case ours:
		return rest, true
	case strings.Contains(name, "::"), strings.Contains(name, "://"):
		return name, false
	}
	return l.prefix + name, true
}

// look finds out whether pxelinux would get a file. It takes an empty one for a missing one.
func (l *loader) look(name syslinux.Value) error {
	served, ours := l.served(name.Text)
	if !ours {
		return errElsewhere
	}
	f, err := l.tree.Open(served)
	if err != nil {
		return err
	}
	defer f.Close()
	if f.Size == 0 {
		return errEmpty
	}
	return nil
}

// want is look for a file that must be there.
func (l *loader) want(name syslinux.Value) { l.missing(name, l.look(name)) }

// entry looks for all that an entry names. One without a file is often a title in a menu.
func (l *loader) entry(e syslinux.Entry) {
	file, args := e.Command()
	if e.Initrd.Text != "" {
		l.initrds(e.Initrd.Rule, e.Initrd.Text)
	}
	switch {
	case !e.Kernel.Set(), file.Text == "", e.Type == "localboot":
	case e.Type == "config":
		l.restart(file, args)
	case e.Type == "com32":
		if !strings.HasSuffix(file.Text, ".c32") {
			file.Text += ".c32"
		}
		l.run(file, args, e.Append.Rule)
	case e.Type == "kernel":
		l.run(file, args, e.Append.Rule)
	case e.Type == "linux":
		l.linux(file, args, e.Append.Rule)
	default:
		l.want(file)
	}
}

// restart is CONFIG FILE [DIRECTORY]: the directory goes before all names in the file.
func (l *loader) restart(file syslinux.Value, dir string) {
	there := *l
	if word, _ := (syslinux.Value{Text: dir}).Cut(); word.Text != "" {
		there.prefix, _ = l.served(word.Text)
	}
	if f, ok := l.read(file); ok {
		there.follow(f)
	}
}

// run looks for a file whose extension says what it is, and for what its words name. Those are in the line
// words, or in the file's own.
func (l *loader) run(file syslinux.Value, args string, words ...string) {
	rule := file.Rule
	if len(words) > 0 && words[0] != "" {
		rule = words[0]
	}
	switch path.Ext(file.Text) {
	case ".c32":
		l.module(file)
		l.arguments(path.Base(file.Text), args, rule)
	case ".0", ".bss", ".bin", ".bs", ".img", ".com", ".cbt":
		l.want(file)
	default:
		l.linux(file, args, rule)
	}
}

// arguments looks for the files in a module's words.
func (l *loader) arguments(module, args, rule string) {
	words := strings.Fields(args)
	switch module {
	case "menu.c32", "vesamenu.c32":
		for _, w := range words {
			if !strings.HasPrefix(w, "~") { // the menu's own configuration
				l.config(syslinux.Value{Text: w, Rule: rule})
			}
		}
	case "mboot.c32":
		l.mboot(words, rule)
	}
}

// mboot looks for a multiboot kernel and its modules. VMware's own mboot.c32 reads them from a file.
func (l *loader) mboot(words []string, rule string) {
	for len(words) > 0 && (words[0] == "-solaris" || words[0] == "-aout") {
		words = words[1:]
	}
	if i := slices.Index(words, "-c"); i >= 0 {
		if i+1 < len(words) {
			l.vmware(syslinux.Value{Text: words[i+1], Rule: rule})
		}
		return
	}
	if len(words) > 1 && !slices.Contains(words, "---") {
		l.found("mboot-dashes", rule, "mboot.c32 takes all words behind %s for its own, and loads no module: put a word --- before each module", words[0])
	}
	first := true
	for _, w := range words {
		if first && w != "---" {
			v := syslinux.Value{Text: w, Rule: rule}
			l.want(v)
			l.multiboot(v)
		}
		first = w == "---"
	}
}

// linux looks for a kernel and its initial RAM disks.
func (l *loader) linux(file syslinux.Value, args, rule string) {
	if err := l.look(file); err != nil {
		if _, found := l.implicit(file.Text); !found {
			l.missing(file, err)
		}
	}
	l.kernel(file)
	for _, w := range strings.Fields(args) {
		if names, ok := strings.CutPrefix(w, "initrd="); ok {
			l.initrds(rule, names)
		}
	}
}

func (l *loader) initrds(rule, names string) {
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		v := syslinux.Value{Text: name, Rule: rule}
		l.want(v)
		l.initrd(v)
	}
}

// missing tells of a file that pxelinux would not get.
func (l *loader) missing(name syslinux.Value, err error) {
	if err == nil || errors.Is(err, errElsewhere) || l.outside(name, err) {
		return
	}
	served, _ := l.served(name.Text)
	switch {
	case l.prefix != "" && strings.HasPrefix(name.Text, "/") && errors.Is(err, fs.ErrNotExist):
		l.found("pxelinux-absolute", name.Rule, "%s is asked for as %s, because %s puts %s before every name: write ::%s, or the name from %s on",
			name.Text, served, l.boot.Name, l.prefix, name.Text, l.prefix)
	case errors.Is(err, fs.ErrNotExist):
		l.found("pxelinux-file", name.Rule, "there is no file %s: %s is told to load it%s", served, l.boot.Name, l.like(served))
	default:
		l.found("pxelinux-file", name.Rule, "%s would not get %s: %v", l.boot.Name, served, err)
	}
}

// leaves tells of a file that a link hides, and whether one does.
func (s *site) leaves(rule, name string, err error) bool {
	if !errors.Is(err, content.ErrEscape) {
		return false
	}
	s.found("tftp-links", rule, "%s is behind a link, and %s: put the file itself there, or mount its directory below the root", name, intended("tftp-links").Bootrig)
	return true
}

// outside is leaves for a name as pxelinux has it.
func (l *loader) outside(name syslinux.Value, err error) bool {
	served, _ := l.served(name.Text)
	return l.leaves(name.Rule, served, err)
}
