package qemu

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/wire/event"
)

// A fakeROM is what testdata/bootprog/fakerom.s gives the boot program.
type fakeROM struct {
	ack, reply       []byte // packets 2 and 3; nil: there is none
	pxe              bool   // the stack leads to a good !PXE
	brokenPXE        bool   // it leads to one with a wrong checksum
	pxenv            uint16 // ES:BX leads to a PXENV+ of this version
	leadsOn          bool   // which leads to a good !PXE
	installationTest uint16 // int 1Ah leads to a PXENV+ of this version
}

// Where fakerom.s has its data and its entry points.
const (
	romData, romStructs, romPointers = 0x9000, 0x400, 0x600
	byStack, byRegisters             = 0x604, 0x608
)

// disk is a boot disk: the ROM's sector, the program, the data.
func (r fakeROM) disk(sector, program []byte) []byte {
	data := make([]byte, 4*512)
	copy(data, r.ack)
	copy(data[0x200:], r.reply)
	word := func(at int, v uint16) { binary.LittleEndian.PutUint16(data[at:], v) }
	sum := func(from, length, at int) {
		var total byte
		for _, b := range data[from : from+length] {
			total += b
		}
		data[at] -= total
	}
	const bang, env, other = romStructs, romStructs + 0x60, romStructs + 0xc0
	copy(data[bang:], "!PXE\x58")
	word(bang+16, byStack)
	sum(bang, 0x58, bang+5)
	if r.brokenPXE {
		data[bang+5]++
	}
	for at, version := range map[int]uint16{env: r.pxenv, other: r.installationTest} {
		copy(data[at:], "PXENV+")
		word(at+6, version)
		data[at+8] = 0x2c
		word(at+10, byRegisters)
		if r.leadsOn {
			word(at+10, 0) // to nowhere
			word(at+0x28, romData+bang)
		}
		sum(at, 0x2c, at+9)
	}
	if r.pxe || r.brokenPXE {
		word(romPointers, romData+bang)
	}
	if r.pxenv != 0 {
		word(romPointers+4, romData+env)
	}
	if r.installationTest != 0 {
		word(romPointers+8, 0x564e)
		word(romPointers+10, romData+other)
	}
	return bytes.Join([][]byte{sector, program, make([]byte, 4*512-len(program)), data}, nil)
}

// bootp is a packet with options, as a ROM hands it out.
func bootp(yiaddr, siaddr [4]byte, options ...byte) []byte {
	p := make([]byte, 240)
	p[0], p[1], p[2] = 2, 1, 6
	copy(p[16:], yiaddr[:])
	copy(p[20:], siaddr[:])
	copy(p[28:], []byte{0x52, 0x54, 0, 0xab, 0xcd, 0xef})
	copy(p[236:], []byte{0x63, 0x82, 0x53, 0x63})
	return append(p, options...)
}

func TestTheBootProgramOnROMsOfAllAges(t *testing.T) {
	var none [4]byte
	ack := bootp([4]byte{10, 0, 200, 1}, none)
	reply := bootp(none, [4]byte{192, 168, 9, 2})
	const good = "bootrig: server 192.168.9.2 address 10.0.200.1 mac 52:54:00:ab:cd:ef"
	renewed := bootp(none, none)
	copy(renewed[12:], []byte{10, 0, 0, 9})
	for name, c := range map[string]struct {
		rom  fakeROM
		want string
	}{
		"PXE 2.1 by the stack":               {fakeROM{ack: ack, reply: reply, pxe: true}, good},
		"PXE 1.0 by registers":               {fakeROM{ack: ack, reply: reply, pxenv: 0x100}, good},
		"PXE 2.1 by PXENV+ alone":            {fakeROM{ack: ack, reply: reply, pxenv: 0x201, leadsOn: true}, good},
		"a broken !PXE beside a good PXENV+": {fakeROM{ack: ack, reply: reply, brokenPXE: true, pxenv: 0x201}, good},
		"only the installation check":        {fakeROM{ack: ack, reply: reply, installationTest: 0x200}, good},
		"no PXE at all":                      {fakeROM{ack: ack, reply: reply}, "bootrig: server none address none mac none"},
		"no packets":                         {fakeROM{pxe: true}, "bootrig: server none address none mac none"},
		"no cached reply":                    {fakeROM{ack: ack, pxe: true}, "bootrig: server none address 10.0.200.1 mac 52:54:00:ab:cd:ef"},
		"siaddr 0 and a server identifier behind pads and other options": {
			fakeROM{ack: ack, reply: bootp(none, none, 0, 0, 53, 1, 2, 54, 4, 192, 168, 9, 2, 255), pxe: true}, good,
		},
		"siaddr 0 and nothing else": {
			fakeROM{ack: ack, reply: bootp(none, none, 53, 1, 2, 255, 54, 4, 192, 168, 9, 2), pxe: true},
			"bootrig: server none address 10.0.200.1 mac 52:54:00:ab:cd:ef",
		},
		"an option that leads out of the packet": {
			fakeROM{ack: ack, reply: bootp(none, none, 43, 255, 43, 255, 43, 255), pxe: true},
			"bootrig: server none address 10.0.200.1 mac 52:54:00:ab:cd:ef",
		},
		"a lease in ciaddr": {fakeROM{ack: renewed, reply: reply, pxe: true}, "bootrig: server 192.168.9.2 address 10.0.0.9 mac 52:54:00:ab:cd:ef"},
	} {
		t.Run(name, func(t *testing.T) {
			prog, err := os.ReadFile(program)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "disk")
			if err := os.WriteFile(file, c.rom.disk(assemble(t, "fakerom.s"), prog), 0o644); err != nil {
				t.Fatal(err)
			}
			facts := &event.Journal{}
			// Without the BIOS's serial console: the program writes to the serial port itself.
			g := run(t, Config{Events: facts, Spec: Spec{Netdev: "user", Extra: []string{
				"-machine", "graphics=on", "-drive", "format=raw,if=ide,file=" + file, "-boot", "c",
			}}})
			await(t, g, facts, event.Console, "press a key")
			g.Stop()
			var said []string
			all, _ := facts.After(0)
			for _, e := range all {
				if strings.HasPrefix(e.Text, "bootrig: ") {
					said = append(said, e.Text)
				}
			}
			if diff := cmp.Diff([]string{c.want}, said); diff != "" {
				t.Errorf("it says (-want +got):\n%s", diff)
			}
		})
	}
}

// assemble gives the bytes of a 16-bit source for 0:7C00.
func assemble(t *testing.T, name string) []byte {
	t.Helper()
	dir := t.TempDir()
	object, linked, flat := filepath.Join(dir, "o"), filepath.Join(dir, "elf"), filepath.Join(dir, "bin")
	for _, command := range [][]string{
		{"as", "--32", "-o", object, filepath.Join(source, name)},
		{"ld", "-m", "elf_i386", "-Ttext=0x7c00", "-e", "start", "-o", linked, object},
		{"objcopy", "-O", "binary", "-j", ".text", linked, flat},
	} {
		if _, err := exec.LookPath(command[0]); err != nil || runtime.GOARCH != "amd64" {
			must.Skip(t, must.Peers, "no ", command[0], " for x86 here: apt-get install --no-install-recommends binutils")
		}
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	raw, err := os.ReadFile(flat)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
