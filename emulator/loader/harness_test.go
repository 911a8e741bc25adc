package loader

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// handed is what a ROM leaves: an ACK of the house and a boot server's packet that names the file.
func handed(t *testing.T, n *testnet.Net, program, file string, options ...byte) *rom.Handover {
	t.Helper()
	request := make([]byte, 240)
	copy(request[236:], "\x63\x82\x53\x63")
	parse := func(p testnet.Packet) *rom.Reply {
		r, err := rom.ParseReply(p.Bytes(request))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	ack := parse(testnet.Packet{Type: 5, From: n.House, YIAddr: n.Addr, Options: []byte{1, 4, 255, 255, 255, 0, 3, 4, 192, 168, 9, 1}})
	boot := parse(testnet.Packet{Type: 5, From: n.Server, SIAddr: n.Server, File: file, Options: options})
	return &rom.Handover{
		Program: []byte(program), Name: file, Addr: n.Addr, Server: n.Server, ACK: ack, Boot: boot, Replies: []*rom.Reply{ack, boot},
		UUID: rom.RawUUID([16]byte{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88}), MAC: [6]byte{0x52, 0x54, 0, 0x12, 0x34, 0x56},
	}
}

const (
	six  = "..PXELINUX 6.04 PXE 20200816 \x00.."
	four = "..PXELINUX 4.05 2011-12-09 \x00.."
	com  = "\xb8\xff\x4c\xcd\x21 a module of syslinux 4"
)

// elfModule is an ELF32 shared object that needs libraries, as far as debug/elf reads it.
func elfModule(needed ...string) string {
	strtab, dyn := []byte{0}, []byte{}
	for _, lib := range needed {
		dyn = binary.LittleEndian.AppendUint32(dyn, 1) // DT_NEEDED
		dyn = binary.LittleEndian.AppendUint32(dyn, uint32(len(strtab)))
		strtab = append(append(strtab, lib...), 0)
	}
	dyn = append(dyn, make([]byte, 8)...)
	h := make([]byte, 52)
	copy(h, "\x7fELF\x01\x01\x01")
	le := binary.LittleEndian
	le.PutUint16(h[16:], 3) // shared object
	le.PutUint16(h[18:], 3) // 386
	le.PutUint32(h[20:], 1)
	le.PutUint16(h[40:], 52)
	le.PutUint32(h[32:], uint32(52+len(dyn)+len(strtab))) // sections
	le.PutUint16(h[46:], 40)
	le.PutUint16(h[48:], 3)
	section := func(typ, off, size, link uint32) []byte {
		s := make([]byte, 40)
		le.PutUint32(s[4:], typ)
		le.PutUint32(s[16:], off)
		le.PutUint32(s[20:], size)
		le.PutUint32(s[24:], link)
		return s
	}
	body := append(append(h, dyn...), strtab...)
	body = append(body, section(0, 0, 0, 0)...)
	body = append(body, section(6, 52, uint32(len(dyn)), 2)...)
	return string(append(body, section(3, uint32(52+len(dyn)), uint32(len(strtab)), 0)...))
}

// bzImage is the smallest kernel that pxelinux starts.
func bzImage(size int) string {
	k := make([]byte, size)
	k[0x1f1], k[510], k[511] = 3, 0x55, 0xaa
	copy(k[0x202:], "HdrS\x0f\x02")
	binary.LittleEndian.PutUint32(k[0x1f4:], uint32((size-2048)/16))
	return string(k)
}

// A tree is files by their names on the wire.
type tree map[string]string

// with is the tree of a good boot, changed: an empty file is taken away.
func with(version string, change tree) tree {
	all := tree{
		"nbp": version, "pxelinux.cfg/default": "default linux\nlabel linux\n append x\n initrd initrd.gz\n", "linux": bzImage(8192),
		"initrd.gz": "initrd", "ldlinux.c32": elfModule(), "libcom32.c32": elfModule(), "libutil.c32": elfModule(),
		"menu.c32": elfModule("libutil.c32"), "vesamenu.c32": elfModule("libutil.c32", "libcom32.c32"), "mboot.c32": elfModule("libcom32.c32"),
		"xen": "\x7fELF multiboot", "mod": "m",
	}
	if version == four {
		delete(all, "ldlinux.c32")
		all["menu.c32"], all["vesamenu.c32"], all["mboot.c32"] = com, com, com
	}
	for name, content := range change {
		if all[name] = content; content == "" {
			delete(all, name)
		}
	}
	return all
}

// A ran is how a program went.
type ran struct {
	outcome  Outcome
	requests []string
	lines    []string
	took     time.Duration
}

// run starts the tree's program and presses the keys when it waits for them.
func run(t *testing.T, files tree, keys ...string) ran {
	t.Helper()
	n := testnet.New(func(name string) ([]byte, bool) { c, ok := files[name]; return []byte(c), ok })
	return drive(t, n, Config{Handover: handed(t, n, files["nbp"], "pxelinux.0")}, keys)
}

// drive runs a program, and presses the keys when it waits for them.
func drive(t *testing.T, n *testnet.Net, cfg Config, keys []string) ran {
	t.Helper()
	var r ran
	cfg.Memory = 1 << 20
	cfg.Events = event.Func(func(e event.Event) { r.lines = append(r.lines, e.Text) })
	p, failure := Start(testnet.Start(), cfg)
	if failure != nil {
		t.Fatal(failure)
	}
	defer p.Close()
	done := func() bool { _, ok := p.Outcome(); return ok }
	now := testnet.Start()
	for _, k := range keys {
		now = n.Run(p, now, now.Add(time.Millisecond), done)
		p.Receive(now, machine.Key(k))
	}
	now = n.Run(p, now, now.Add(time.Hour), done)
	r.outcome, _ = p.Outcome()
	r.requests, r.took = n.Log, now.Sub(testnet.Start())
	return r
}

// ending is an outcome in one line.
func ending(o Outcome) string {
	switch {
	case o.Failure != nil:
		return o.Failure.Error()
	case o.Handoff != nil:
		return o.Handoff.Kind + ": " + strings.Join(o.Handoff.Cmdlines, " | ")
	}
	return "waits"
}

func cfg(text string) tree { return tree{"pxelinux.cfg/default": text} }
