package loader

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// linux loads a kernel and its initial RAM disks. The command line is BOOT_IMAGE, the file, and the text of
// the entry as it stands (syslinux com32/elflink/ldlinux/kernel.c, and the log of a kernel booted so).
func (p *pxe) linux(file, args string) {
	cmdline := "BOOT_IMAGE=" + file + " " + args
	kernel, ok := p.open(file)
	if !ok {
		p.broken(p.words("Loading "+file+"... failed: No such file or directory", "Could not find kernel image: "+file), file+" is not there")
	}
	p.memory(file, kernel)
	p.say("Loading %s... ok", file)
	modules := []Module{NewModule(file, cmdline, kernel)}
	for _, name := range initrds(cmdline) {
		content, ok := p.open(name)
		if !ok {
			p.broken(p.words("Loading "+name+"...failed: No such file or directory", "Could not find ramdisk image: "+name), name+" is not there")
		}
		p.memory(name, content)
		p.say("Loading %s...ok", name)
		modules = append(modules, NewModule(name, "", content))
	}
	if !bootSector(kernel) {
		p.broken(p.words("Booting kernel failed: Invalid argument", "Invalid or corrupt kernel image."), file+" is not a Linux kernel")
	}
	if want := kernelSize(kernel); int64(len(kernel)) < want {
		p.fail("the machine resets while the kernel starts", truncated(file, len(kernel), want))
	}
	p.end(Outcome{Handoff: &Handoff{Kind: "linux", Cmdlines: []string{cmdline}, Modules: modules}})
}

// words picks what version 6 or version 4 prints.
func (p *pxe) words(six, four string) string {
	if p.version >= 5 {
		return six
	}
	return four
}

func truncated(name string, have int, want int64) string {
	return fmt.Sprintf("kernel truncated: %s has %d bytes, its header says %d", name, have, want)
}

// initrds are the names behind the first "initrd=", at commas.
func initrds(cmdline string) []string {
	_, rest, ok := strings.Cut(cmdline, "initrd=")
	if !ok {
		return nil
	}
	names, _, _ := strings.Cut(rest, " ")
	return strings.Split(names, ",")
}

// bootSector says that a file begins as a Linux kernel must.
func bootSector(k []byte) bool { return len(k) >= 1024 && k[510] == 0x55 && k[511] == 0xaa }

// kernelSize is the size a bzImage gives in its header (Documentation/arch/x86/boot.rst: setup_sects, syssize),
// 0 when it has none. Nothing in pxelinux checks it: a kernel cut short starts and takes the machine down.
func kernelSize(k []byte) int64 {
	if len(k) < 0x264 || string(k[0x202:0x206]) != "HdrS" || binary.LittleEndian.Uint16(k[0x206:]) < 0x204 {
		return 0
	}
	sects := int64(k[0x1f1])
	if sects == 0 {
		sects = 4
	}
	return (sects+1)*512 + int64(binary.LittleEndian.Uint32(k[0x1f4:]))*16
}

// NewModule is a file as it lies in memory.
func NewModule(name, cmdline string, content []byte) Module {
	sum := sha256.Sum256(content)
	return Module{Name: name, Cmdline: cmdline, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// memory takes a file's bytes from the machine.
func (p *pxe) memory(name string, content []byte) {
	p.loaded += int64(len(content))
	if p.Memory > 0 && p.loaded > p.Memory {
		p.broken("Could not allocate memory.", fmt.Sprintf("%s makes %d bytes of files, the machine has %d", name, p.loaded, p.Memory))
	}
}
