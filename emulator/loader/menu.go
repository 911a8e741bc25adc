package loader

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/syslinux"
)

// A menuView is menu.c32 or vesamenu.c32 at work (syslinux com32/menu/menumain.c).
type menuView struct {
	*pxe
	c          *syslinux.Config
	m          *syslinux.Menu
	entry      int
	cursors    map[*syslinux.Menu]int // where each menu was left
	graphics   bool
	background string
	patience   time.Duration // TIMEOUT, until a key other than Enter moves the cursor
	deadline   time.Time     // TOTALTIMEOUT
}

// menu reads the configuration once more, from the file in use or those named, and lets the user choose.
func (p *pxe) menu(graphics bool, files []string) {
	if len(files) == 0 {
		files = []string{p.found}
	}
	var text []byte
	for _, name := range files {
		if name == "~" {
			name = p.found
		}
		content, _ := p.open(name)
		text = append(append(text, content...), '\n')
	}
	v := &menuView{pxe: p, graphics: graphics, cursors: map[*syslinux.Menu]int{}}
	v.c = syslinux.Parse(text, syslinux.Loader{Open: p.open})
	if len(v.c.Root.Entries) == 0 {
		p.broken("Initial menu has no LABEL entries!", "the menu of "+p.found+" is empty")
	}
	p.c = v.c
	if t := v.c.TotalTimeout; t > 0 {
		v.deadline = p.now.Add(time.Duration(t) * time.Second / 10)
	}
	v.patience = time.Duration(v.c.Start.Timeout) * time.Second / 10
	v.show(v.c.Start)
	if line, ok := v.choose(); ok {
		p.execute(line)
	}
}

// show opens a menu where it was left, at first at its default entry. Only the graphical menu has a background, and a colour is not a
// file.
func (v *menuView) show(m *syslinux.Menu) {
	if v.m != nil {
		v.cursors[v.m] = v.entry
	}
	v.m, v.entry = m, m.DefaultItem
	if at, ok := v.cursors[m]; ok {
		v.entry = at
	}
	if b := m.Background; v.graphics && b != v.background {
		if b != "" && !strings.HasPrefix(b, "#") {
			v.open(b)
		}
		v.background = b
	}
	v.skip(1)
	v.say("%s", m.Title)
	for _, e := range m.Entries {
		if e.Display != "" {
			v.say("  %s", e.Display)
		}
	}
}

// choose waits for keys until a command is chosen; false when the menu was left.
func (v *menuView) choose() (line string, ok bool) {
	for {
		k := v.key(v.until())
		if k == "" {
			return v.timeout(), true
		}
		if k == "ret" {
			if line, done := v.enter(); done {
				return line, line != ""
			}
			continue
		}
		if k == "esc" {
			if v.m.Parent == nil {
				return "", false
			}
			v.show(v.m.Parent)
			continue
		}
		v.move(k)
	}
}

// until is when the menu chooses by itself; zero for never.
func (v *menuView) until() (t time.Time) {
	if v.patience > 0 {
		t = v.now.Add(v.patience)
	}
	if !v.deadline.IsZero() && (t.IsZero() || v.deadline.Before(t)) {
		t = v.deadline
	}
	return t
}

// timeout is ONTIMEOUT, a label or a command, else the default entry.
func (v *menuView) timeout() string {
	if cmd := v.m.OnTimeout; cmd != "" {
		word, rest := cutWord(cmd)
		if e := v.c.Find(word); e != nil {
			return e.Line(v.sysappend) + rest
		}
		return cmd
	}
	return v.m.Entries[v.m.DefaultItem].Line(v.sysappend)
}

// enter acts on the entry under the cursor; done when that ends the menu.
func (v *menuView) enter() (line string, done bool) {
	v.patience = 0
	switch e := v.m.Entries[v.entry]; e.Action {
	case syslinux.Run:
		return e.Line(v.sysappend), true
	case syslinux.Submenu, syslinux.Goto:
		v.show(e.Target)
	case syslinux.Quit:
		return "", true
	}
	return "", false
}

// move is every other key: the cursor, a hotkey, a help screen.
func (v *menuView) move(k string) {
	n := len(v.m.Entries)
	switch k {
	case "up":
		v.entry--
		v.skip(-1)
	case "down":
		v.entry++
		v.skip(1)
	case "home":
		v.entry = 0
		v.skip(1)
	case "end":
		v.entry = n - 1
		v.skip(-1)
	case "pgup":
		v.entry -= v.m.Rows
		v.skip(-1)
	case "pgdn":
		v.entry += v.m.Rows
		v.skip(1)
	default:
		v.hotkey(k)
	}
	if v.entry != v.m.DefaultItem {
		v.patience = 0 // moving the cursor cancels the timeout
	}
}

// skip steps over what cannot be chosen, in direction d and then back.
func (v *menuView) skip(d int) {
	last := len(v.m.Entries) - 1
	for range 2 {
		v.entry = max(0, min(v.entry, last))
		for v.entry >= 0 && v.entry <= last && v.m.Entries[v.entry].Action == syslinux.Disabled {
			v.entry += d
		}
		if v.entry >= 0 && v.entry <= last {
			return
		}
		d = -d
	}
	v.entry = max(0, min(v.entry, last))
}

func (v *menuView) hotkey(k string) {
	for i, name := range []string{"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12"} {
		if k == name && v.m.Help[i] != "" {
			v.open(v.m.Help[i])
		}
	}
	for i, e := range v.m.Entries {
		if len(k) == 1 && e.Hotkey == k[0] && e.Action != syslinux.Disabled {
			v.entry = i
			return
		}
	}
}
