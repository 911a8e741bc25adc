package loader

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/tftp"
)

// A board is U-Boot at work on a script. Its variables are those that a script for netboot uses; an address in memory
// (kernel_addr_r) stands for itself, since what is written where is all that is asked.
type board struct {
	*env
	vars   map[string]string
	memory map[string][]byte // files, by the address they were read to
	names  map[string]string // of those files
}

// runUBoot runs a script. A command that fails does not end it, and its end is the end of one of U-Boot's own tries.
func runUBoot(e *env) {
	h := e.Handover
	b := &board{env: e, memory: map[string][]byte{}, names: map[string]string{}, vars: map[string]string{
		"serverip": h.Server.String(), "ipaddr": h.Addr.String(), "ethaddr": net.HardwareAddr(h.MAC[:]).String(), "bootfile": h.Name,
	}}
	b.say("## Executing script")
	for line := range strings.FieldsFuncSeq(scriptText(h.Program), func(r rune) bool { return r == '\n' || r == ';' }) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			b.command(words)
		}
	}
	e.end(Outcome{Back: true})
}

// scriptText is the text in a legacy image: behind its header of 64 bytes is a list of sizes, up to 0 (U-Boot cmd/source.c).
func scriptText(image []byte) string {
	body := image[min(64, len(image)):]
	for len(body) >= 4 {
		size := binary.BigEndian.Uint32(body)
		body = body[4:]
		if size == 0 {
			break
		}
	}
	return string(bytes.TrimRight(body, "\x00"))
}

func (b *board) command(words []string) {
	for i, w := range words[1:] {
		words[i+1] = b.expand(w)
	}
	switch args := words[1:]; {
	case words[0] == "echo":
		b.say("%s", strings.Join(args, " "))
	case words[0] == "setenv" && len(args) > 0:
		b.vars[args[0]] = strings.Trim(strings.Join(args[1:], " "), `'"`)
	case (words[0] == "tftpboot" || words[0] == "tftp") && len(args) == 2:
		b.load(args[0], args[1])
	case words[0] == "pxe" && len(args) > 0 && args[0] == "get":
		b.pxeGet()
	case words[0] == "pxe" && len(args) > 0 && args[0] == "boot":
		b.pxeBoot()
	case (words[0] == "booti" || words[0] == "bootz" || words[0] == "zboot") && len(args) > 0:
		b.boot(b.names[args[0]], b.memory[args[0]], b.vars["bootargs"], b.initrd(args[1:]))
	default:
		b.fail("Unknown command '"+words[0]+"'", "the scripted U-Boot knows echo, setenv, tftpboot, pxe, booti, bootz and zboot")
	}
}

// expand puts variables into a word. One that is not set is nothing, but for the addresses of every board.
func (b *board) expand(word string) string {
	for {
		before, rest, begins := strings.Cut(word, "${")
		name, after, ends := strings.Cut(rest, "}")
		if !begins || !ends {
			return word
		}
		value, set := b.vars[name]
		if !set && strings.HasSuffix(name, "addr_r") {
			value = name
		}
		word = before + value + after
	}
}

// load reads a file to an address, from the server unless the name brings another: HOST:NAME.
func (b *board) load(addr, name string) {
	server, _ := netip.ParseAddr(b.vars["serverip"])
	if host, path, ok := strings.Cut(name, ":"); ok {
		server, _ = netip.ParseAddr(host)
		name = path
	}
	if content, ok := b.read(server, name); ok {
		b.memory[addr], b.names[addr] = content, name
		b.vars["filesize"] = fmt.Sprintf("%x", len(content))
	}
}

// read fetches a file as the firmware does.
func (b *board) read(server netip.Addr, name string) ([]byte, bool) {
	its := b.Profile.TFTP
	b.say("Filename '%s'.", name)
	b.port++
	content, err := b.transfer(tftp.New(b.now, tftp.Config{
		Local: netip.AddrPortFrom(b.Handover.Addr, b.port), Server: netip.AddrPortFrom(server, 69), Name: name,
		Options: its.Options, Patience: its.Patience, Dialect: its.Dialect, Memory: b.Memory,
	}), time.Time{})
	if err != nil {
		b.say("%s", b.Profile.Fail(reasonOf(err), "", "").Text)
		return nil, false
	}
	b.say("Bytes transferred = %d (%x hex)", len(content), len(content))
	return content, true
}

// initrd is the one that booti and its like are given: ADDRESS:SIZE behind the kernel, or "-".
func (b *board) initrd(args []string) []Module {
	if len(args) == 0 || args[0] == "-" {
		return nil
	}
	addr, _, _ := strings.Cut(args[0], ":")
	return []Module{NewModule(b.names[addr], "", b.memory[addr])}
}
