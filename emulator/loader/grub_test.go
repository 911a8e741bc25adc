package loader

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
)

// grubModule is an object with a name and needs, as far as debug/elf reads it.
func grubModule(name, needs string) []byte {
	const names = "\x00.modname\x00.moddeps\x00.shstrtab\x00"
	data := name + "\x00" + needs + "\x00" + names
	h := make([]byte, 64)
	copy(h, "\x7fELF\x02\x01\x01")
	le := binary.LittleEndian
	le.PutUint16(h[16:], 1)  // relocatable
	le.PutUint16(h[18:], 62) // x86-64
	le.PutUint32(h[20:], 1)
	le.PutUint64(h[40:], uint64(64+len(data)))
	le.PutUint16(h[52:], 64)
	le.PutUint16(h[58:], 64)
	le.PutUint16(h[60:], 4)
	le.PutUint16(h[62:], 3)
	section := func(at uint32, typ uint32, off, size int) []byte {
		s := make([]byte, 64)
		le.PutUint32(s, at)
		le.PutUint32(s[4:], typ)
		le.PutUint64(s[24:], uint64(off))
		le.PutUint64(s[32:], uint64(size))
		return s
	}
	b := append(h, data...)
	b = append(b, make([]byte, 64)...)
	b = append(b, section(1, 1, 64, len(name)+1)...)
	b = append(b, section(10, 1, 64+len(name)+1, len(needs)+1)...)
	return append(b, section(19, 3, 64+len(name)+len(needs)+2, len(names))...)
}

// grubCore is a GRUB as grub-mkimage makes it.
func grubCore(prefix, config string, modules ...string) string {
	var objects []byte
	object := func(typ uint32, body []byte) {
		objects = binary.LittleEndian.AppendUint32(objects, typ)
		objects = binary.LittleEndian.AppendUint32(objects, uint32(8+len(body)))
		objects = append(objects, body...)
	}
	for _, m := range modules {
		object(0, grubModule(m, ""))
	}
	if config != "" {
		object(2, []byte(config+"\x00"))
	}
	object(3, []byte(prefix+"\x00"))
	b := []byte("MZ..mimg is no header..mimg\x00\x00\x00\x00")
	b = binary.LittleEndian.AppendUint64(b, 24)
	b = binary.LittleEndian.AppendUint64(b, uint64(24+len(objects)))
	return string(append(b, objects...))
}

// usual are the modules of most cores.
func usual() []string {
	return []string{"normal", "echo", "test", "linux", "chain", "configfile", "boot", "sleep", "true", "minicmd", "search"}
}

func runGrub(t *testing.T, core, config string, files tree, keys ...string) ran {
	t.Helper()
	all := tree{"/grub/grub.cfg": config, "/linux": bzImage(8192), "/initrd": "i", "/x.efi": "MZ"}
	for name, content := range files {
		all[name] = content
	}
	n := testnet.New(func(name string) ([]byte, bool) { c, ok := all[name]; return []byte(c), ok })
	h := handed(t, n, core, "grub/grubx64.efi")
	return drive(t, n, Config{Handover: h, Profile: rom.Profile{Machine: 0x8664}}, keys)
}

// TestWhatGrubSays has what GRUB 2.06 printed for these commands.
func TestWhatGrubSays(t *testing.T) {
	core := grubCore("(tftp,192.168.9.2)/grub", "", usual()...)
	for _, c := range []struct{ name, config, want string }{
		{"variables of the network", `echo $prefix $root ${net_default_mac} ${net_default_ip} $grub_cpu $grub_platform $config_file`,
			"(tftp,192.168.9.2)/grub tftp,192.168.9.2 52:54:00:12:34:56 192.168.9.100 x86_64 efi (tftp,192.168.9.2)/grub/grub.cfg"},
		{"a test", "set a=\"one two\"\nif [ \"$a\" = \"one two\" ]; then echo 1; else echo 2; fi", "1"},
		{"elif and else", "if false; then echo 1; elif [ -n \"$no\" ]; then echo 2; else echo 3; fi", "3"},
		{"a network lists no directory", "if [ -f /linux ]; then echo 1; else echo 2; fi\nif [ -s /linux ]; then echo 3; fi", "2|3"},
		{"for", "set a=\"x y\"\nfor i in 1 $a; do echo $i; done", "1|x|y"},
		{"while and break", "set n=0\nwhile true; do set n=${n}x; if [ $n = 0xx ]; then break; fi; done\necho $n", "0xx"},
		{"until", "set n=0\nuntil [ $n = 0xx ]; do set n=${n}x; done\necho $n", "0xx"},
		{"a function and its arguments", "function f { echo $1 $# $@; return 3; }\nf a b\necho $?", "a 2 a b|3"},
		{"an exclamation mark", "if ! false; then echo 1; fi", "1"},
		{"no such command", "frob x\necho $?", "error: can't find command `frob'.|1"},
		{"a command whose module the core has not", "serial --unit=0\necho on", "error: can't find command `serial'.|on"},
		{"no such disk", "search --set=found --file /x\necho x$found", "error: no such device: /x.|x"},
		{"source", "source $prefix/more.cfg\necho $more", "in more|yes"},
		{"a variable is set without set too", "a=5\necho $a", "5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := runGrub(t, core, c.config, tree{"/grub/more.cfg": "echo in more\nset more=yes\n"})
			want := "Welcome to GRUB!|" + c.want + "|grub>"
			if have := strings.Join(got.lines, "|"); have != want {
				t.Errorf("console is %q, want %q", have, want)
			}
		})
	}
}

