// Package esxi answers: which files does a boot.cfg of ESXi's mboot name, and in which line?
//
// The language is that of github.com/vmware/esx-boot (mboot/config.c): KEY=VALUE, and lists with --- between.
package esxi

import (
	"fmt"
	"strings"
)

// A Config is a boot.cfg, as far as it names files.
type Config struct {
	Kernel  Value
	Modules []Value
	Prefix  Value // where relative names begin; not set: beside the boot.cfg
}

// A Value is a name, and where it stands.
type Value struct {
	Text string
	Rule string // file:line; "": it does not stand there
}

// Parse reads a file that is called name. Of a key that is there twice the last counts.
func Parse(name string, text []byte) (c Config) {
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(key, "#") {
			continue
		}
		v := Value{strings.TrimSpace(value), fmt.Sprintf("%s:%d", name, number)}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "kernel":
			c.Kernel = v
		case "prefix":
			c.Prefix = v
		case "modules":
			c.Modules = modules(v)
		}
	}
	return c
}

// modules are the first words between the dashes; the others are their arguments.
func modules(list Value) (all []Value) {
	for item := range strings.SplitSeq(list.Text, "---") {
		if words := strings.Fields(item); len(words) > 0 {
			all = append(all, Value{words[0], list.Rule})
		}
	}
	return all
}
