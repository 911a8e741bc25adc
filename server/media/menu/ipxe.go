package menu

import (
	"fmt"
	"path"
	"strings"
)

// IPXE is a script for iPXE (ipxe.org/scripting, ipxe.org/cmd).
//
// Older ones cannot name an initrd for an EFI kernel but by its file's name, so each kernel is told with initrd= which
// names are its own.
func (m Menu) IPXE() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("#!ipxe")
	say("")
	if m.Seconds == 0 && len(m.Items) > 0 {
		say("goto %s", m.Items[0].Label)
		say("")
	}
	say(":%s", begin)
	say("menu %s", ipxe(m.heading()))
	for _, i := range m.Items {
		say("item %s %s", i.Label, ipxe(line(i.Title)))
	}
	say("item %s Boot from the disk of this machine", local)
	preset := local
	if len(m.Items) > 0 {
		preset = m.Items[0].Label
	}
	say("choose --timeout %d --default %s chosen && goto ${chosen} || goto %s", m.Seconds*1000, preset, local)
	for _, i := range m.Items {
		say("")
		say(":%s", i.Label)
		i.ipxe(say)
	}
	say("")
	say(":%s", failed)
	say("echo It did not start. Press a key for the menu.")
	say("prompt")
	say("goto %s", begin)
	say("")
	say(":%s", local)
	// An EFI firmware goes on with its next boot option, a BIOS would only try the network again.
	say("iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||")
	say("exit")
	return b.String()
}

func (i Item) ipxe(say func(string, ...any)) {
	fail := "|| goto " + failed
	say("imgfree")
	switch i.Kind {
	case Multiboot:
		say("kernel %s %s", words(i.Kernel, ipxe(i.Args)), fail)
		for _, m := range i.Modules {
			say("module %s %s", words(m.File, ipxe(m.Args)), fail)
		}
	case Windows:
		say("kernel %s %s", i.Starter, fail)
		for _, f := range i.Initrds {
			say("initrd --name %s %s %s", strings.ToLower(path.Base(f)), f, fail)
		}
	case Program:
		say("kernel %s %s", words(i.Kernel, ipxe(i.Args)), fail)
	default:
		kernel := []string{i.Kernel}
		for _, f := range i.Initrds {
			kernel = append(kernel, "initrd="+path.Base(f))
		}
		say("kernel %s %s", words(append(kernel, ipxe(i.Args))...), fail)
		for _, f := range i.Initrds {
			say("initrd --name %s %s %s", path.Base(f), f, fail)
		}
	}
	say("boot %s", fail)
}

// ipxe writes a text so that iPXE finds none of its own words in it: what parts commands, and the beginning of a
// setting. It has no quotes for either.
func ipxe(text string) string {
	parting := strings.NewReplacer("${", "$ {", "||", "| |", "&&", "& &")
	all := strings.Fields(parting.Replace(text))
	for i, word := range all {
		if word == ";" {
			all[i] = ","
		}
	}
	return strings.Join(all, " ")
}
