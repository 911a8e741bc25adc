package syslinux

import (
	"fmt"
	"strings"
)

// Bounds on what one configuration may cost: a file that includes itself would run pxelinux out of memory.
const (
	maxDepth = 16
	maxFiles = 1000
	maxLines = 1 << 16
)

// A File is one that was read: its name, as lines of it are called, and its text.
type File struct {
	Name string
	Text []byte
}

// A parser is the state that includes share: they act as if the files were one.
type parser struct {
	c       *Config
	include func(Value) (File, bool)
	entry   *Entry // being read; nil outside
	idle    bool   // the entry only moves about in the menu
	global  Value  // APPEND outside of entries
	depth   int
	files   int // that were included
	lines   int
}

// Parse reads a configuration. include gives a file that a line of it names; one that is not there is
// passed over, as pxelinux does.
func Parse(f File, include func(Value) (File, bool)) *Config {
	p := &parser{c: &Config{}, include: include}
	p.file(f)
	p.record()
	return p.c
}

func (p *parser) file(f File) {
	text := false // between TEXT and ENDTEXT
	number := 0
	for line := range strings.Lines(string(f.Text)) {
		if p.lines++; p.lines > maxLines {
			return
		}
		number++
		key, arg := keyword(line)
		switch v := (Value{arg, fmt.Sprintf("%s:%d", f.Name, number)}); {
		case text:
			text = key != "endtext"
		case key == "text":
			text = true
		case key == "menu":
			p.menu(v)
		case key == "include":
			p.includes(v)
		default:
			p.line(key, v)
		}
	}
}

func (p *parser) includes(v Value) {
	name, _ := v.Cut()
	if p.depth >= maxDepth || p.files >= maxFiles || name.Text == "" {
		return
	}
	p.files++
	if f, ok := p.include(name); ok {
		p.depth++
		p.file(f)
		p.depth--
	}
}

// line takes a keyword that is not MENU, TEXT or INCLUDE.
func (p *parser) line(key string, v Value) {
	c := p.c
	switch key {
	case "default":
		c.Default = v
	case "ui":
		c.UI = v
	case "ontimeout":
		c.OnTimeout = v
	case "onerror":
		c.OnError = v
	case "prompt":
		c.Prompt = on(v.Text)
	case "implicit":
		c.Labelled = !on(v.Text)
	case "path":
		for dir := range strings.SplitSeq(v.Text, ":") {
			if dir != "" {
				c.Path = append(c.Path, dir)
			}
		}
	case "display", "font", "kbdmap", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f0":
		p.show(v)
	case "append":
		p.text(v)
	default:
		p.label(key, v)
	}
}

func (p *parser) show(v Value) {
	if name, _ := v.Cut(); name.Text != "" {
		p.c.Shown = append(p.c.Shown, name)
	}
}

// text is APPEND, for an entry or for all that have none; "-" is for an entry that wants none.
func (p *parser) text(v Value) {
	if v.Text == "-" {
		v.Text = ""
	}
	if p.entry == nil {
		p.global = v
		return
	}
	p.entry.Append = v
}

// label takes LABEL and the keywords that describe one.
func (p *parser) label(key string, v Value) {
	switch key {
	case "label":
		p.record()
		name, _ := v.Cut()
		p.entry = &Entry{Label: name, Type: "kernel"}
	case "initrd":
		if p.entry != nil {
			p.entry.Initrd = v
		}
	case "kernel", "linux", "boot", "bss", "pxe", "fdimage", "comboot", "com32", "config", "localboot":
		if p.entry != nil {
			p.entry.Type, p.entry.Kernel = key, v
		}
	}
}

// menu takes the MENU lines that name a file, or that end an entry or make it boot nothing.
func (p *parser) menu(v Value) {
	key, arg := keyword(v.Text)
	v.Text = arg
	switch key {
	case "background":
		if !strings.HasPrefix(arg, "#") { // a colour
			p.show(v)
		}
	case "include":
		p.includes(v)
	case "begin", "end", "separator":
		p.record()
	case "exit", "quit", "goto", "disable", "disabled":
		p.idle = true
	}
}

// record ends the entry that is being read.
func (p *parser) record() {
	e, idle := p.entry, p.idle
	p.entry, p.idle = nil, false
	if e == nil || idle {
		return
	}
	if !e.Append.Set() {
		e.Append = p.global
	}
	p.c.Entries = append(p.c.Entries, *e)
}
