package udf_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// Where things lie in the small image, in blocks of 2048 bytes.
const (
	block       = 2048
	atSequence  = 32 // volume descriptors
	atAnchor    = 256
	atPartition = 257
)

// And in its partition.
const (
	atFileSet = iota
	atRoot
	atRootFiles
	atFree // what follows is given out in order

	partitionBlocks = 64
)

// small is an image that is made here, descriptor by descriptor: with what genisoimage does not write, and so that
// a test can make it wrong.
type small struct {
	b     []byte
	next  int               // the next free block of the partition
	files map[string]string // what it has
	ids   []byte            // the root's file identifiers
	icbs  map[string]int    // where the file entries are
	skip  []string          // what is left out
}

var le = binary.LittleEndian

// at is a block of the partition.
func (s *small) at(n int) []byte {
	end := (atPartition + n + 1) * block
	if end > len(s.b) {
		s.b = append(s.b, make([]byte, end-len(s.b))...)
	}
	return s.b[end-block : end]
}

// data puts bytes into blocks that are free, and tells which is the first.
func (s *small) data(b string) int {
	first := s.next
	for rest := b; rest != "" || s.next == first; s.next++ {
		n := copy(s.at(s.next), rest)
		rest = rest[n:]
	}
	return first
}

// seal gives a descriptor its tag: ECMA-167 3/7.2, with the CRC that other readers check.
func seal(b []byte, id, location int) []byte {
	crc := uint16(0)
	for _, c := range b[16:] {
		crc ^= uint16(c) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	le.PutUint16(b, uint16(id))
	le.PutUint16(b[2:], 2)
	b[4] = 0
	le.PutUint16(b[8:], crc)
	le.PutUint16(b[10:], uint16(len(b)-16))
	le.PutUint32(b[12:], uint32(location))
	for _, c := range slices.Clone(b[:16]) {
		b[4] += c
	}
	return b
}

func cs0(s string) []byte {
	b := []byte{8}
	for _, c := range s {
		if c > 0xff {
			b = []byte{16}
			for _, unit := range utf16.Encode([]rune(s)) {
				b = binary.BigEndian.AppendUint16(b, unit)
			}
			return b
		}
		b = append(b, byte(c))
	}
	return b
}

func dstring(field []byte, s string) {
	field[len(field)-1] = byte(copy(field, cs0(s)))
}

func longAD(length, at int) []byte {
	b := make([]byte, 16)
	le.PutUint32(b, uint32(length))
	le.PutUint32(b[4:], uint32(at))
	return b
}

func shortAD(length, at int) []byte { return longAD(length, at)[:8] }

func extendedAD(length, at int) []byte {
	b := make([]byte, 20)
	for i := range 3 { // in the image, recorded, and of information
		le.PutUint32(b[4*i:], uint32(length))
	}
	le.PutUint32(b[12:], uint32(at))
	return b
}

// What fileEntry is told.
const (
	short = iota
	long
	extended
	embedded
	larger = 8 // an extended file entry
)

// fileEntry writes a file entry into block n.
func (s *small) fileEntry(n int, kind byte, how, size int, descriptors []byte) {
	id, lengths, modified := 261, 168, 84
	if how&larger != 0 {
		id, lengths, modified = 266, 208, 92
	}
	b := make([]byte, lengths+8, block)
	b[20], b[24], b[27], b[34] = 4, 1, kind, byte(how&7)
	le.PutUint32(b[44:], 0x14a5)
	le.PutUint16(b[48:], 1)
	le.PutUint64(b[56:], uint64(size))
	le.PutUint64(b[64:], uint64(size))
	copy(b[modified:], []byte{0, 0x10, 2026 & 0xff, 2026 >> 8, 11, 26, 13, 14, 15})
	le.PutUint32(b[lengths+4:], uint32(len(descriptors)))
	clear(s.at(n))
	copy(s.at(n), seal(append(b, descriptors...), id, n))
}

// identifier is a file identifier descriptor, which lies in block n.
func identifier(n int, name string, characteristics byte, icb int) []byte {
	id := []byte(nil)
	if name != "" {
		id = cs0(name)
	}
	b := make([]byte, (38+len(id)+3)/4*4)
	b[16], b[18], b[19] = 1, characteristics, byte(len(id))
	copy(b[20:], longAD(block, icb))
	copy(b[38:], id)
	return seal(b, 257, n)
}

// add puts a file into the root.
func (s *small) add(name, contents string, how int, descriptors []byte) {
	if slices.Contains(s.skip, name) {
		return
	}
	icb := s.data("")
	s.fileEntry(icb, 5, how, len(contents), descriptors)
	s.ids = append(s.ids, identifier(atRootFiles, name, 0, icb)...)
	s.files[name], s.icbs[name] = contents, icb
}

// finish writes the root.
func (s *small) finish() *small {
	first := s.data(string(s.ids))
	s.fileEntry(atRoot, 4, long, len(s.ids), longAD(len(s.ids), first))
	s.at(partitionBlocks) // the block behind it is the last
	s.anchor(atPartition + partitionBlocks)
	return s
}

// anchor writes one of the two descriptors that tell where the others are.
func (s *small) anchor(n int) {
	b := make([]byte, 512)
	for _, at := range []int{16, 24} { // the main sequence, and as the reserve the same
		le.PutUint32(b[at:], 16*block)
		le.PutUint32(b[at+4:], atSequence)
	}
	copy(s.b[n*block:], seal(b, 2, n))
}

func newVolume(label string) *small {
	s := &small{b: make([]byte, atPartition*block), next: atFree, files: map[string]string{}, icbs: map[string]int{}}
	for n, id := range []string{"BEA01", "NSR02", "TEA01"} {
		copy(s.b[(16+n)*block:], "\x00"+id+"\x01")
	}
	s.anchor(atAnchor)

	primary := make([]byte, 512)
	dstring(primary[24:56], label)
	partition := make([]byte, 512)
	copy(partition[24:], "\x00+NSR02")
	le.PutUint32(partition[184:], 1)
	le.PutUint32(partition[188:], atPartition)
	le.PutUint32(partition[192:], partitionBlocks)
	logical := make([]byte, 446)
	dstring(logical[84:212], label)
	le.PutUint32(logical[212:], block)
	copy(logical[216:], "\x00*OSTA UDF Compliant\x00\x00\x00\x00\x02\x01")
	copy(logical[248:], longAD(block, atFileSet))
	le.PutUint32(logical[264:], 6)
	le.PutUint32(logical[268:], 1)
	copy(logical[440:], []byte{1, 6, 1, 0, 0, 0})
	for n, d := range []struct {
		b  []byte
		id int
	}{{primary, 1}, {logical, 6}, {partition, 5}, {make([]byte, 512), 8}} {
		copy(s.b[(atSequence+n)*block:], seal(d.b, d.id, atSequence+n))
	}

	fileSet := make([]byte, 512)
	dstring(fileSet[112:240], label)
	dstring(fileSet[304:336], label)
	copy(fileSet[400:], longAD(block, atRoot))
	copy(fileSet[416:], "\x00*OSTA UDF Compliant\x00\x00\x00\x00\x02\x01")
	copy(s.at(atFileSet), seal(fileSet, 256, atFileSet))
	s.ids = identifier(atRootFiles, "", 2|8, atRoot)
	return s
}

// newSmall has a file for each way to say where its bytes are, without some of them.
func newSmall(skip ...string) *small {
	s := newVolume("SMALL ☃")
	s.skip = skip
	pattern := func(c string, n int) string { return string(bytes.Repeat([]byte(c), n)) }
	one := s.data(pattern("1", block))
	s.data("in between")
	two := s.data(pattern("2", 100))
	split := pattern("1", block) + pattern("2", 100)
	s.add("short.bin", split, short, join(shortAD(block, one), shortAD(100, two)))
	s.add("long.bin", split, long, join(longAD(block, one), longAD(100, two)))
	s.add("extended.bin", split, extended, join(extendedAD(block, one), extendedAD(100, two)))
	s.add("embedded.txt", "in the entry", embedded, []byte("in the entry"))
	s.add("larger.txt", "in the larger entry", embedded|larger, []byte("in the larger entry"))
	s.add("larger.bin", split, long|larger, join(longAD(block, one), longAD(100, two)))
	s.add("empty", "", short, nil)
	more := make([]byte, 24)
	le.PutUint32(more[20:], 16)
	at := s.next
	s.data(string(seal(join(more, shortAD(block, one), shortAD(100, two)), 258, at)))
	s.add("chained.bin", pattern("1", block)+split, short, join(shortAD(block, one), shortAD(3<<30|block, at)))
	s.add("hole.bin", pattern("1", block)+pattern("\x00", 2*block)+pattern("2", 100), short, join(shortAD(block, one), shortAD(2<<30|2*block, 0), shortAD(100, two)))
	s.add("Ünï.txt", "8 bits", embedded, []byte("8 bits"))
	s.add("ядро ☃.txt", "16 bits", embedded, []byte("16 bits"))
	s.add(pattern("ю", 126), "a long name", embedded, []byte("a long name"))

	deleted := identifier(atRootFiles, "deleted", 4, 0)
	inner, dir := s.data(""), s.data("")
	s.fileEntry(inner, 5, embedded, 5, []byte("inner"))
	ids := join(identifier(dir, "", 2|8, atRoot), identifier(dir, "inner.txt", 0, inner))
	s.fileEntry(dir, 4, embedded, len(ids), ids)
	s.ids = join(s.ids, deleted, identifier(atRootFiles, "Sub", 2, dir))
	s.files["Sub/inner.txt"], s.icbs["Sub"] = "inner", dir
	return s
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
