package loader

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
)

// An imageKind is an image type of iPXE, as imgstat shows it.
type imageKind string

// The types that run. What is none of them is an NBP for BIOS iPXE unless it begins with MZ
// (src/arch/x86/image/pxe_image.c), and nothing for one of UEFI.
const (
	notImage  imageKind = ""
	script    imageKind = "[script]"
	bzimage   imageKind = "[bzImage]"
	multiboot imageKind = "[Multiboot]"
	nbp       imageKind = "[PXE-NBP]"
	efiImage  imageKind = "[EFI]"
)

// kind is what iPXE takes an image for, by how it begins.
func (p *shell) kind(img *bootImage) imageKind {
	bios := p.Profile.Machine == 0
	switch {
	case ipxe.Is(img.content):
		return script
	case bios && bootSector(img.content) && string(img.content[0x202:0x206]) == "HdrS":
		return bzimage
	case bios && multibootHeader(img.content):
		return multiboot
	case p.Profile.Refuses(img.content) != "":
		return notImage
	case !bios:
		return efiImage
	case len(img.content) <= maxNBP:
		return nbp
	}
	return notImage
}

// maxNBP is what fits into base memory, above 0x7c00 (pxe_image.c, pxe_probe).
const maxNBP = 0xa0000 - 0x7c00

func sizeText(content []byte) string { return strconv.Itoa(len(content)) + " bytes" }

func (p *shell) notExecutable(img *bootImage) *trouble {
	t := p.number("Exec format error", 0x2e008001)
	t.cause = img.name + ": " + cmp.Or(p.Profile.Refuses(img.content), "it is no image, and too large for a boot program")
	return t
}

// boot is chain and imgexec too: it runs an image, and comes back if that does.
func (p *shell) boot(given ipxe.Given, words []string) *trouble {
	img, t := p.chosen(given, words)
	if t == nil {
		t = p.exec(img)
		if t != nil {
			p.say("Could not boot: %s", t)
		}
	}
	if given.Has("autofree") && img != nil {
		p.drop(img)
	}
	if given.Has("replace") && t == nil {
		p.stop, p.status = stopSequence, nil
	}
	return t
}

// exec runs an image by its kind (core/image.c, image_exec).
func (p *shell) exec(img *bootImage) *trouble {
	switch p.kind(img) {
	case script:
		p.drop(img) // so that "boot" in it does not mean it
		t := p.script(img)
		p.images = append(p.images, img)
		return t
	case bzimage:
		p.linux(img, img.cmdline, p.others(img))
	case multiboot:
		p.multiboot(img)
	case nbp:
		p.start(img)
	case efiImage:
		if bootSector(img.content) && string(img.content[0x202:0x206]) == "HdrS" {
			return p.efiLinux(img)
		}
		p.start(img)
	}
	return p.notExecutable(img)
}

// others are all images but one: what a kernel finds for its initrd.
func (p *shell) others(kernel *bootImage) []*bootImage {
	return slices.DeleteFunc(slices.Clone(p.images), func(img *bootImage) bool { return img == kernel })
}

// linux hands over to a kernel.
func (p *shell) linux(kernel *bootImage, cmdline string, initrds []*bootImage) {
	if want := kernelSize(kernel.content); int64(len(kernel.content)) < want {
		p.fail("the machine resets while the kernel starts", truncated(kernel.name, len(kernel.content), want))
	}
	h := &Handoff{Kind: "linux", Cmdlines: []string{cmdline}, Modules: []Module{p.module(kernel, cmdline)}}
	for _, img := range initrds {
		h.Modules = append(h.Modules, p.module(img, img.cmdline))
	}
	p.end(Outcome{Handoff: h})
}

// efiLinux is a kernel with an EFI stub: its name leads its command line, and of the images it takes those that
// initrd= names, as files.
func (p *shell) efiLinux(kernel *bootImage) *trouble {
	var initrds []*bootImage
	for word := range strings.FieldsSeq(kernel.cmdline) {
		name, ok := strings.CutPrefix(word, "initrd=")
		if !ok {
			continue
		}
		img := p.image(strings.TrimLeft(name, `\/`))
		if img == nil {
			p.fail("EFI stub: ERROR: Failed to open file: "+name, fmt.Sprintf("initrd=%s names no image of iPXE", name))
		}
		initrds = append(initrds, img)
	}
	p.linux(kernel, strings.TrimSpace(kernel.name+" "+kernel.cmdline), initrds)
	return nil
}

// multiboot hands over to Xen or its like, all other images as modules.
func (p *shell) multiboot(kernel *bootImage) {
	h := &Handoff{Kind: "multiboot"}
	for _, img := range append([]*bootImage{kernel}, p.others(kernel)...) {
		h.Modules = append(h.Modules, p.module(img, strings.TrimSpace(img.uri.String()+" "+img.cmdline)))
	}
	h.Cmdlines = visible(h.Modules)
	p.end(Outcome{Handoff: h})
}

// module is an image as the server has it, by the name it was asked for.
func (p *shell) module(img *bootImage, cmdline string) Module {
	name := img.uri.Path
	if img.uri.Scheme == "tftp" {
		name = img.uri.TFTPName()
	}
	return NewModule(name, cmdline, img.content)
}

// start leaves for another boot program.
func (p *shell) start(img *bootImage) {
	h := *p.Handover
	h.Program, h.Name, h.URL = img.content, img.uri.TFTPName(), img.uri.String()
	p.cached(&h)
	p.end(Outcome{Chain: &h})
}

// sanboot leaves for a disk: the machine's own, or one of the network, which a scripted machine has not.
func (p *shell) sanboot(given ipxe.Given, words []string) *trouble {
	p.say("Booting from SAN device %s", given["drive"])
	if len(words) == 0 || bytes.EqualFold([]byte(words[0]), []byte("local")) {
		p.end(Outcome{Handoff: &Handoff{Kind: "local"}})
	}
	p.end(Outcome{Handoff: &Handoff{Kind: "san", Cmdlines: []string{strings.Join(words, " ")}}})
	return nil
}

func san() ipxe.Options {
	return ipxe.Options{"drive:", "no-describe", "keep", "filename:", "extra:", "uuid:"}
}

func (p *shell) sanhook(ipxe.Given, []string) *trouble {
	p.fail("iPXE hooks a disk", "the scripted machine has no SAN: "+p.words())
	return nil
}
