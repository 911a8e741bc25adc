package scenarios_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/verdict"
)

// A chain is a way to boot that works.
type chain struct {
	name, firmware, set string
	server              string // what our server is told beside its configuration
	service             string // the client architecture's, as pxe-service has it
	program             string
	config              string   // of pxelinux
	needs               []string // modules
	kernels, ramdisks   []string
	end                 string   // what is expected last
	conf                []string // dnsmasq.conf in place of that which names the program by its service
	files               map[string]string
	relayed             bool // it is on a LAN of its own, behind a relay
}

// chains are the firmware that there is a script of, each with the programs that it runs.
func chains() []chain {
	const linux = "default linux\nlabel linux\nkernel boot/amd64/linux\nappend initrd=boot/amd64/initrd.gz\n"
	const xen = "default xen\nlabel xen\nkernel mboot.c32\nappend xenserver/xen.gz --- xenserver/vmlinuz --- xenserver/install.img\n"
	debian := chain{set: "small", service: "x86PC", program: "pxelinux.0", config: linux, needs: []string{"ldlinux.c32"},
		kernels: []string{"boot/amd64/linux"}, ramdisks: []string{"boot/amd64/initrd.gz"}}
	six := chain{set: "xen-small", service: "x86PC", program: "pxelinux.0", config: xen, needs: []string{"ldlinux.c32", "mboot.c32", "libcom32.c32"},
		ramdisks: []string{"xenserver/vmlinuz", "xenserver/install.img"}}
	four := chain{set: "small4", service: "x86PC", program: "pxelinux.0", config: xen, needs: []string{"mboot.c32"}, ramdisks: []string{"xenserver/vmlinuz"}}
	efi := chain{set: "bootrig", service: "x86-64_EFI", program: "efi/bootrig.efi"}
	named := func(c chain, name, firmware, server string) chain {
		c.name, c.firmware, c.server, c.end = name, firmware, server, "handoff"
		return c
	}
	return []chain{
		named(debian, "iPXE, Debian", "ipxe-bios", ""), named(debian, "iPXE, Debian, direct", "ipxe-bios", "offer=direct"), named(debian, "Intel, Debian", "intel-undi", ""),
		named(six, "iPXE, Xen", "ipxe-bios", ""), named(four, "iPXE, Xen of syslinux 4", "ipxe-bios", ""), named(six, "Intel, Xen", "intel-undi", ""),
		named(efi, "iPXE for UEFI", "ipxe-efi", ""), named(efi, "EDK2", "ovmf-x64", ""), named(efi, "EDK2, direct", "ovmf-x64", "offer=direct"),
		named(web(), "EDK2 by HTTP", "ovmf-x64-http", "http=80"), named(byScript(), "iPXE, a script by HTTP", "ipxe-bios", "http=80"),
		named(behindRelay(debian), "iPXE behind a relay", "ipxe-bios", ""), named(behindRelay(efi), "EDK2 behind a relay", "ovmf-x64", ""),
	}
}

// realChains are those of real ROMs, which can run the embedded program.
func realChains() []chain {
	const end = "console 'bootrig: server'"
	return []chain{
		{name: "iPXE", firmware: "ipxe-bios", set: "bootrig", service: "x86PC", program: "bootrig.0", end: end},
		{name: "EDK2", firmware: "ovmf-x64", set: "bootrig", service: "x86-64_EFI", program: "efi/bootrig.efi", end: end},
	}
}

func (c chain) edk2() bool { return strings.HasPrefix(c.firmware, "ovmf") }

func (c chain) intel() bool { return strings.HasPrefix(c.firmware, "intel") }

func (c chain) uefi() bool { return c.service == "x86-64_EFI" }

// A bench is a lab that is made of a chain, and broken.
type bench struct {
	chain
	conf    []string          // the lines of dnsmasq.conf
	lines   []string          // of the scenario
	content string            // options of the content
	files   map[string]string // below the root
	far     bool              // the house is behind the relay too
}

func newBench(c chain) *bench {
	b := &bench{chain: c, files: map[string]string{}, conf: []string{"port=0", "dhcp-range=192.168.9.0,proxy",
		fmt.Sprintf("pxe-service=%s,Boot,%s", c.service, strings.TrimSuffix(c.program, ".0")), "enable-tftp", "tftp-root=/tftpboot"}}
	if c.config != "" {
		b.files["pxelinux.cfg/default"] = c.config
	}
	maps.Copy(b.files, c.files)
	if c.conf != nil {
		b.conf = slices.Clone(c.conf)
	}
	if c.relayed {
		b.conf = append(b.conf, "dhcp-range=192.168.10.0,proxy,255.255.255.0")
	}
	return b
}

