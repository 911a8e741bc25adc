package loader

import (
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
)

// The commands that neither fetch nor store.

func (p *shell) nothing(ipxe.Given, []string) *trouble { return nil }

func (p *shell) echo(_ ipxe.Given, words []string) *trouble {
	p.say("%s", strings.Join(words, " "))
	return nil
}

func (p *shell) exit(_ ipxe.Given, words []string) *trouble {
	p.stop, p.status = stopSequence, nil
	if len(words) == 0 {
		return nil
	}
	n, err := strconv.ParseInt(words[0], 0, 32)
	if err != nil {
		p.stop = goOn
		return p.number("Invalid argument", 0x1c0d8002)
	}
	if n != 0 {
		p.status = &trouble{text: "Error " + strconv.FormatInt(n, 10), number: uint32(n), cause: "the script says exit " + words[0]}
	}
	return p.status
}

func (p *shell) jump(_ ipxe.Given, words []string) *trouble {
	at, ok := p.running.lines.Find(words[0])
	if !ok {
		t := p.number("No such file or directory", 0x2d02803b)
		t.cause = "there is no label :" + words[0] + " in " + p.running.uri.String()
		return t
	}
	p.running.at, p.stop = at, stopLine
	return nil
}

func (p *shell) isset(_ ipxe.Given, words []string) *trouble {
	if words[0] == "" {
		return p.number("No such file or directory", 0x2d02203b)
	}
	return nil
}

func (p *shell) iseq(_ ipxe.Given, words []string) *trouble {
	if words[0] != words[1] {
		return p.number("Range error", 0x42022001)
	}
	return nil
}

func (p *shell) sleep(_ ipxe.Given, words []string) *trouble {
	n, err := strconv.ParseUint(words[0], 0, 32)
	if err != nil {
		return p.number("Invalid argument", 0x1c0d8002)
	}
	p.idle = 0
	p.wait(&wait{until: p.now.Add(time.Duration(n) * time.Second)})
	return nil
}

// prompt waits for a key, and fails if it is another or none in time.
func (p *shell) prompt(given ipxe.Given, words []string) *trouble {
	timeout, t := p.milliseconds(given["timeout"])
	if t != nil {
		return t
	}
	p.say("%s", strings.Join(words, " "))
	k := p.keyWithin(timeout)
	switch want := given["key"]; {
	case k == "":
		return p.number("Connection timed out", 0x4c22e035)
	case want != "" && !pressed(k, want):
		return p.number("Operation canceled", 0x0b8080a0)
	}
	return nil
}

// keyWithin waits for a key; 0 is for ever.
func (p *shell) keyWithin(timeout time.Duration) string {
	p.idle = 0
	if timeout == 0 {
		return p.key(time.Time{})
	}
	return p.key(p.now.Add(timeout))
}

// milliseconds reads a --timeout; none is 0.
func (p *shell) milliseconds(text string) (time.Duration, *trouble) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		return 0, p.number("Invalid argument", 0x1c0d8002)
	}
	return time.Duration(n) * time.Millisecond, nil
}

// pressed tells whether a key is the one that a script names: itself, or by the number of its character.
func pressed(key, want string) bool {
	have := typed(key)
	switch key {
	case "ret":
		have = "\r"
	case "esc":
		have = "\x1b"
	}
	if n, err := strconv.ParseUint(want, 0, 16); err == nil && len(want) > 1 {
		return have == string(rune(n))
	}
	return have == want
}

// interactive is a command that somebody must answer, and nobody is there.
func (p *shell) interactive(ipxe.Given, []string) *trouble {
	p.fail("iPXE> ", "the script asks for somebody at the keyboard: "+p.words())
	return nil
}

func (p *shell) reboot(ipxe.Given, []string) *trouble {
	p.fail("the machine restarts", "the script says so: "+p.words())
	return nil
}

// words is the line that runs.
func (p *shell) words() string {
	return strings.TrimSpace(p.running.lines[p.running.at-1].Text)
}

// cpuid tells what QEMU's machine is: 64 bits wide, which is what scripts ask for.
func (p *shell) cpuid(given ipxe.Given, words []string) *trouble {
	if given.Has("ext") && words[0] == "29" {
		return nil
	}
	return p.number("No such file or directory", 0x2d0c603b)
}
