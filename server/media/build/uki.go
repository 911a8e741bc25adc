package build

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"

	"github.com/bootrig/bootrig/server/media/pe"
)

// A UKI is what a unified kernel image is made of: systemd's stub with a kernel, its initrds and its command line
// as sections behind its own (https://uapi-group.org/specifications/specs/unified_kernel_image/). Firmware
// starts it like any program, by PXE and by HTTP; nothing has to be configured and nothing more is fetched.
// It is not signed: under Secure Boot firmware refuses it.
type UKI struct {
	Stub    Part
	Kernel  Part   // with an EFI stub of its own, as all kernels of distributions have
	Initrds []Part // in the order in which the kernel unpacks them
	Args    string // the kernel's command line
	Title   string // what the stub and systemd-boot call it
}

// Image puts it together. A kernel that is not for the stub's machine is refused.
func (u UKI) Image() (Part, error) {
	stub, err := pe.Read(u.Stub, u.Stub.Size)
	if err != nil {
		return Part{}, fmt.Errorf("the stub of a unified kernel image: %w", err)
	}
	kernel, err := Kernel(u.Kernel)
	if err != nil {
		return Part{}, err
	}
	inner, err := pe.Read(kernel, kernel.Size)
	if err != nil {
		return Part{}, fmt.Errorf("a unified kernel image needs a kernel that is an EFI program: %w", err)
	}
	if inner.Machine != stub.Machine {
		return Part{}, fmt.Errorf("a kernel for machine %#04x behind a stub for machine %#04x", inner.Machine, stub.Machine)
	}
	more := []added{
		{".osrel", Text(fmt.Sprintf("ID=bootrig\nPRETTY_NAME=%q\n", u.Title)), pe.Initialized | pe.Readable},
		{".cmdline", Text(u.Args), pe.Initialized | pe.Readable},
		{".initrd", Initrds(u.Initrds...), pe.Initialized | pe.Readable},
		// The last one: a kernel that is started where it lies grows into what is behind it.
		{".linux", kernel, pe.Code | pe.Initialized | pe.Executable | pe.Readable},
	}
	if len(u.Initrds) == 0 {
		more = append(more[:2], more[3])
	}
	return extend(stub, u.Stub, more)
}

// An added is a section to be.
type added struct {
	name            string
	data            Part
	characteristics uint32
}

// extend is a program with sections behind its own.
func extend(f *pe.File, program Part, more []added) (Part, error) {
	sections, parts := f.Sections, []Part{padded(int64(f.FileAlignment), program)}
	at, address := parts[0].Size, up(int64(f.End()), int64(f.SectionAlignment))
	for _, m := range more {
		data := padded(int64(f.FileAlignment), m.data)
		if address+data.Size > math.MaxInt32 || at+data.Size > math.MaxInt32 {
			return Part{}, fmt.Errorf("%s of %d bytes: a unified kernel image has less than 2 GiB", m.name, m.data.Size)
		}
		sections = append(sections[:len(sections):len(sections)], pe.Section{
			Name: m.name, VirtualSize: uint32(m.data.Size), VirtualAddress: uint32(address),
			Size: uint32(data.Size), Offset: uint32(at), Characteristics: m.characteristics,
		})
		parts = append(parts, data)
		at, address = at+data.Size, up(address+data.Size, int64(f.SectionAlignment))
	}
	head, err := f.Head(sections)
	if err != nil {
		return Part{}, err
	}
	parts[0] = Join(Bytes(head), Slice(parts[0], int64(len(head)), parts[0].Size))
	return Join(parts...), nil
}

// maxKernel is more than any kernel has, unpacked.
const maxKernel = 256 << 20

// Kernel is a kernel as firmware starts it. That of an ARM64 machine may be packed with gzip, as U-Boot and GRUB
// take it: it is unpacked into memory. Others are used where they lie.
func Kernel(p Part) (Part, error) {
	var magic [2]byte
	if _, err := p.ReadAt(magic[:], 0); err != nil {
		return Part{}, fmt.Errorf("a kernel of %d bytes: %w", p.Size, err)
	}
	if magic != [2]byte{0x1f, 0x8b} {
		return p, nil
	}
	return unpack(p, maxKernel)
}

func unpack(p Part, most int64) (Part, error) {
	z, err := gzip.NewReader(io.NewSectionReader(p, 0, p.Size))
	if err != nil {
		return Part{}, fmt.Errorf("unpack a kernel: %w", err)
	}
	z.Multistream(false)
	var all bytes.Buffer
	switch n, err := io.Copy(&all, io.LimitReader(z, most+1)); {
	case err != nil:
		return Part{}, fmt.Errorf("unpack a kernel: %w", err)
	case n > most:
		return Part{}, fmt.Errorf("unpack a kernel: it has more than %d bytes", most)
	}
	return Bytes(all.Bytes()), nil
}
