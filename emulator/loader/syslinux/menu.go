package syslinux

// menuLine takes a MENU line. Colours and most of the layout change nothing a client can be seen to do.
func (p *parser) menuLine(rest string) {
	key, arg := keyword(rest)
	m, e := p.menu, p.label
	if e != nil && p.labelMenu(key, arg, e) {
		return
	}
	switch key {
	case "label":
		if m.inParent != nil {
			m.inParent.setDisplay(arg)
			if m.Title == "" {
				m.Title = m.inParent.Display
			}
		}
	case "title":
		m.Title = arg
		if m.inParent != nil && m.inParent.Display == m.Tag {
			m.inParent.Display = arg
		}
	case "default":
		if m.inParent != nil {
			m.Parent.DefaultItem = m.inParent.index
		}
	case "passwd":
		if m.inParent != nil {
			m.inParent.Passwd = arg
		}
	case "include":
		p.menuInclude(arg)
	case "background":
		m.Background, _ = firstWord(arg)
	case "rows":
		m.Rows = atoi(arg)
	case "hidden":
		p.c.HiddenMenu = true
	case "onerror":
		p.c.OnError, m.OnError = arg, arg
	case "separator":
		p.record()
		p.add(m, &Entry{Action: Disabled})
	case "begin":
		p.begin(arg)
	case "end":
		p.end()
	case "start":
		p.c.Start = m
	}
}

// labelMenu takes the MENU lines that belong to the entry being read.
func (p *parser) labelMenu(key, arg string, e *Entry) bool {
	switch key {
	case "label":
		e.setDisplay(arg)
	case "default":
		e.isDefault = true
	case "hide":
		e.hide = true
	case "passwd":
		e.Passwd = arg
	case "disable", "disabled":
		e.disabled = true
	case "quit":
		e.Action = Quit
	case "goto":
		e.goTo = arg
	case "exit":
		switch {
		case p.menu.Parent == nil:
		case arg != "":
			e.goTo = arg
		default:
			e.Action, e.Target = Goto, p.menu.Parent
		}
	case "indent", "save", "nosave":
	default:
		return false
	}
	return true
}

// menuInclude is MENU INCLUDE file [tag]: with a tag the file fills a submenu.
func (p *parser) menuInclude(arg string) {
	name, rest := firstWord(arg)
	tag := skipSpace(rest)
	if p.by.Open == nil || p.depth >= maxInclude {
		return
	}
	content, ok := p.by.Open(name)
	if !ok {
		return
	}
	if tag != "" {
		p.begin(tag)
	}
	p.depth++
	p.file(string(content))
	p.depth--
	if tag != "" {
		p.end()
	}
}

// begin opens a submenu that starts with its parent's settings.
func (p *parser) begin(tag string) {
	p.record()
	parent := p.menu
	e := &Entry{Display: tag, Action: Submenu}
	p.add(parent, e)
	m := &Menu{
		Tag: tag, Background: parent.Background, Rows: parent.Rows, Timeout: parent.Timeout, OnTimeout: parent.OnTimeout,
		OnError: parent.OnError, AllowEdit: parent.AllowEdit, Help: parent.Help, Parent: parent, inParent: e,
	}
	e.Target = m
	p.c.menus = append(p.c.menus, m)
	p.menu = m
}

func (p *parser) end() {
	p.record()
	if p.menu.Parent != nil {
		p.menu = p.menu.Parent
	}
}