// scenario is the text of it.
func (b *bench) scenario() []byte {
	var s strings.Builder
	lans, place := "lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2", "ip=192.168.9.100"
	if b.relayed {
		lans = "lan office 192.168.10.0/24 house=192.168.10.1\nlan racks 192.168.9.0/24 server=192.168.9.2\nrelay office racks"
		place = "ip=192.168.10.100 lan=office"
	}
	if b.far {
		lans = "lan office 192.168.10.0/24\nlan racks 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2\nrelay office racks"
	}
	fmt.Fprintf(&s, "%s\nserver dnsmasq.conf %s\ncontent /tftpboot %s%s\n", lans, b.server, b.set, b.content)
	fmt.Fprintf(&s, "guest pc firmware=%s mac=52:54:00:12:34:56 %s\n", b.firmware, place)
	fmt.Fprintf(&s, "%s\nexpect pc %s\n-- dnsmasq.conf --\n%s\n", strings.Join(b.lines, "\n"), b.end, strings.Join(b.conf, "\n"))
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		fmt.Fprintf(&s, "-- /tftpboot/%s --\n%s", name, b.files[name])
	}
	return []byte(s.String())
}

// An injected fault is a way to break a chain, and what is to be said of it.
type injected struct {
	name  string
	want  string
	spoil func(*bench)
}

// line adds a line to the scenario.
func line(name, want, text string) injected {
	return injected{name, want, func(b *bench) { b.lines = append(b.lines, text) }}
}

// configured has another line in place of those of the configuration that begin so.
func configured(name, want, begin, other string) injected {
	return injected{name, want, func(b *bench) {
		b.conf = append(slices.DeleteFunc(b.conf, func(l string) bool { return strings.HasPrefix(l, begin) }), other)
	}}
}

// omitted, replaced and cut are what is done to one file.
func omitted(file, want string) injected {
	return injected{file + " is missing", want, func(b *bench) {
		b.content += " omit=" + file
		delete(b.files, file)
	}}
}

func replaced(file, by, text, want string) injected {
	return injected{file + " is " + by, want, func(b *bench) { b.files[file] = text }}
}

func cut(file string, size int, want string) injected {
	return injected{fmt.Sprintf("%s has %d bytes", file, size), want, func(b *bench) { b.content += fmt.Sprintf(" truncate=%s:%d", file, size) }}
}

// What is found in place of files.
const (
	page    = "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"
	pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)

// faultsOf are the ways in which a chain is broken.
func faultsOf(c chain) []injected {
	switch {
	case c.conf != nil:
		return ofHTTP(c)
	case c.relayed:
		return ofTheRelay(c)
	}
	return slices.Concat(ofTheWire(c), ofTheHouse(c), ofTheServer(c), ofTheProgram(c), ofTheMenu(c), ofTheContent(c))
}

// ofTheContent are those of what the program asks for.
func ofTheContent(c chain) (all []injected) {
	for _, f := range c.kernels {
		all = append(all, ofAFile(f, "not-a-kernel")...)
		all = append(all, cut(f, 20000, "kernel-truncated"))
	}
	for _, f := range c.ramdisks {
		all = append(all, ofAFile(f, "not-a-kernel")...)
	}
	for _, f := range c.needs {
		all = append(all, ofAFile(f, "wrong-module")...)
	}
	if c.config != "" {
		all = append(all, ofTheConfiguration(c)...)
		all = append(all, rebooting("its kernel resets it", "reboot-loop", 3))
	}
	return all
}

// ofAFile are those of a file that something else is in place of.
func ofAFile(f, other string) []injected {
	missing := "file-missing"
	if f == "ldlinux.c32" {
		missing = "no-ldlinux"
	}
	return []injected{omitted(f, missing), replaced(f, "a page", page, other), replaced(f, "a pointer", pointer, other), cut(f, 0, "file-empty")}
}

func ofTheConfiguration(c chain) []injected {
	const file = "pxelinux.cfg/default"
	last := slices.Concat(c.kernels, c.ramdisks)[0]
	rewritten := func(name, to string) injected {
		return replaced(file, name, strings.Replace(c.config, last, to, 1), "file-missing")
	}
	return []injected{
		{file + " is missing", "no-configuration", func(b *bench) { delete(b.files, file) }},
		{file + " is called otherwise", "no-configuration", func(b *bench) {
			b.files["pxelinux.cfg/DEFAULT"] = b.files[file]
			delete(b.files, file)
		}},
		rewritten("of another root", "srv/"+last), rewritten("in another case", strings.ToUpper(last)), rewritten("behind a prefix", "tftpboot/"+last),
		{"the way to the server breaks", "stalled", func(b *bench) { b.lines = append(b.lines, "fault wire bandwidth=64K", "fault cut server after=5s") }},
	}
}

// unless is what is to be said of a chain whose firmware may not mind.
func unless(spared bool, want string) string {
	if spared {
		return verdict.Booted
	}
	return want
}

