package loader

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// mboot is mboot.c32: a multiboot kernel and its modules, separated by words "---". The file name is part of
// each command line, as GRUB had it (syslinux com32/mboot/mboot.c, get_modules).
func (p *pxe) mboot(words []string) {
	if p.Stage != nil {
		p.Stage(p.now, "mboot.c32")
	}
	for len(words) > 0 && (words[0] == "-solaris" || words[0] == "-aout") {
		words = words[1:]
	}
	if len(words) == 0 {
		p.broken("Usage: mboot.c32 [opts] mboot_file args... [--- module args...]...", "no file is named")
	}
	var h Handoff
	var images [][]byte
	for len(words) > 0 {
		n := slices.Index(words, "---")
		group := words[:max(n, 0)]
		if n < 0 {
			group, n = words, len(words)-1
		}
		words = words[n+1:]
		if len(group) == 0 {
			p.broken("Loading ---... failed!", "a module between two --- has no file name")
		}
		content, ok := p.open(group[0])
		if !ok {
			p.say("Loading %s... failed!", group[0])
			p.broken("No files found!", "Loading "+group[0]+"... failed!")
		}
		p.memory(group[0], content)
		p.say("Loading %s... ok", group[0])
		h.Modules = append(h.Modules, NewModule(group[0], strings.Join(group, " "), content))
		images = append(images, content)
	}
	p.multiboot(&h, images)
	h.Kind = "multiboot"
	h.Cmdlines = visible(h.Modules)
	p.end(Outcome{Handoff: &h})
}

// multiboot checks the images as far as the programs that get them would notice.
func (p *pxe) multiboot(h *Handoff, images [][]byte) {
	name := h.Modules[0].Name
	kernel, err := unzip(images[0])
	if err != nil {
		p.broken("Failed to map symbol section", fmt.Sprintf("kernel truncated: %s: %v", name, err))
	}
	if !isELF(kernel) && !multibootHeader(kernel) {
		p.broken("Invalid Multiboot image: neither ELF header nor a.out kludge found", name+" is not a multiboot kernel")
	}
	for i, m := range h.Modules[1:] {
		if want := kernelSize(images[i+1]); m.Size < want {
			p.fail("Panic on CPU 0: Could not construct domain 0", truncated(m.Name, int(m.Size), want))
		}
	}
}

// unzip is zloadfile: gzip or not.
func unzip(content []byte) ([]byte, error) {
	if !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		return content, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	// The header is wanted, and the checksum at the end; what lies between is not kept.
	var start bytes.Buffer
	if _, err := io.CopyN(&start, z, 8192); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	_, err = io.Copy(io.Discard, z)
	return start.Bytes(), err
}

// multibootHeader finds the magic number in the first 8 KiB (Multiboot specification 0.6.96, section 3.1.1).
func multibootHeader(k []byte) bool {
	for i := 0; i+12 <= min(len(k), 8192); i += 4 {
		magic := binary.LittleEndian.Uint32(k[i:])
		if magic == 0x1badb002 && magic+binary.LittleEndian.Uint32(k[i+4:])+binary.LittleEndian.Uint32(k[i+8:]) == 0 {
			return true
		}
	}
	return false
}

// visible are the command lines that consoles print: Xen cuts the file name off its own and off dom0's, and
// nobody prints that of an initial RAM disk, which is its file name.
func visible(modules []Module) (lines []string) {
	for i, m := range modules {
		_, args, ok := strings.Cut(m.Cmdline, " ")
		if ok || i < 2 {
			lines = append(lines, args)
		}
	}
	return lines
}
