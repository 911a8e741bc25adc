package menu

import (
	"fmt"
	"strings"
)

// GRUB is a grub.cfg (GRUB manual, Shell-like scripting).
func (m Menu) GRUB() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# %s", m.heading())
	say("set timeout=%d", m.Seconds)
	say("set default=0")
	for _, i := range m.Items {
		say("")
		say("menuentry %s --id %s {", quoted(line(i.Title)), i.Label)
		i.grub(say)
		say("}")
	}
	say("")
	say("menuentry 'Boot from the disk of this machine' --id %s {", local)
	say("\texit")
	say("}")
	return b.String()
}

func (i Item) grub(say func(string, ...any)) {
	switch i.Kind {
	case Multiboot, Hypervisor:
		kernel, module := "multiboot2", "module2"
		if i.Kind == Hypervisor {
			kernel, module = "xen_hypervisor", "xen_module"
		}
		say("\t%s %s", kernel, grub(i.Kernel, i.Args))
		for _, m := range i.Modules {
			say("\t%s %s", module, grub(m.File, m.Args))
		}
	case Program:
		say("\tchainloader %s", quoted(i.Kernel))
	default:
		say("\tlinux %s", grub(i.Kernel, i.Args))
		if len(i.Initrds) > 0 {
			say("\tinitrd %s", grub(i.Initrds...))
		}
	}
}

// grub writes words so that GRUB takes each as it is.
func grub(all ...string) string {
	var words []string
	for _, text := range all {
		for word := range strings.FieldsSeq(text) {
			words = append(words, quoted(word))
		}
	}
	return strings.Join(words, " ")
}

// quoted leaves alone what means nothing to GRUB's shell.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/.,:=_-+@%?~", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
