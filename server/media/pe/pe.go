// Package pe answers: how is a UEFI program laid out, and how would one with more in it be?
//
// Unified kernel images, and a GRUB that looks for its files elsewhere, are made of another program by writing its
// headers anew. debug/pe reads headers and whole symbol tables, and tells neither where a field lies nor what
// is signed; here the headers are read, checked against the size of the file, and written.
// Offsets are those of the PE format (Microsoft, "PE Format", the COFF file header and the optional header).
package pe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrFormat says that something is no PE file at all: a script, a BIOS program, an ELF file.
var ErrFormat = errors.New("no PE program")

// Sizes of the PE format's parts.
const (
	sectionSize = 40
	coffSize    = 24 // with the signature before it
	maxHeaders  = 64 << 10
	maxSections = 96 // the loader's of Windows; EDK2 and shim take as many as fit
)

// A Section is one row of the section table.
type Section struct {
	Name            string
	VirtualSize     uint32
	VirtualAddress  uint32
	Size, Offset    uint32 // in the file
	Characteristics uint32
}

// A File is the headers of a PE program.
type File struct {
	Machine          uint16 // server/media/header names them
	SectionAlignment uint32
	FileAlignment    uint32
	SizeOfImage      uint32
	SizeOfHeaders    uint32
	// Certificates is where the signatures lie in the file, 0 for none.
	Certificates, CertificatesSize uint32
	Sections                       []Section

	head []byte // all headers, SizeOfHeaders long
	coff int    // where "PE\0\0" lies
	dirs int    // where the data directories begin
	rows int    // where the section table begins
}

// Signed says that the program carries a signature; not whose, nor that it is right.
func (f *File) Signed() bool { return f.Certificates != 0 && f.CertificatesSize != 0 }

// Section is the section of that name, nil for none.
func (f *File) Section(name string) *Section {
	for i := range f.Sections {
		if f.Sections[i].Name == name {
			return &f.Sections[i]
		}
	}
	return nil
}

// Read reads the headers of a program. What is none gives an error that is ErrFormat.
func Read(r io.ReaderAt, size int64) (*File, error) {
	var dos [0x40]byte
	if _, err := r.ReadAt(dos[:], 0); err != nil || string(dos[:2]) != "MZ" {
		return nil, ErrFormat
	}
	coff := int64(binary.LittleEndian.Uint32(dos[0x3c:]))
	if coff < 4 || coff > min(size, maxHeaders)-coffSize {
		return nil, ErrFormat
	}
	head := make([]byte, min(size, maxHeaders))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, fmt.Errorf("read the headers of a PE program: %w", err)
	}
	if string(head[coff:coff+4]) != "PE\x00\x00" {
		return nil, ErrFormat
	}
	return parse(head, int(coff), size)
}

func parse(head []byte, coff int, size int64) (*File, error) {
	le := binary.LittleEndian
	f := &File{coff: coff, Machine: le.Uint16(head[coff+4:])}
	sections, optional := int(le.Uint16(head[coff+6:])), int(le.Uint16(head[coff+20:]))
	f.rows = coff + coffSize + optional
	if sections > maxSections || f.rows+sections*sectionSize > len(head) {
		return nil, fmt.Errorf("a PE program with %d sections behind %d bytes of headers: they do not fit into %d bytes", sections, f.rows, len(head))
	}
	opt := head[coff+coffSize : f.rows]
	at := map[uint16]int{0x10b: 96, 0x20b: 112}[magic(opt)] // PE32, PE32+
	if at == 0 || at > len(opt) {
		return nil, fmt.Errorf("a PE program whose optional header of %d bytes is neither PE32 nor PE32+", len(opt))
	}
	f.SectionAlignment, f.FileAlignment = le.Uint32(opt[32:]), le.Uint32(opt[36:])
	f.SizeOfImage, f.SizeOfHeaders = le.Uint32(opt[56:]), le.Uint32(opt[60:])
	if powers := []uint32{f.SectionAlignment, f.FileAlignment}; slices.ContainsFunc(powers, func(n uint32) bool { return n == 0 || n&(n-1) != 0 }) {
		return nil, fmt.Errorf("a PE program with alignments of %d and %d: they are no powers of two", f.SectionAlignment, f.FileAlignment)
	}
	f.dirs = coff + coffSize + at
	if n := int64(le.Uint32(opt[at-4:])); n > 4 && at+5*8 <= len(opt) {
		f.Certificates, f.CertificatesSize = le.Uint32(opt[at+4*8:]), le.Uint32(opt[at+4*8+4:])
	}
	for i := range sections {
		s := section(head[f.rows+i*sectionSize:])
		if s.Size > 0 && int64(s.Offset)+int64(s.Size) > size {
			return nil, fmt.Errorf("a PE program of %d bytes whose section %q ends at %d: the file is cut off", size, s.Name, int64(s.Offset)+int64(s.Size))
		}
		f.Sections = append(f.Sections, s)
	}
	f.head = head[:max(min(len(head), int(f.SizeOfHeaders)), f.rows+sections*sectionSize)]
	return f, nil
}

func magic(opt []byte) uint16 {
	if len(opt) < 2 {
		return 0
	}
	return binary.LittleEndian.Uint16(opt)
}

func section(row []byte) Section {
	le := binary.LittleEndian
	name, _, _ := bytes.Cut(row[:8], []byte{0})
	return Section{string(name), le.Uint32(row[8:]), le.Uint32(row[12:]), le.Uint32(row[16:]), le.Uint32(row[20:]), le.Uint32(row[36:])}
}
