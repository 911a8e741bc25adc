package syslinux

import "strings"

// A Loader reads a configuration: keywords that act at once call it as they are met.
type Loader struct {
	Open  func(name string) (content []byte, ok bool) // INCLUDE
	Say   func(line string)                           // SAY
	Show  func(keyword, name string)                  // DISPLAY, FONT, KBDMAP
	Retry func(more int)                              // PXERETRY: from here on ask so often again
}

// maxInclude stops a file that includes itself. The real program runs out of stack somewhere.
const maxInclude = 32

// A parser is the state that includes share: they act as if the files were one.
type parser struct {
	by    Loader
	c     *Config
	menu  *Menu  // where entries go
	label *Entry // being read; nil outside
	depth int
	lines int // a bound on what one configuration may cost
}

// maxLines bounds the lines of all includes together.
const maxLines = 1 << 16

// Parse reads a configuration that has been fetched already.
func Parse(text []byte, by Loader) *Config {
	c := &Config{Implicit: true}
	c.Root = &Menu{Tag: ".top", Rows: 12, AllowEdit: true}
	c.Hidden = &Menu{Tag: ".hidden", Rows: 12}
	c.Start, c.menus = c.Root, []*Menu{c.Root, c.Hidden}
	p := &parser{by: by, c: c, menu: c.Root}
	p.file(string(text))
	p.record()
	p.finish()
	return c
}

// file reads one file's lines.
func (p *parser) file(text string) {
	for text != "" && p.lines < maxLines {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line, _, _ = strings.Cut(line, "\r")
		p.lines++
		key, arg := keyword(line)
		switch key {
		case "text":
			text = p.text(arg, text)
		case "menu":
			p.menuLine(arg)
		default:
			p.line(key, arg)
		}
	}
}

// text takes the lines up to ENDTEXT.
func (p *parser) text(what, rest string) string {
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if key, _ := keyword(line); key == "endtext" {
			break
		}
		if key, _ := keyword(what); key == "help" && p.label != nil {
			p.label.Help += line + "\n"
		}
	}
	return rest
}

// line acts on a keyword that is not MENU or TEXT.
func (p *parser) line(key, arg string) {
	if p.global(key, arg) || p.entry(key, arg) {
		return
	}
	switch key {
	case "include":
		name, _ := firstWord(arg)
		p.include(name)
	case "say":
		if p.by.Say != nil {
			p.by.Say(arg)
		}
	case "display", "font", "kbdmap":
		if p.by.Show != nil {
			name, _ := firstWord(arg)
			p.by.Show(key, name)
		}
	case "path":
		for dir := range strings.SplitSeq(arg, ":") {
			if dir != "" {
				p.c.Path = append(p.c.Path, dir)
			}
		}
	default:
		p.functionKey(key, arg)
	}
}

// functionKey takes F1 to F12; F0 is F11, as it always was.
func (p *parser) functionKey(key, arg string) {
	if len(key) < 2 || key[0] != 'f' || strings.Trim(key[1:], "0123456789") != "" {
		return
	}
	n := atoi(key[1:])
	if n == 0 {
		n = 11
	}
	if n <= 12 {
		p.menu.Help[n-1], _ = firstWord(arg)
	}
}

func (p *parser) include(name string) {
	if p.by.Open == nil || p.depth >= maxInclude {
		return
	}
	if content, ok := p.by.Open(name); ok {
		p.depth++
		p.file(string(content))
		p.depth--
	}
}

// global takes the keywords that mean the same wherever they stand.
func (p *parser) global(key, arg string) bool {
	c := p.c
	switch key {
	case "default":
		c.Default, c.HasDefault = arg, true
	case "ui":
		c.UI, c.HasUI = arg, true
	case "prompt":
		c.Prompt = atoi(arg) != 0
	case "noescape":
		c.NoEscape = atoi(arg) != 0
	case "implicit":
		c.Implicit = atoi(arg) != 0
	case "allowoptions":
		p.menu.AllowEdit = atoi(arg) != 0
	case "timeout":
		c.Timeout, p.menu.Timeout = atoi(arg), atoi(arg)
	case "totaltimeout":
		c.TotalTimeout = atoi(arg)
	case "ontimeout":
		c.OnTimeout, p.menu.OnTimeout = arg, arg
	case "onerror":
		c.OnError, p.menu.OnError = arg, arg
	case "pxeretry":
		if p.by.Retry != nil {
			p.by.Retry(max(0, min(atoi(arg), 1<<16-1)))
		}
	default:
		return false
	}
	return true
}