func TestHowGrubEnds(t *testing.T) {
	const entries = "menuentry One --id one { linux /linux a=1 'b c'\n initrd /initrd }\nsubmenu More {\n menuentry In { chainloader /x.efi }\n}\n" +
		"menuentry Gone { linux /none }\nmenuentry Last x { linux /linux $1 }\n"
	core := grubCore("(tftp,192.168.9.2)/grub", "", usual()...)
	for _, c := range []struct {
		name, config string
		keys         []string
		want         string
		took         time.Duration
	}{
		{"the first entry", "set timeout=0\n" + entries, nil, `linux: BOOT_IMAGE=/linux a=1 "b c"`, 0},
		{"the default by its number, after a time", "set timeout=5\nset default=3\n" + entries, nil, "linux: BOOT_IMAGE=/linux x", 5 * time.Second},
		{"the default by its title", "set timeout=0\nset default=Last\n" + entries, nil, "linux: BOOT_IMAGE=/linux x", 0},
		{"the default by its id", "set timeout=0\nset default=one\n" + entries, nil, `linux: BOOT_IMAGE=/linux a=1 "b c"`, 0},
		{"the default in a submenu", "set timeout=0\nset default='More>In'\n" + entries, nil, "chains /x.efi", 0},
		{"a menu without timeout waits", entries, nil, "waits", 0},
		{"keys", entries, []string{"down", "down", "down", "up", "end", "ret"}, "linux: BOOT_IMAGE=/linux x", 0},
		{"Esc leaves a submenu", entries, []string{"down", "ret", "esc", "end", "ret"}, "linux: BOOT_IMAGE=/linux x", 0},
		{"an entry that fails comes back to the menu", entries, []string{"down", "down", "ret", "end", "ret"}, "linux: BOOT_IMAGE=/linux x", 0},
		{"boot without a menu", "linux /linux q\nboot", nil, "linux: BOOT_IMAGE=/linux q", 0},
		{"a menu of another file", "set timeout=0\nconfigfile /other.cfg", nil, "linux: BOOT_IMAGE=/linux other", 0},
		{"exit", "exit", nil, "local: ", 0},
		{"nothing to show", "echo x", nil, "grub>: GRUB has no menu to show: (tftp,192.168.9.2)/grub/grub.cfg names no entry, or is not there", 0},
		{"a circle", "while true; do true; done", nil, "the script runs in a circle: 16384 commands, and nothing waited for", 0},
		{"a file that sources itself", "source /grub/grub.cfg", nil, "GRUB runs out of stack: functions and files call each other, 64 deep", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := runGrub(t, core, c.config, tree{"/other.cfg": "menuentry O { linux /linux other }"}, c.keys...)
			end := ending(got.outcome)
			if h := got.outcome.Chain; h != nil {
				end = "chains " + h.Name
			}
			if end != c.want || got.took.Round(100*time.Millisecond) != c.took {
				t.Errorf("ends with %q after %s, want %q after %s\nconsole:\n%s", end, got.took, c.want, c.took, strings.Join(got.lines, "\n"))
			}
		})
	}
}

func TestWhatGrubAsksFor(t *testing.T) {
	const lists = "/x86_64-efi/command.lst ✗|PREFIX/x86_64-efi/fs.lst ✗|PREFIX/x86_64-efi/crypto.lst ✗|PREFIX/x86_64-efi/terminal.lst ✗|"
	for _, c := range []struct {
		name, config string
		files        tree
		want         string // behind the search for a configuration
	}{
		{"lists of modules, then the configuration", "echo", nil, "PREFIX" + lists + "PREFIX/grub.cfg"},
		{"a module in the core is not asked for", "insmod linux", nil, "PREFIX" + lists + "PREFIX/grub.cfg"},
		{"a module that is not there", "insmod no", nil, "PREFIX" + lists + "PREFIX/grub.cfg|PREFIX/x86_64-efi/no.mod ✗"},
		{"a module, then what it needs", "insmod a", tree{"/grub/x86_64-efi/a.mod": string(grubModule("a", "b\x00linux")), "/grub/x86_64-efi/b.mod": string(grubModule("b", ""))},
			"PREFIX" + lists + "PREFIX/grub.cfg|PREFIX/x86_64-efi/a.mod|PREFIX/x86_64-efi/b.mod"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := runGrub(t, grubCore("(tftp,192.168.9.2)/grub", "", usual()...), c.config, c.files)
			const search = 9 // by the MAC address, and eight digits
			have := strings.Join(got.requests[min(search, len(got.requests)):], "|")
			if want := strings.ReplaceAll(c.want, "PREFIX", "/grub"); have != want {
				t.Errorf("asks for %s\nwant     %s", have, want)
			}
			if got.requests[0] != "/grub/grub.cfg-01-52-54-00-12-34-56 ✗" || got.requests[8] != "/grub/grub.cfg-C ✗" {
				t.Errorf("the configuration of this machine is looked for as %s", got.requests[:search])
			}
		})
	}
}

func TestAnEmbeddedConfigurationComesFirst(t *testing.T) {
	core := grubCore("/nowhere", "set prefix=(tftp,192.168.9.2)/own\nset root=tftp,192.168.9.2\n", usual()...)
	got := runGrub(t, core, "", tree{"/own/grub.cfg": "linux /linux own\nboot"})
	if end := ending(got.outcome); end != "linux: BOOT_IMAGE=/linux own" {
		t.Errorf("ends with %q\n%s", end, strings.Join(got.requests, "\n"))
	}
}
