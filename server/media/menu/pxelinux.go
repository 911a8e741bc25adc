package menu

import (
	"fmt"
	"strings"
)

// Pxelinux is a configuration for pxelinux (SYSLINUX wiki, Config). With ui, the name of menu.c32, it is a menu; without
// it a prompt that says what can be typed.
func (m Menu) Pxelinux(ui string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	switch {
	case m.Seconds == 0 && len(m.Items) > 0:
		say("# %s", m.heading())
		say("PROMPT 0")
	case ui != "":
		say("UI %s", ui)
		say("MENU TITLE %s", m.heading())
	default:
		say("SAY %s", m.heading())
		for _, i := range m.Items {
			say("SAY   %s: %s", i.Label, line(i.Title))
		}
		say("SAY   %s: the disk of this machine", local)
		say("PROMPT 1")
	}
	if len(m.Items) > 0 {
		say("DEFAULT %s", m.Items[0].Label)
	}
	if m.Seconds > 0 {
		say("TIMEOUT %d", m.Seconds*10) // tenths
	}
	for _, i := range m.Items {
		say("")
		say("LABEL %s", i.Label)
		say("  MENU LABEL %s", line(i.Title))
		i.pxelinux(say)
	}
	say("")
	say("LABEL %s", local)
	say("  MENU LABEL Boot from the disk of this machine")
	say("  LOCALBOOT 0")
	return b.String()
}

func (i Item) pxelinux(say func(string, ...any)) {
	switch i.Kind {
	case Multiboot:
		// mboot.c32 takes one line: the kernel, and each module behind three dashes.
		say("  KERNEL %s", i.Starter)
		parts := []string{words(i.Kernel, i.Args)}
		for _, m := range i.Modules {
			parts = append(parts, words(m.File, m.Args))
		}
		say("  APPEND %s", strings.Join(parts, " --- "))
	default:
		keyword := "LINUX" // whatever its name ends in
		if i.Kind == Program {
			keyword = "KERNEL"
		}
		say("  %s %s", keyword, i.Kernel)
		if len(i.Initrds) > 0 {
			say("  INITRD %s", strings.Join(i.Initrds, ","))
		}
		if i.Args != "" {
			say("  APPEND %s", line(i.Args))
		}
	}
}

func words(all ...string) string { return line(strings.Join(all, " ")) }
