package loader

import (
	"slices"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
)

// choices are a menu of a script's.
type choices struct {
	title string
	items []choice
	first string // the label of the item with --default
}

// A choice without a label is a gap.
type choice struct{ label, text, key string }

// menu begins one, or deletes it (core/menu.c). The name is "" for the usual one.
func (p *shell) menu(given ipxe.Given, words []string) *trouble {
	if given.Has("delete") {
		delete(p.menus, given["name"])
		return nil
	}
	p.menus[given["name"]] = &choices{title: strings.Join(words, " ")}
	return nil
}

func (p *shell) item(given ipxe.Given, words []string) *trouble {
	m := p.menus[given["menu"]]
	if m == nil {
		return p.noMenu()
	}
	var c choice
	if len(words) > 0 && !given.Has("gap") {
		c.label, words = words[0], words[1:]
	}
	c.text, c.key = strings.Join(words, " "), given["key"]
	m.items = append(m.items, c)
	if given.Has("default") {
		m.first = c.label
	}
	return nil
}

func (p *shell) noMenu() *trouble {
	t := p.number("No such file or directory", 0x2d0c203b)
	t.cause = "there is no menu of that name"
	return t
}

// choose shows a menu and stores the label that is chosen (hci/tui/menu_ui.c).
func (p *shell) choose(given ipxe.Given, words []string) *trouble {
	m := p.menus[given["menu"]]
	timeout, t := p.milliseconds(given["timeout"])
	switch {
	case m == nil:
		return p.noMenu()
	case t != nil:
		return t
	}
	if !given.Has("keep") {
		delete(p.menus, given["menu"])
	}
	at := m.start(given["default"])
	if at < 0 {
		return p.noMenu()
	}
	p.say("%s", m.title)
	for _, c := range m.items {
		p.say("  %s", c.text)
	}
	for {
		k := p.keyWithin(timeout)
		timeout = 0 // any key ends it
		switch k {
		case "", "ret":
			return p.store(words[0], m.items[at].label)
		case "esc":
			return p.number("Operation canceled", 0x0b82e0a0)
		}
		if i := m.byKey(k); i >= 0 {
			return p.store(words[0], m.items[i].label)
		}
		at = m.move(at, k)
	}
}

// start is the item under the cursor at first: the default's, else the first that can be chosen.
func (m *choices) start(label string) int {
	for _, want := range []string{label, m.first} {
		if i := slices.IndexFunc(m.items, func(c choice) bool { return c.label == want && want != "" }); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(m.items, func(c choice) bool { return c.label != "" })
}

func (m *choices) byKey(k string) int {
	return slices.IndexFunc(m.items, func(c choice) bool { return c.label != "" && c.key != "" && pressed(k, c.key) })
}

// rows are how many items a page has.
const menuRows = 17

// move is where a key takes the cursor: over gaps, and not beyond the ends.
func (m *choices) move(at int, k string) int {
	steps := map[string]int{"up": -1, "down": 1, "pgup": -menuRows, "pgdn": menuRows, "home": -len(m.items), "end": len(m.items)}[k]
	d := 1
	if steps < 0 {
		d, steps = -1, -steps
	}
	for i := at + d; i >= 0 && i < len(m.items) && steps > 0; i += d {
		steps--
		if m.items[i].label != "" {
			at = i
			if steps <= 0 {
				break
			}
		} else if steps == 0 {
			steps = 1 // a gap is stepped over
		}
	}
	return at
}
