package loader

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
)

// runIPXE runs a script, dir/boot.ipxe, on an iPXE, and presses the keys when it waits for them.
func runIPXE(t *testing.T, profile, script string, files tree, keys ...string) ran {
	t.Helper()
	n := testnet.New(func(name string) ([]byte, bool) { c, ok := files[name]; return []byte(c), ok })
	h := handed(t, n, "#!ipxe\n"+script, "dir/boot.ipxe")
	h.URL = "tftp://192.168.9.2/dir/boot.ipxe"
	its, err := rom.Lookup(profile)
	if err != nil {
		t.Fatal(err)
	}
	return drive(t, n, Config{Handover: h, Profile: its}, keys)
}

// ipxeFiles are what scripts of the tests name.
func ipxeFiles() tree {
	return tree{
		"dir/ok.ipxe": "#!ipxe\necho in ok\n", "dir/sub/deep.ipxe": "#!ipxe\nchain ../ok.ipxe\n", "dir/fails.ipxe": "#!ipxe\nisset ${no}\necho never\n",
		"dir/self.ipxe": "#!ipxe\nchain self.ipxe\n", "dir/linux": bzImage(8192), "initrd.gz": "initrd", "dir/short": bzImage(8192)[:4096],
		"dir/big": strings.Repeat("b", 640<<10), "dir/nbp": six, "dir/efi": "MZ", "xen": mboot(), "dir/text": "some text",
	}
}

// mboot is a file with a multiboot header.
func mboot() string {
	return "\x02\xb0\xad\x1b\x00\x00\x00\x00\xfe\x4f\x52\xe4" + strings.Repeat("x", 1024)
}

