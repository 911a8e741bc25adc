package menu

import (
	"slices"
	"strings"
)

// BootCfg is the boot.cfg of an ESXi medium for the network: its files are named from the root of the disc, and mboot
// puts prefix before each name (VMware, "About the boot.cfg file"). args are added to the kernel's; that it boots from
// a disc is left out of them.
func BootCfg(disc, prefix, args string) string {
	var b strings.Builder
	said := map[string]bool{}
	say := func(key, value string) {
		said[key] = true
		b.WriteString(key + "=" + value + "\n")
	}
	for text := range strings.Lines(disc) {
		key, value, setting := strings.Cut(strings.TrimRight(text, "\r\n"), "=")
		switch {
		case !setting:
			b.WriteString(line(key) + "\n")
		case key == "prefix":
		case key == "kernel":
			say("prefix", prefix)
			say(key, strings.TrimLeft(value, "/"))
		case key == "modules":
			say(key, relative(value))
		case key == "kernelopt":
			say(key, options(value, args))
		default:
			say(key, value)
		}
	}
	if !said["prefix"] {
		say("prefix", prefix)
	}
	if !said["kernelopt"] && args != "" {
		say("kernelopt", args)
	}
	return b.String()
}

// options are those of the disc but that it boots from one, and those that are added to them, each once.
func options(disc, args string) string {
	all := slices.DeleteFunc(strings.Fields(disc), func(word string) bool { return word == "cdromBoot" })
	for word := range strings.FieldsSeq(args) {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return words(all...)
}

// relative takes the slash off each name of a list.
func relative(modules string) string {
	all := strings.Split(modules, "---")
	for i, m := range all {
		all[i] = strings.TrimLeft(strings.TrimSpace(m), "/")
	}
	return strings.Join(all, " --- ")
}
