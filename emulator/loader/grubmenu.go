package loader

import (
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/grub"
)

// A grubEntry is a menuentry or a submenu.
type grubEntry struct {
	title, id string
	args      []string
	submenu   bool
	body      []grub.Statement
}

// entry takes menuentry and submenu (commands/menuentry.c).
func (p *gnu) entry(words []string, body []grub.Statement) {
	e := &grubEntry{submenu: words[0] == "submenu", body: body}
	if words[0] != "menuentry" && !e.submenu {
		p.say("error: can't find command `%s'.", words[0])
		p.status = 1
		return
	}
	for rest := words[1:]; len(rest) > 0; rest = rest[1:] {
		switch word := rest[0]; {
		case len(rest) > 1 && word == "--id":
			e.id, rest = rest[1], rest[1:]
		case len(rest) > 1 && (word == "--class" || word == "--users" || word == "--hotkey" || word == "--source"):
			rest = rest[1:]
		case strings.HasPrefix(word, "--"):
			if id, ok := strings.CutPrefix(word, "--id="); ok {
				e.id = id
			}
		case e.title == "":
			e.title = word
		default:
			e.args = append(e.args, word)
		}
	}
	p.menu = append(p.menu, e)
	p.status = 0
}

// show waits at a menu until an entry boots; Esc leaves a submenu (normal/menu.c).
func (p *gnu) show(menu []*grubEntry) {
	at, inner := p.first(menu, p.vars["default"])
	wait, timed := p.timeout()
	for {
		p.say("GNU GRUB")
		for i, e := range menu {
			p.say("%s%s", map[bool]string{true: "*", false: " "}[i == at], e.title)
		}
		chosen, ok := p.choose(len(menu), &at, wait, timed)
		if !ok {
			return
		}
		timed = false // it counts once
		p.boots(menu[chosen], inner)
		p.say("Press any key to continue...")
	}
}

// first is the entry that "default" names, by its number, its title or its id, and what that names within it.
func (p *gnu) first(menu []*grubEntry, name string) (at int, inner string) {
	name, inner, _ = strings.Cut(name, ">")
	for i, e := range menu {
		if name != "" && (name == e.id || name == e.title) {
			return i, inner
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(menu) {
		return n, inner
	}
	return 0, inner
}

// timeout is how long a menu waits; not timed: for ever.
func (p *gnu) timeout() (time.Duration, bool) {
	n, err := strconv.Atoi(p.vars["timeout"])
	return time.Duration(n) * time.Second, err == nil && n >= 0
}

// choose moves the mark until an entry is chosen; false: the menu was left.
func (p *gnu) choose(entries int, at *int, wait time.Duration, timed bool) (int, bool) {
	var until time.Time
	if timed {
		until = p.now.Add(wait)
		if wait == 0 {
			return *at, true
		}
	}
	for {
		p.idle = 0
		switch k := p.key(until); k {
		case "", "ret", "right":
			return *at, true
		case "esc":
			return 0, false
		case "up":
			*at = max(*at-1, 0)
		case "down":
			*at = min(*at+1, entries-1)
		case "home":
			*at = 0
		case "end":
			*at = entries - 1
		case "c", "e":
			p.fail("grub>", "the key "+k+" opens what somebody must answer")
		}
		until = time.Time{} // any key ends the countdown
	}
}

// boots runs an entry, and boots what it loaded.
func (p *gnu) boots(e *grubEntry, inner string) {
	p.vars["chosen"] = e.title
	p.args, p.broke = e.args, false
	if e.submenu {
		outer := p.menu
		p.menu = nil
		p.list(e.body)
		entries := p.menu
		p.menu = outer
		p.vars["default"] = inner
		if len(entries) > 0 {
			p.show(entries)
		}
		return
	}
	p.say("  Booting `%s'", e.title)
	p.list(e.body)
	if p.kernel != nil || p.program != nil {
		p.boot(nil)
	}
}