// TestWhatScriptsPrint has what iPXE 1.0.0 printed for the same commands, on a BIOS machine.
func TestWhatScriptsPrint(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"settings", "echo ${mac} ${net0/mac:hexhyp} ${netX/ip} ${netmask} ${gateway} ${uuid} ${platform} ${buildarch} ${nosuch} ${busid}",
			"52:54:00:12:34:56 52-54-00-12-34-56 192.168.9.100 255.255.255.0 192.168.9.1 00112233-4455-6677-8800-000000000000 pcbios i386  01:80:86:10:0e"},
		{"a file is named by the proxy, a next server by the house's lease first", "echo ${filename} ${proxydhcp/filename} ${next-server} ${proxydhcp/next-server}",
			"dir/boot.ipxe dir/boot.ipxe 192.168.9.2 192.168.9.2"},
		{"a stored value shadows all others", "set next-server 10.0.0.1\nset net0/ip 10.0.0.2\necho ${next-server} ${ip} ${net0.dhcp/ip} ${proxydhcp/next-server}",
			"10.0.0.1 10.0.0.2 192.168.9.100 192.168.9.2"},
		{"clear", "set next-server 10.0.0.1\nclear next-server\necho ${next-server}", "192.168.9.2"},
		{"blanks and comments", "echo  many    blanks   here # not this", "many blanks here"},
		{"|| and &&", "isset ${no} && echo 1 || echo 2\niseq a a && echo 3 || echo 4\nisset ${no} || isset ${no} || echo 5", "2|3|5"},
		{"; runs always", "isset ${no} ; echo 1", "1"},
		{"inc makes a number of nothing", "inc n\ninc n 4\necho ${n} ${n:hex}", "5 00:00:00:05"},
		{"what set stored is a string and no number", "set a 5\ninc a || echo ${errno} ${a}",
			`Could not store "a": Operation not supported (http://ipxe.org/3c0c2003)|0x3c0c2003 5`},
		{"a number by its type", "set a:int32 5\ninc a 3\necho ${a} ${a:hexraw}", "8 00000008"},
		{"goto", "goto there\necho never\n:there echo here", "here"},
		{"goto nowhere", "goto nowhere || echo ${errno}", "0x2d02803b"},
		{"no such command", "frobnicate || echo ${errno}", "frobnicate: command not found|0x2e022001"},
		{"this build has no params", "params || echo none", "params: command not found|none"},
		{"wrong use", "iseq a || echo wrong", "Usage:|  iseq <value1> <value2>|See http://ipxe.org/cmd/iseq for further information|wrong"},
		{"a missing file", "chain no.ipxe || echo ${errno}", "no.ipxe... No such file or directory (http://ipxe.org/2d12613b)|0x2d12613b"},
		{"a script that ends well goes on behind chain", "chain sub/deep.ipxe && echo back", "sub/deep.ipxe... ok|../ok.ipxe... ok|in ok|back"},
		{"a script that fails", "chain fails.ipxe || echo ${errno}",
			"fails.ipxe... ok|Could not boot: No such file or directory (http://ipxe.org/2d02203b)|0x2d02203b"},
		{"what was fetched is not fetched again", "imgfetch ok.ipxe\nchain ok.ipxe", "ok.ipxe... ok|in ok"},
		{"another scheme", "chain ftp://192.168.9.2/x || echo on", "ftp://192.168.9.2/x... Operation not supported (http://ipxe.org/3c092003)|on"},
		{"imgstat", "kernel linux a b\ninitrd /initrd.gz\nimgstat\nimgfree\nimgstat",
			`linux... ok|/initrd.gz... ok|linux : 8192 bytes [bzImage] [SELECTED] "a b"|initrd.gz : 6 bytes [PXE-NBP]`},
		{"boot without a kernel", "boot || echo none", "No image selected|none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := runIPXE(t, "ipxe-bios", c.script, ipxeFiles())
			want := append(strings.Split(c.want, "|"), "No more network devices")
			if diff := cmp.Diff(want, got.lines); diff != "" {
				t.Errorf("console (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHowScriptsEnd(t *testing.T) {
	for _, c := range []struct {
		name, profile, script, want string
	}{
		{"a kernel with the arguments of its line", "ipxe-bios", "kernel linux a=1  b\ninitrd /initrd.gz\nboot", "linux: a=1 b"},
		{"imgargs replaces them", "ipxe-bios", "kernel linux a=1\nimgargs linux c\nboot", "linux: c"},
		{"a UEFI kernel has its name before them", "ipxe-efi", "kernel --name vmlinuz efilinux a\nboot", "linux: vmlinuz a"},
		{"a UEFI kernel that names an initrd it has not", "ipxe-efi", "kernel efilinux initrd=none\nboot",
			"EFI stub: ERROR: Failed to open file: none: initrd=none names no image of iPXE"},
		{"a kernel cut short", "ipxe-bios", "chain short", "the machine resets while the kernel starts: kernel truncated: short has 4096 bytes, its header says 8192"},
		{"Xen", "ipxe-bios", "kernel /xen dom0\nmodule linux console\nboot", "multiboot: dom0 | console"},
		{"another program", "ipxe-bios", "chain nbp", "chains tftp://192.168.9.2/dir/nbp"},
		{"a text is a program to a BIOS", "ipxe-bios", "chain text", "chains tftp://192.168.9.2/dir/text"},
		{"what does not fit below 640 KiB is no program", "ipxe-bios", "chain big",
			"Could not boot image: Exec format error (http://ipxe.org/2e008001): big: it is no image, and too large for a boot program"},
		{"a text is none to UEFI", "ipxe-efi", "chain text", "Could not boot image: Exec format error (http://ipxe.org/2e008081): text: it is no UEFI program"},
		{"a UEFI program on a BIOS", "ipxe-bios", "chain efi",
			"Could not boot image: Exec format error (http://ipxe.org/2e008001): efi: it is a UEFI program and this is a BIOS machine"},
		{"a line that fails ends the script", "ipxe-bios", "\n\niseq a b\necho never",
			"Could not boot image: Range error (http://ipxe.org/42022001): in line 4 of tftp://192.168.9.2/dir/boot.ipxe"},
		{"exit", "ipxe-bios", "exit\nchain nbp", "local: "},
		{"exit 1", "ipxe-bios", "exit 1", "Could not boot image: Error 1 (http://ipxe.org/1): the script says exit 1"},
		{"exit ends the inner script alone", "ipxe-bios", "chain exits.ipxe\nchain nbp", "chains tftp://192.168.9.2/dir/nbp"},
		{"the local disk", "ipxe-bios", "sanboot --no-describe --drive 0x80", "local: "},
		{"a disk of the network", "ipxe-bios", "sanboot iscsi:192.168.9.2::::iqn.x", "san: iscsi:192.168.9.2::::iqn.x"},
		{"a shell", "ipxe-bios", "shell", "iPXE> : the script asks for somebody at the keyboard: shell"},
		{"a circle", "ipxe-bios", ":a\ngoto a", "the script runs in a circle: 16384 commands and nothing waited for, the last is goto a"},
		{"scripts without end", "ipxe-bios", "chain self.ipxe", "iPXE runs out of stack: scripts chain scripts, 64 deep: tftp://192.168.9.2/dir/self.ipxe"},
		{"a lease again", "ipxe-bios", "dhcp && chain nbp", "chains tftp://192.168.9.2/dir/nbp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := ipxeFiles()
			files["dir/efilinux"], files["dir/exits.ipxe"] = efiLinux(), "#!ipxe\nexit\nshell\n"
			got := runIPXE(t, c.profile, c.script, files)
			end := ending(got.outcome)
			if h := got.outcome.Chain; h != nil {
				end = "chains " + h.URL
			}
			if end != c.want {
				t.Errorf("ends with %q, want %q\nconsole:\n%s", end, c.want, strings.Join(got.lines, "\n"))
			}
		})
	}
}

// efiLinux is a kernel whose boot sector is a PE image for x86-64.
func efiLinux() string {
	k := []byte(bzImage(8192))
	copy(k, "MZ")
	k[0x3c] = 0x40
	copy(k[0x40:], "PE\x00\x00\x64\x86")
	return string(k)
}

func TestWhatAScriptWaitsFor(t *testing.T) {
	const menu = "menu Which\nitem --gap -- One of\nitem a A\nitem --key x b B\nitem --default c C\nchoose "
	for _, c := range []struct {
		name, script string
		keys         []string
		want         string // what is printed last but one
		took         time.Duration
	}{
		{"sleep is virtual time", "sleep 70", nil, "", 70 * time.Second},
		{"a prompt times out", "prompt --timeout 500 Key || echo ${errno}", nil, "0x4c22e035", 500 * time.Millisecond},
		{"any key ends a prompt", "prompt --timeout 5000 Key && echo yes", []string{"a"}, "yes", 0},
		{"a prompt for one key", "prompt --key n Key && echo yes || echo no", []string{"a"}, "no", 0},
		{"a prompt for one key by its number", "prompt --key 0x6e Key && echo yes || echo no", []string{"n"}, "yes", 0},
		{"a menu times out at its default", menu + "--timeout 3000 it\necho ${it}", nil, "c", 3 * time.Second},
		{"the default of choose is stronger", menu + "--timeout 3000 --default b it\necho ${it}", nil, "b", 3 * time.Second},
		{"keys move, over gaps and not beyond", menu + "it\necho ${it}", []string{"down", "up", "up", "up", "up", "ret"}, "a", 0},
		{"a page up and the end", menu + "--default b it\necho ${it}", []string{"pgup", "end", "ret"}, "c", 0},
		{"a key of an item", menu + "it\necho ${it}", []string{"x"}, "b", 0},
		{"a key ends the timeout", menu + "--timeout 3000 it\necho ${it}", []string{"up", "ret"}, "b", 0},
		{"Esc", menu + "it || echo gone", []string{"esc"}, "gone", 0},
		{"no menu", "choose it || echo none", nil, "none", 0},
		{"a menu is gone once something was chosen", menu + "--timeout 1000 it\nchoose it || echo none", nil, "none", time.Second},
		{"read", "read name\necho ${name}", []string{"a", "b", "backspace", "c", "ret"}, "ac", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := runIPXE(t, "ipxe-bios", c.script, ipxeFiles(), c.keys...)
			last := ""
			if len(got.lines) > 1 {
				last = got.lines[len(got.lines)-2]
			}
			if last != c.want || got.took.Round(100*time.Millisecond) != c.took {
				t.Errorf("says %q after %s, want %q after %s\nconsole:\n%s", last, got.took, c.want, c.took, strings.Join(got.lines, "\n"))
			}
		})
	}
}

func TestAProgramFindsWhatTheScriptSet(t *testing.T) {
	got := runIPXE(t, "ipxe-bios", "set 210:string tftp://10.0.0.1/x/\nset 209:string my.cfg\nchain nbp", ipxeFiles())
	h := got.outcome.Chain
	if h == nil {
		t.Fatalf("ends with %s", ending(got.outcome))
	}
	if option(h, 210) != "tftp://10.0.0.1/x/" || option(h, 209) != "my.cfg" || h.Boot.File() != "dir/boot.ipxe" || h.Server.String() != "192.168.9.2" {
		t.Errorf("the program finds prefix %q, configuration %q, file %q, server %s", option(h, 210), option(h, 209), h.Boot.File(), h.Server)
	}
}