func ofTheWire(c chain) []injected {
	elsewhere := c.edk2() || c.intel() // it takes option 54 where siaddr is 0
	return []injected{
		line("the machine hears nobody", "unheard", "fault cut pc"),
		line("the server is cut off", "no-offer", "fault cut server"),
		line("the machine and the server do not hear each other", "no-offer", "fault cut pc server"),
		line("the machine and the house do not hear each other", "no-lease", "fault cut pc house"),
		line("port 67 is dead", "no-offer", "fault server drop=67"),
		line("port 69 is dead", "dead-tftp", "fault server drop=69"),
		line("large packets are lost", "blocks-lost", "fault wire mtu=600"),
		line("no OFFER of the server arrives", "no-offer", "fault server offer=never"),
		line("the disk of the server fails", "file-refused", "fault server error="+c.program+":512"),
		line("port 4011 is dead", unless(c.edk2() && c.server != "", "dead-4011"), "fault server drop=4011"),
		line("siaddr is 0", unless(elsewhere, "siaddr-zero"), "fault server siaddr=0.0.0.0"),
		line("siaddr is another's", "siaddr-elsewhere", "fault server siaddr=192.168.9.77"),
		line("option 60 is stripped", "offer-without-class", "fault server strip=60"),
		line("option 54 is stripped", unless(!c.edk2(), "offer-without-server-id"), "fault server strip=54"),
		line("port 4011 answers another port", unless(c.edk2() && c.server != "", "answer-not-taken"), "fault server answer=7777"),
		line("port 4011 answers from another address", verdict.Booted, "fault server answer=192.168.9.77"),
		line("port 4011 answers the server's port", unless(c.edk2() && c.server != "", "answer-not-taken"), "fault server answer=67"),
	}
}

func ofTheHouse(c chain) []injected {
	next := c.edk2() || c.intel() // it asks the next boot server where one does not answer
	return []injected{
		line("the house is silent", "no-lease", "house silent=on"),
		line("the house is far too slow", "no-lease", "house delay=200s"),
		line("another boot server is first", unless(next, "second-proxy"), "house 192.168.9.3 proxy=on file=evil.0"),
		line("the house says PXEClient", unless(c.intel(), "house-4011"), "house option=60:PXEClient"),
	}
}

func ofTheServer(c chain) []injected {
	return []injected{
		configured("the machine is ignored", "ignored", "dhcp-host", "dhcp-host=52:54:00:12:34:56,ignore"),
		configured("the server has nothing for it", "no-offer", "pxe-service", "pxe-service=ARM64_EFI,Boot,arm64.efi"),
		configured("TFTP is off", "dead-tftp", "enable-tftp", "log-dhcp"),
		configured("the boot file is another", "file-missing", "pxe-service", "pxe-service="+c.service+",Boot,absent.efi"),
		configured("the root is another's", "file-missing", "pxe-service", "pxe-service="+c.service+",Boot,tftpboot/"+c.program),
	}
}

func ofTheProgram(c chain) []injected {
	other := "efi/bootrig.efi"
	if c.uefi() {
		other = "bootrig.0"
	}
	return []injected{
		omitted(c.program, "file-missing"),
		replaced(c.program, "a page", page, "wrong-program"),
		replaced(c.program, "a pointer", pointer, "wrong-program"),
		cut(c.program, 0, "file-empty"),
		{"the program is another machine's", "wrong-program", func(b *bench) {
			b.lines = append(b.lines, "content /tftpboot bootrig")
			configured("", "", "pxe-service", "pxe-service="+c.service+",Boot,"+other).spoil(b)
		}},
	}
}

// healthy are habits of labs that break nothing.
func healthy(c chain) []injected {
	all := []injected{
		{"nothing is wrong", verdict.Booted, func(*bench) {}},
		line("the house names a file", verdict.Booted, "house file=left.0"),
		line("the house is slow", verdict.Booted, "house delay=300ms"),
		line("the wire loses", verdict.Booted, "fault wire loss=1%"),
		line("the wire doubles", verdict.Booted, "fault wire duplicate=20%"),
		line("the wire brings it in another order", verdict.Booted, "fault wire reorder=5%"),
		line("the wire is long", verdict.Booted, "fault wire delay=40ms jitter=20ms"),
		line("the wire corrupts", verdict.Booted, "fault wire corrupt=1%"),
		line("the wire loses some in a row", verdict.Booted, "fault wire loss=1% burst=3"),
		line("each OFFER comes twice", verdict.Booted, "fault server offer=twice"),
		line("the house is another's boot server", verdict.Booted, "house siaddr=192.168.9.77 option=66:192.168.9.77 option=67:left.0"),
		line("there are two houses", verdict.Booted, "house 192.168.9.4"),
	}
	if c.relayed {
		all = append(all, behind("the house is behind the relay too", verdict.Booted, ""))
	} else {
		all = append(all, line("the house names no router", verdict.Booted, "house router=off"))
	}
	if c.config != "" {
		all = append(all, rebooting("somebody resets it", verdict.Booted, 1))
	}
	return all
}
