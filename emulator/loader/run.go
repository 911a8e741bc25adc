package loader

import (
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/syslinux"
)

// configure reads a configuration and the files it includes.
func (p *pxe) configure(text []byte) {
	p.c = syslinux.Parse(text, syslinux.Loader{
		Open:  p.open,
		Say:   func(line string) { p.say("%s", line) },
		Show:  func(keyword, name string) { p.open(name) },
		Retry: func(more int) { p.retry = more },
	})
	for _, dir := range p.c.Path {
		p.path = append([]string{dir}, p.path...) // the newest is searched first
	}
}

// run does what the configuration says: the prompt, or its command (syslinux com32/elflink/ldlinux/ldlinux.c).
func (p *pxe) run() {
	c := p.c
	if !c.Prompt && (c.HasUI || c.HasDefault) {
		p.command(c.Command())
	}
	if !c.Prompt && !c.HasUI && !c.HasDefault {
		p.say("No DEFAULT or UI configuration directive found!")
	}
	p.prompt()
}

// command runs a line from DEFAULT, UI or the prompt: a label with its own text and the words typed behind
// it, or a file.
func (p *pxe) command(line string) {
	word, rest := cutWord(line)
	if e := p.c.Find(word); e != nil {
		p.execute(e.Line(p.sysappend) + rest)
		return
	}
	if !p.c.Implicit {
		p.say("%s: no such label", word)
		return
	}
	p.implicit(word, rest)
}

// implicit runs a file that no label names. If its name does not say what it is, the known extensions are
// tried first (seen on the wire of a real boot).
func (p *pxe) implicit(word, rest string) {
	if kernelType(word) != "linux" {
		p.execute(word + rest)
		return
	}
	for _, ext := range []string{".c32", ".img", ".bss", ".bin", ".bs", ".0"} {
		if _, ok := p.open(word + ext); ok {
			p.execute(word + ext + rest)
			return
		}
	}
	p.execute(word + rest)
}

// kernelType guesses by the extension, as KERNEL does.
func kernelType(name string) string {
	for _, t := range []struct{ ext, typ string }{
		{".c32", "com32"}, {".img", "fdimage"}, {".bss", "bss"}, {".bin", "boot"}, {".bs", "boot"}, {".0", "pxe"},
		{".com", "comboot"}, {".cbt", "comboot"},
	} {
		if strings.HasSuffix(name, t.ext) {
			return t.typ
		}
	}
	return "linux"
}

// execute runs a command line: [.type] file arguments.
func (p *pxe) execute(line string) {
	file, rest := cutWord(line)
	typ := kernelType(file)
	if strings.HasPrefix(file, ".") && isType(file[1:]) {
		typ = file[1:]
		file, rest = cutWord(strings.TrimLeft(rest, " \t"))
		if typ == "kernel" {
			typ = kernelType(file)
		}
	}
	args := strings.TrimLeft(rest, " \t")
	switch typ {
	case "com32":
		if !strings.HasSuffix(file, ".c32") {
			file += ".c32"
		}
		p.module(file, args)
	case "linux":
		p.linux(file, args)
	case "localboot":
		p.say("Booting from local disk...")
		p.end(Outcome{Handoff: &Handoff{Kind: "local"}})
	case "config":
		p.restart(file, args)
	case "pxe", "boot":
		p.chain(file)
	default:
		if _, ok := p.open(file); !ok {
			p.broken("Could not find kernel image: "+file, "")
		}
		p.fail("the scripted pxelinux does not run "+typ+" images", file)
	}
}

// chain leaves for another NBP, which finds the packets that pxelinux found (syslinux core/pxelinux.asm, pxe_boot).
func (p *pxe) chain(file string) {
	content, ok := p.open(file)
	if !ok {
		p.broken("Could not find kernel image: "+file, file+" is not there")
	}
	if p.lwip {
		p.fail("the machine hangs", "lpxelinux 6.04 on an iPXE fetches another boot program, and that does not start: use pxelinux.0")
	}
	at, _ := p.locate(file)
	h := *p.Handover
	h.Program, h.Name = content, at.path
	p.end(Outcome{Chain: &h})
}

func isType(s string) bool {
	switch s {
	case "localboot", "kernel", "linux", "boot", "bss", "pxe", "fdimage", "comboot", "com32", "config":
		return true
	}
	return false
}

// restart is CONFIG: pxelinux 6 unloads and fetches ldlinux.c32 again, then reads the other file.
func (p *pxe) restart(name, dir string) {
	if p.version >= 5 && !p.core("ldlinux.c32") {
		p.fail("Failed to load ldlinux.c32", "it was there before CONFIG "+name)
	}
	content, ok := p.open(name)
	if !ok {
		p.say("WARNING: No configuration file found")
		p.prompt()
	}
	if dir != "" {
		if p.cwd += dir; urlType(dir) != suffix {
			p.cwd = dir
		}
	}
	p.found = name
	p.configure(content)
	p.run()
}

// broken is a boot that failed: pxelinux runs ONERROR, once, and else asks for another command. A scripted
// machine has nobody to answer, so that is its end.
func (p *pxe) broken(text, cause string) {
	if p.c != nil && p.c.OnError != "" && !p.onError {
		p.onError = true
		p.say("%s", text)
		p.command(p.c.OnError + " " + p.c.Command())
	}
	p.fail(text, cause)
}

// prompt is boot: with its timeouts; keys are typed on a US keyboard.
func (p *pxe) prompt() {
	p.say("boot:")
	line, pressed := "", false
	started := p.now
	for {
		k := p.key(p.promptEnd(started, pressed))
		switch {
		case k == "" && p.c.OnTimeout != "":
			p.command(p.c.OnTimeout)
			line = ""
		case k == "", k == "ret" && line == "":
			p.command(p.c.Command())
			line = ""
		case k == "ret":
			p.command(p.allowed(line))
			line = ""
		case k == "backspace" && line != "":
			line = line[:len(line)-1]
		default:
			line += typed(k)
		}
		pressed = true
	}
}

// allowed is a typed line without the words behind its first one where ALLOWOPTIONS 0 says so (ldlinux.c).
func (p *pxe) allowed(line string) string {
	if word, _ := cutWord(line); !p.c.Root.AllowEdit {
		return word
	}
	return line
}

// promptEnd is when the prompt stops waiting: TIMEOUT until the first key, TOTALTIMEOUT always.
func (p *pxe) promptEnd(started time.Time, pressed bool) (end time.Time) {
	if t := p.c.TotalTimeout; t > 0 {
		end = started.Add(time.Duration(t) * time.Second / 10)
	}
	if t := p.c.Timeout; t > 0 && !pressed {
		if at := p.now.Add(time.Duration(t) * time.Second / 10); end.IsZero() || at.Before(end) {
			end = at
		}
	}
	return end
}

// typed is the character of a key, "" for keys that have none.
func typed(key string) string {
	if len(key) == 1 {
		return key
	}
	return map[string]string{"spc": " ", "dot": ".", "slash": "/", "minus": "-", "equal": "=", "comma": ","}[key]
}

func cutWord(s string) (word, rest string) {
	for i := range len(s) {
		if s[i] <= ' ' {
			return s[:i], s[i:]
		}
	}
	return s, ""
}
