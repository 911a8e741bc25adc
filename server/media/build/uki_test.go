package build

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	deb "github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/server/media/pe"
)

const netboot = "debian-installer-12-netboot-amd64/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/"

// unpacked is a file of a Debian package.
func unpacked(t *testing.T, name string) Part {
	t.Helper()
	cache, err := deb.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(cache, "deb", name))
	if err != nil {
		must.Skip(t, must.Content, err, " (make deps fetches it)")
	}
	return Bytes(b)
}

// efi is a small PE32+ program for a machine, with a section and the room for more.
func efi(machine uint16, text string) []byte {
	le := binary.LittleEndian
	p := make([]byte, 0x600)
	copy(p, "MZ")
	le.PutUint32(p[0x3c:], 0x40)
	copy(p[0x40:], "PE\x00\x00")
	le.PutUint16(p[0x44:], machine)
	le.PutUint16(p[0x46:], 1)
	le.PutUint16(p[0x54:], 240)
	for at, v := range map[int]uint32{32: 0x1000, 36: 0x200, 56: 0x2000, 60: 0x400, 108: 16} {
		le.PutUint32(p[0x58+at:], v)
	}
	le.PutUint16(p[0x58:], 0x20b)
	row := p[0x58+240:]
	copy(row, ".text")
	for at, v := range map[int]uint32{8: 0x200, 12: 0x1000, 16: 0x200, 20: 0x400, 36: pe.Code} {
		le.PutUint32(row[at:], v)
	}
	copy(p[0x400:], text)
	return p
}

func TestAUnifiedKernelImageHasItsParts(t *testing.T) {
	kernel := efi(0x8664, "kernel")
	image, err := UKI{Stub: Bytes(efi(0x8664, "stub")), Kernel: Bytes(kernel), Initrds: []Part{Text("one"), Text("two")}, Args: "quiet", Title: "Debian"}.Image()
	if err != nil {
		t.Fatal(err)
	}
	whole := content(t, image)
	f, err := pe.Read(image, image.Size)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i, s := range f.Sections {
		got[s.Name] = whole[s.Offset : s.Offset+min(s.Size, s.VirtualSize)]
		if s.VirtualAddress%f.SectionAlignment != 0 || s.Offset%f.FileAlignment != 0 || s.Size%f.FileAlignment != 0 {
			t.Errorf("%+v is not aligned", s)
		}
		if i > 0 && s.VirtualAddress < f.Sections[i-1].VirtualAddress+f.Sections[i-1].VirtualSize {
			t.Errorf("%+v lies over %+v", s, f.Sections[i-1])
		}
	}
	want := map[string]string{
		".text": content(t, Slice(Bytes(efi(0x8664, "stub")), 0x400, 0x200)), ".osrel": "ID=bootrig\nPRETTY_NAME=\"Debian\"\n",
		".cmdline": "quiet", ".initrd": "one\x00two", ".linux": string(kernel),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if f.SizeOfImage != f.Sections[4].VirtualAddress+0x1000 {
		t.Errorf("SizeOfImage %#x, the last section is %+v", f.SizeOfImage, f.Sections[4])
	}
	equal(t, image, []byte(whole))
}

func TestAKernelThatTheStubCannotStartIsRefused(t *testing.T) {
	stub := Bytes(efi(0xaa64, "stub"))
	for name, c := range map[string]struct {
		kernel Part
		want   string
	}{
		"one of another machine":     {Bytes(efi(0x8664, "kernel")), "machine 0x8664 behind a stub for machine 0xaa64"},
		"one without an EFI stub":    {Text(strings.Repeat("\x00", 600)), "needs a kernel that is an EFI program"},
		"nothing":                    {Text(""), "a kernel of 0 bytes"},
		"gzip that is none":          {Text("\x1f\x8bnot really"), "unpack a kernel"},
		"one of two gigabytes":       {Join(Bytes(efi(0xaa64, "")), Zeros(1<<31)), "less than 2 GiB"},
		"what unpacks to no program": {packed(Text("#!/bin/sh")), "needs a kernel that is an EFI program"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := (UKI{Stub: stub, Kernel: c.kernel}).Image(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it says %v, not %q", err, c.want)
			}
		})
	}
	if _, err := unpack(packed(Zeros(1001)), 1000); err == nil || !strings.Contains(err.Error(), "more than 1000 bytes") {
		t.Errorf("what unpacks to too much: %v", err)
	}
	if _, err := (UKI{Stub: Text("#!/bin/sh"), Kernel: stub}).Image(); err == nil {
		t.Error("a script is taken for a stub")
	}
}

func packed(p Part) Part {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	buf := make([]byte, 1<<20)
	for off := int64(0); off < p.Size; {
		n, _ := p.ReadAt(buf, off)
		z.Write(buf[:n])
		off += int64(n)
	}
	z.Close()
	return Bytes(b.Bytes())
}

func TestAPackedKernelIsUnpacked(t *testing.T) {
	kernel := efi(0xaa64, "kernel")
	image, err := UKI{Stub: Bytes(efi(0xaa64, "stub")), Kernel: Join(packed(Bytes(kernel)), Text("trailer"))}.Image()
	if err != nil {
		t.Fatal(err)
	}
	f, err := pe.Read(image, image.Size)
	if err != nil {
		t.Fatal(err)
	}
	linux := f.Section(".linux")
	if got := content(t, image)[linux.Offset:]; got != string(kernel) || f.Section(".initrd") != nil {
		t.Errorf(".linux has %q; sections %+v", got, f.Sections)
	}
}

// objdump and objcopy see the image of real parts as it was meant.
func TestBinutilsReadAUnifiedKernelImage(t *testing.T) {
	kernel, initrd := unpacked(t, netboot+"linux"), unpacked(t, netboot+"initrd.gz")
	image, err := UKI{
		Stub:   unpacked(t, "systemd-boot-efi/usr/lib/systemd/boot/efi/linuxx64.efi.stub"),
		Kernel: kernel, Initrds: []Part{initrd}, Args: "console=ttyS0", Title: "Debian",
	}.Image()
	if err != nil {
		t.Fatal(err)
	}
	file := written(t, image, "uki.efi")
	if said := tool(t, "objdump", "-h", file); !strings.Contains(said, "pei-x86-64") {
		t.Errorf("objdump:\n%s", said)
	}
	for name, want := range map[string]Part{".cmdline": Text("console=ttyS0"), ".linux": kernel, ".initrd": initrd} {
		to := filepath.Join(t.TempDir(), "section")
		tool(t, "objcopy", "-O", "binary", "--only-section="+name, file, to)
		got, err := os.ReadFile(to)
		if err != nil || string(got) != content(t, want) {
			t.Errorf("%s has %d bytes, %v, not the %d that went in", name, len(got), err, want.Size)
		}
	}
}
