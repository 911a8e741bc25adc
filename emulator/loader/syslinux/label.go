package syslinux

import "strings"

// entry takes LABEL and the keywords that describe one.
func (p *parser) entry(key, arg string) bool {
	e := p.label
	switch key {
	case "label":
		p.record()
		name, _ := firstWord(arg)
		p.label = &Entry{Label: name, Kernel: name, Type: "kernel", SysAppend: p.c.SysAppend}
	case "append":
		if e == nil {
			p.c.Append = arg
			break
		}
		e.Append, e.hasAppend = arg, true
	case "initrd":
		if e != nil {
			e.Initrd = arg
		}
	case "ipappend", "sysappend":
		if e == nil {
			p.c.SysAppend = mask(arg)
			break
		}
		e.SysAppend = mask(arg)
	case "kernel", "linux", "boot", "bss", "pxe", "fdimage", "comboot", "com32", "config", "localboot":
		if e != nil {
			e.Type, e.Kernel = key, arg
		}
	default:
		return false
	}
	return true
}

// record ends the entry being read and puts it into its menu.
func (p *parser) record() {
	e := p.label
	p.label = nil
	if e == nil {
		return
	}
	if e.Display == "" {
		e.Display = e.Label
	}
	if e.disabled {
		e.Action, e.Label = Disabled, ""
	}
	if !e.hasAppend {
		e.Append = p.c.Append // as it is now: a later global APPEND serves later entries
	}
	m := p.menu
	if e.hide {
		m = p.c.Hidden
	}
	p.add(m, e)
	if e.isDefault && e.Action == Run {
		m.DefaultItem = e.index
	}
}

// add appends an entry to a menu.
func (p *parser) add(m *Menu, e *Entry) {
	e.menu, e.index = m, len(m.Entries)
	m.Entries = append(m.Entries, e)
	p.c.Entries = append(p.c.Entries, e)
}

// setDisplay takes a menu text: the letter behind a caret is its hotkey.
func (e *Entry) setDisplay(text string) {
	if i := strings.IndexByte(text, '^'); i >= 0 && i+1 < len(text) && e.Hotkey == 0 {
		e.Hotkey = strings.ToLower(text)[i+1]
	}
	e.Display = strings.ReplaceAll(text, "^", "")
}

// finish resolves what could only be known at the end: gotos, and the DEFAULT that names a label.
func (p *parser) finish() {
	for _, e := range p.c.Entries {
		if e.goTo == "" {
			continue
		}
		e.Action = Disabled
		for _, m := range p.c.menus {
			if m.Tag == e.goTo {
				e.Action, e.Target = Goto, m
			}
		}
	}
	word, _ := firstWord(p.c.Default)
	if e := p.c.Find(word); e != nil && e.menu != p.c.Hidden {
		e.menu.DefaultItem = e.index
		p.c.Start = e.menu
	}
}
