// Package syslinux answers: what does a configuration of pxelinux send a machine to, and in which line?
//
// It reads the language as pxelinux itself and its menus do (syslinux, com32/elflink/ldlinux/readconfig.c and
// com32/menu/readconfig.c), and keeps only what names a file or decides which is loaded.
//
// # Limitations
//
// Menus are not built: which entry is on which screen, colours and hot keys are left out.
package syslinux

// A Value is what follows a keyword, and where. Its zero value stands for a keyword that is not there.
type Value struct {
	Text string
	Rule string // file:line
}

// Set tells whether the keyword is there.
func (v Value) Set() bool { return v.Rule != "" }

// Cut is the first word and the rest of the text, without the space between.
func (v Value) Cut() (word Value, rest string) {
	first, rest := firstWord(v.Text)
	return Value{first, v.Rule}, skipSpace(rest)
}

// A Config is what a file says with those it includes.
type Config struct {
	Default   Value // a label or a command; a UI takes its place
	UI        Value
	OnTimeout Value
	OnError   Value
	Prompt    bool // boot: is always shown
	Labelled  bool // IMPLICIT 0: only labels are commands
	Path      []string
	Entries   []Entry
	Shown     []Value // files of DISPLAY, FONT, KBDMAP, F1 to F12 and MENU BACKGROUND
}

// Command is what runs without a key.
func (c *Config) Command() Value {
	if c.UI.Set() {
		return c.UI
	}
	return c.Default
}

// Has tells whether an entry has the label. Labels are compared letter by letter.
func (c *Config) Has(label string) bool {
	for _, e := range c.Entries {
		if e.Label.Text == label {
			return true
		}
	}
	return false
}

// An Entry is a LABEL that boots something.
type Entry struct {
	Label  Value
	Type   string // the keyword, lower case: "kernel", "linux", "com32", "localboot", "config" and so on
	Kernel Value  // what follows it; not set: the label names the file
	Append Value  // its own, else the APPEND for all; "-" is made empty
	Initrd Value
}

// Command is the file of an entry and the words for it, as they are glued together.
func (e Entry) Command() (file Value, args string) {
	line := e.Kernel
	if !line.Set() {
		line = e.Label
	}
	file, args = line.Cut()
	if e.Append.Text != "" {
		args += " " + e.Append.Text
	}
	return file, args
}
