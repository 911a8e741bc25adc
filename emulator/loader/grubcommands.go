package loader

import (
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/grub"
)

// A grubCommand is a command, and the module that has it; none: it is in normal or the kernel.
type grubCommand struct {
	module string
	run    func(p *gnu, args []string) int
}

func grubCommands() map[string]grubCommand {
	ignored := func(p *gnu, _ []string) int { return 0 }
	all := map[string]grubCommand{
		"set": {"", (*gnu).set}, "unset": {"", (*gnu).unset}, "export": {"", ignored}, "break": {"", (*gnu).leave}, "return": {"", (*gnu).leave},
		"echo": {"echo", (*gnu).echo}, "true": {"true", ignored}, "false": {"true", (*gnu).no}, "test": {"test", (*gnu).test}, "[": {"test", (*gnu).test},
		"insmod": {"", (*gnu).load}, "rmmod": {"", ignored}, "source": {"configfile", (*gnu).source}, ".": {"configfile", (*gnu).source},
		"configfile": {"configfile", (*gnu).configfile}, "sleep": {"sleep", (*gnu).sleep}, "search": {"search", (*gnu).search},
		"linux": {"linux", (*gnu).linux}, "initrd": {"linux", (*gnu).initrd}, "linuxefi": {"linux", (*gnu).linux}, "initrdefi": {"linux", (*gnu).initrd},
		"chainloader": {"chain", (*gnu).chainloader}, "boot": {"boot", (*gnu).boot}, "reboot": {"reboot", (*gnu).restart}, "halt": {"halt", (*gnu).restart},
		"exit": {"minicmd", (*gnu).exit}, "loadfont": {"font", (*gnu).no}, "clear": {"", ignored}, "terminal_output": {"", ignored},
		"terminal_input": {"", ignored}, "serial": {"serial", ignored}, "background_color": {"gfxterm_background", ignored}, "background_image": {"gfxterm_background", ignored},
		"play": {"play", ignored}, "keymap": {"keylayouts", ignored},
	}
	return all
}

func (p *gnu) no([]string) int { return 1 }

func (p *gnu) set(args []string) int {
	for _, a := range args {
		if key, value, ok := strings.Cut(a, "="); ok {
			p.vars[key] = value
		}
	}
	return 0
}

func (p *gnu) unset(args []string) int {
	for _, a := range args {
		delete(p.vars, a)
	}
	return 0
}

// leave is break and return.
func (p *gnu) leave(args []string) int {
	p.broke = true
	if len(args) > 0 {
		n, _ := strconv.Atoi(args[0])
		return n
	}
	return p.status
}

func (p *gnu) echo(args []string) int {
	if len(args) > 0 && (args[0] == "-n" || args[0] == "-e") {
		args = args[1:]
	}
	p.say("%s", strings.Join(args, " "))
	return 0
}

// test is [ too. A network's file system lists no directory, so a file is there for -s alone, which opens it.
func (p *gnu) test(args []string) int {
	if n := len(args); n > 0 && args[n-1] == "]" {
		args = args[:n-1]
	}
	stat := func(name string, open bool) (int64, bool, bool) {
		if !open {
			return 0, false, false
		}
		content, err := p.openFile(name)
		return int64(len(content)), false, err == nil
	}
	if grub.Test(args, stat) {
		return 0
	}
	return 1
}

func (p *gnu) load(args []string) int {
	if len(args) > 0 && p.insmod(args[0]) {
		return 0
	}
	return 1
}

// source runs a file in place.
func (p *gnu) source(args []string) int {
	if len(args) == 0 {
		return 1
	}
	content, err := p.openFile(args[0])
	if err != nil {
		p.say("%s.", err)
		return 1
	}
	p.run(string(content))
	return p.status
}

// configfile runs a file whose menu takes the place of this one, and comes back when that is left.
func (p *gnu) configfile(args []string) int {
	if len(args) > 0 {
		p.configure(args[0])
	}
	return 0
}

func (p *gnu) sleep(args []string) int {
	n := 0
	for _, a := range args {
		if v, err := strconv.Atoi(a); err == nil {
			n = v
		}
	}
	p.idle = 0
	p.wait(&wait{until: p.now.Add(time.Duration(n) * time.Second)})
	return 0
}

// search looks through disks, and the scripted machine has none.
func (p *gnu) search(args []string) int {
	if len(args) > 0 {
		p.say("error: no such device: %s.", args[len(args)-1])
	}
	return 1
}

func (p *gnu) linux(args []string) int {
	p.kernel, p.modules = nil, nil
	if len(args) == 0 {
		p.say("error: filename expected.")
		return 1
	}
	content, err := p.openFile(args[0])
	if err != nil {
		p.say("%s.", err)
		return 1
	}
	if !bootSector(content) {
		p.say("error: invalid magic number.")
		return 1
	}
	p.memory(content)
	words := []string{"BOOT_IMAGE=" + args[0]}
	for _, a := range args[1:] {
		if strings.ContainsAny(a, " ") {
			a = `"` + a + `"`
		}
		words = append(words, a)
	}
	p.cmdline = strings.Join(words, " ")
	m := NewModule(p.served(args[0]), p.cmdline, content)
	p.kernel = &m
	return 0
}

// served is a file by the name that the server was asked for.
func (p *gnu) served(name string) string {
	_, path, _ := deviceOf(name)
	return path
}

func (p *gnu) initrd(args []string) int {
	if p.kernel == nil {
		p.say("error: you need to load the kernel first.")
		return 1
	}
	for _, name := range args {
		content, err := p.openFile(name)
		if err != nil {
			p.say("%s.", err)
			return 1
		}
		p.memory(content)
		p.modules = append(p.modules, NewModule(p.served(name), "", content))
	}
	return 0
}

func (p *gnu) memory(content []byte) {
	if p.loaded += int64(len(content)); p.Memory > 0 && p.loaded > p.Memory {
		p.fail("error: out of memory.", strconv.FormatInt(p.loaded, 10)+" bytes of files, the machine has "+strconv.FormatInt(p.Memory, 10))
	}
}

func (p *gnu) chainloader(args []string) int {
	if len(args) == 0 {
		p.say("error: filename expected.")
		return 1
	}
	content, err := p.openFile(args[len(args)-1])
	if err != nil {
		p.say("%s.", err)
		return 1
	}
	h := *p.Handover
	h.Program, h.Name, h.Stopped, h.HTTPBoot = content, p.served(args[len(args)-1]), true, false
	p.program = &h
	return 0
}

// boot leaves for what was loaded last; with nothing it comes back.
func (p *gnu) boot([]string) int {
	switch {
	case p.program != nil:
		p.end(Outcome{Chain: p.program})
	case p.kernel != nil:
		p.end(Outcome{Handoff: &Handoff{Kind: "linux", Cmdlines: []string{p.cmdline}, Modules: append([]Module{*p.kernel}, p.modules...)}})
	}
	p.say("error: you need to load the kernel first.")
	return 1
}

func (p *gnu) exit([]string) int {
	p.end(Outcome{Handoff: &Handoff{Kind: "local"}})
	return 0
}

func (p *gnu) restart([]string) int {
	p.fail("the machine restarts", "grub.cfg says so")
	return 0
}
