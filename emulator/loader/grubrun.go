package loader

import (
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/grub"
)

// run runs a text; one that is wrong says so, and is left.
func (p *gnu) run(text string) {
	list, err := grub.Parse(text)
	if err != nil {
		p.say("error: %s.", err)
		p.fail("error: syntax error.", err.Error())
	}
	p.list(list)
}

func (p *gnu) list(all []grub.Statement) {
	if p.depth++; p.depth > maxDepth {
		p.fail("GRUB runs out of stack", "functions and files call each other, "+strconv.Itoa(maxDepth)+" deep")
	}
	defer func() { p.depth-- }()
	for _, s := range all {
		if p.broke {
			return
		}
		p.statement(s)
	}
}

func (p *gnu) statement(s grub.Statement) {
	if p.idle++; p.idle > maxIdle {
		p.fail("the script runs in a circle", strconv.Itoa(maxIdle)+" commands, and nothing waited for")
	}
	switch s := s.(type) {
	case *grub.Command:
		p.command(s)
	case *grub.If:
		p.branch(s)
	case *grub.Loop:
		for p.holds(s.If) != s.Until && !p.broke {
			p.idle++
			p.list(s.Body)
		}
		p.broke = false
	case *grub.For:
		for _, word := range grub.Expand(s.Words, p.values) {
			p.vars[s.Name] = word
			p.list(s.Body)
		}
		p.broke = false
	case *grub.Function:
		p.functions[s.Name], p.status = s.Body, 0
	}
}

func (p *gnu) holds(list []grub.Statement) bool {
	p.list(list)
	return p.status == 0
}

func (p *gnu) branch(s *grub.If) {
	for _, arm := range s.Arms {
		if arm.If == nil || p.holds(arm.If) {
			p.status = 0
			p.list(arm.Then)
			return
		}
	}
	p.status = 0
}

// values are those of a variable: several for $@ alone.
func (p *gnu) values(name string) []string {
	switch name {
	case "?":
		return []string{strconv.Itoa(p.status)}
	case "#":
		return []string{strconv.Itoa(len(p.args))}
	case "@":
		return p.args
	case "*":
		return []string{strings.Join(p.args, " ")}
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n >= 1 && n <= len(p.args) {
			return []string{p.args[n-1]}
		}
		return []string{""}
	}
	return []string{p.vars[name]}
}

// command runs a command, a function, or an assignment.
func (p *gnu) command(c *grub.Command) {
	words := grub.Expand(c.Words, p.values)
	if len(words) == 0 {
		return
	}
	if c.Block != nil {
		p.entry(words, c.Block)
		return
	}
	p.status = p.call(words)
	if c.Not {
		p.status = map[bool]int{true: 1, false: 0}[p.status == 0]
	}
}

func (p *gnu) call(words []string) int {
	name := words[0]
	if body, ok := p.functions[name]; ok {
		outer := p.args
		p.args = words[1:]
		p.list(body)
		p.args, p.broke = outer, false
		return p.status
	}
	if key, value, ok := strings.Cut(name, "="); ok && len(words) == 1 {
		p.vars[key] = value
		return 0
	}
	c, known := p.commands[name]
	if known && !p.there(name, c) {
		known = false
	}
	if !known {
		if c.run == nil && p.autoload[name] != "" {
			p.fail("the scripted GRUB has no command "+name, "module "+p.autoload[name]+" of the tree has it")
		}
		p.say("error: can't find command `%s'.", name)
		return 1
	}
	return c.run(p, words[1:])
}

// there tells whether a command's module is in the core, or can be loaded: command.lst names those that can.
func (p *gnu) there(name string, c grubCommand) bool {
	if c.module == "" || p.core.modules[c.module] {
		return true
	}
	module := p.autoload[name]
	return module != "" && p.insmod(module)
}

// insmod loads a module, after those that it needs (kern/dl.c).
func (p *gnu) insmod(name string) bool {
	if p.core.modules[name] {
		return true
	}
	content, err := p.openFile(p.vars["prefix"] + "/x86_64-efi/" + name + ".mod")
	if err != nil {
		p.say("%s.", err)
		return false
	}
	p.core.modules[name] = true
	_, needs := readModule(content)
	for _, other := range needs {
		if !p.insmod(other) {
			return false
		}
	}
	return true
}
