package loader

import (
	"slices"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
)

// A command is one of iPXE's.
type command struct {
	options  ipxe.Options
	min, max int // words
	usage    string
	run      func(p *shell, given ipxe.Given, words []string) *trouble
}

const unbounded = 1 << 10 // words

// commands are what Debian's 1.0.0 lists for "help", but for pxebs, autoboot and sanunhook.
func commands() map[string]command {
	image := ipxe.Options{"name:", "timeout:"}
	exec := ipxe.Options{"name:", "timeout:", "replace", "autofree"}
	lease := ipxe.Options{"configurator:", "timeout:"}
	return map[string]command{
		"echo":   {ipxe.Options{"n"}, 0, unbounded, "[-n] [...]", (*shell).echo},
		"exit":   {nil, 0, 1, "[<status>]", (*shell).exit},
		"goto":   {nil, 1, 1, "<label>", (*shell).jump},
		"isset":  {nil, 1, 1, "<value>", (*shell).isset},
		"iseq":   {nil, 2, 2, "<value1> <value2>", (*shell).iseq},
		"sleep":  {nil, 1, 1, "<seconds>", (*shell).sleep},
		"prompt": {ipxe.Options{"key:", "timeout:"}, 0, unbounded, "[<text>]", (*shell).prompt},
		"shell":  {nil, 0, 0, "", (*shell).interactive},
		"config": {nil, 0, 1, "[<scope>]", (*shell).interactive},
		"login":  {nil, 0, 0, "", (*shell).interactive},
		"help":   {nil, 0, 0, "", (*shell).nothing},
		"cpuid":  {ipxe.Options{"ext", "ecx"}, 1, 1, "<bit>", (*shell).cpuid},
		"sync":   {ipxe.Options{"timeout:"}, 0, 0, "", (*shell).nothing},
		"reboot": {ipxe.Options{"warm"}, 0, 0, "", (*shell).reboot},

		"set":   {nil, 1, unbounded, "<setting> <value>", (*shell).set},
		"clear": {nil, 1, 1, "<setting>", (*shell).clear},
		"inc":   {nil, 1, 2, "<setting> [<increment>]", (*shell).inc},
		"read":  {nil, 1, 1, "<setting>", (*shell).read},
		"show":  {nil, 1, 1, "<setting>", (*shell).show},

		"ifopen":  {nil, 0, unbounded, "[<interface>...]", (*shell).nothing},
		"ifclose": {nil, 0, unbounded, "[<interface>...]", (*shell).nothing},
		"ifstat":  {nil, 0, unbounded, "[<interface>...]", (*shell).nothing},
		"route":   {nil, 0, 0, "", (*shell).nothing},
		"ifconf":  {lease, 0, unbounded, "[<interface>...]", (*shell).dhcp},
		"dhcp":    {lease, 0, unbounded, "[<interface>...]", (*shell).dhcp},

		"imgfetch":  {image, 1, unbounded, "<uri> [<arguments>...]", (*shell).imgfetch},
		"module":    {image, 1, unbounded, "<uri> [<arguments>...]", (*shell).imgfetch},
		"initrd":    {image, 1, unbounded, "<uri> [<arguments>...]", (*shell).imgfetch},
		"kernel":    {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).kernel},
		"imgselect": {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).kernel},
		"imgload":   {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).kernel},
		"chain":     {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).boot},
		"boot":      {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).boot},
		"imgexec":   {exec, 0, unbounded, "<uri|image> [<arguments>...]", (*shell).boot},
		"imgargs":   {image, 1, unbounded, "<uri|image> [<arguments>...]", (*shell).imgargs},
		"imgfree":   {nil, 0, 1, "[<image>]", (*shell).imgfree},
		"imgstat":   {nil, 0, 1, "[<image>]", (*shell).imgstat},
		"sanboot":   {san(), 0, unbounded, "[<root-path>...]", (*shell).sanboot},
		"sanhook":   {san(), 0, unbounded, "[<root-path>...]", (*shell).sanhook},

		"menu":   {ipxe.Options{"name:", "delete"}, 0, unbounded, "[<title>]", (*shell).menu},
		"item":   {ipxe.Options{"menu:", "default", "key:", "gap"}, 0, unbounded, "[<label> [<text>]]", (*shell).item},
		"choose": {ipxe.Options{"menu:", "default:", "timeout:", "keep"}, 1, 1, "<setting>", (*shell).choose},
	}
}

// later are commands that Debian's 1.0.0 has not and others have. A scripted guest has nothing to show of them.
func later() []string {
	return []string{"params", "param", "console", "colour", "cpair", "time", "nslookup", "ping", "ntp", "certstat", "imgtrust", "vcreate", "vdestroy"}
}

// execute runs a command (exec.c, execv). An empty one succeeds.
func (p *shell) execute(words []string) *trouble {
	if len(words) == 0 {
		return nil
	}
	name := words[0]
	c, known := p.commands[name]
	switch {
	case known:
	case slices.Contains(later(), name) && p.version() > "1.0":
		p.say("the scripted iPXE does nothing for %s", name)
		return nil
	default:
		p.say("%s: command not found", name)
		return p.number("Exec format error", 0x2e022001)
	}
	given, rest, err := c.options.Parse(words[1:])
	if err != nil || len(rest) < c.min || len(rest) > c.max {
		p.say("Usage:")
		p.say("  %s", strings.TrimSpace(name+" "+c.usage))
		p.say("See http://ipxe.org/cmd/%s for further information", name)
		return p.number("Invalid argument", 0x1c0d8002)
	}
	return c.run(p, given, rest)
}

// number is a trouble by its number in a BIOS build. In one for UEFI the last byte is another, the firmware's own
// (src/include/ipxe/errno).
func (p *shell) number(text string, n uint32) *trouble {
	if p.Profile.Machine != 0 {
		if efi, ok := map[uint32]uint32{0x01: 0x81, 0x02: 0x82, 0x03: 0x83, 0x35: 0x92, 0x3b: 0x8e, 0x3c: 0x8f, 0xa0: 0x95}[n&0xff]; ok {
			n = n&^0xff | efi
		}
	}
	return &trouble{text: text, number: n}
}

// version is what the ROM says of itself in option 175: "1.0".
func (p *shell) version() string {
	const feature = 0xeb
	for f := p.Profile.Features; len(f) >= 2 && len(f) >= 2+int(f[1]); f = f[2+int(f[1]):] {
		if f[0] == feature && f[1] >= 2 {
			return string([]byte{'0' + f[2]%10, '.'}) + twoDigits(f[3])
		}
	}
	return ""
}

func twoDigits(n byte) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return string([]byte{'0' + n/10%10, '0' + n%10})
}
