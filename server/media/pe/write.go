package pe

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Characteristics of sections that are read into memory.
const (
	Code        = 0x00000020
	Initialized = 0x00000040
	Executable  = 0x20000000
	Readable    = 0x40000000
)

// End is the first address behind the program in memory.
func (f *File) End() uint32 {
	end := f.SizeOfHeaders
	for _, s := range f.Sections {
		end = max(end, s.VirtualAddress+max(s.VirtualSize, s.Size))
	}
	return end
}

// Head is the headers of the same program with other sections, without a signature and without a checksum, which
// firmware does not look at. They are as long as the old ones: the first section lies behind them.
func (f *File) Head(sections []Section) ([]byte, error) {
	le := binary.LittleEndian
	room := len(f.head)
	for _, s := range f.Sections {
		if s.Size > 0 {
			room = min(room, int(s.Offset))
		}
	}
	if need := f.rows + len(sections)*sectionSize; need > room {
		return nil, fmt.Errorf("a PE program with %d bytes for its headers: %d sections need %d", room, len(sections), need)
	}
	head := slices.Clone(f.head[:room])
	clear(head[f.rows : f.rows+len(f.Sections)*sectionSize])
	end := f.SizeOfHeaders
	for i, s := range sections {
		row := head[f.rows+i*sectionSize:]
		copy(row[:8], s.Name)
		for at, v := range map[int]uint32{8: s.VirtualSize, 12: s.VirtualAddress, 16: s.Size, 20: s.Offset, 36: s.Characteristics} {
			le.PutUint32(row[at:], v)
		}
		end = max(end, s.VirtualAddress+max(s.VirtualSize, s.Size))
	}
	optional := head[f.coff+coffSize:]
	le.PutUint16(head[f.coff+6:], uint16(len(sections)))
	le.PutUint32(optional[56:], (end+f.SectionAlignment-1)/f.SectionAlignment*f.SectionAlignment)
	le.PutUint32(optional[64:], 0) // CheckSum
	if f.Certificates != 0 {
		clear(head[f.dirs+4*8 : f.dirs+5*8])
	}
	return head, nil
}
