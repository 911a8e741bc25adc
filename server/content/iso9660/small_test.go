package iso9660_test

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

const sector = 2048

// Where things lie in the small image, in sectors.
const (
	atPrimary = 16 + iota
	atJoliet
	atTerminator
	atRoot
	atSub
	atMore // continuation areas
	atFile
	atJolietRoot
	smallSectors
)

// small is an image of 24 sectors that is made here, byte by byte, so that a test can make it wrong.
type small []byte

func (s small) at(n int) []byte { return s[n*sector : (n+1)*sector] }

// directory puts records into the sector of a directory, behind those of itself and its parent.
func (s small) directory(n, parent int, records ...[]byte) {
	all := append([][]byte{newRecord("\x00", n, sector, directoryFlag, rootUse(n)), newRecord("\x01", parent, sector, directoryFlag, px(0o040755))}, records...)
	clear(s.at(n))
	copy(s.at(n), bytes.Join(all, nil))
}

const (
	directoryFlag = 2
	moreFlag      = 0x80
)

// rootUse is what a directory's record of itself says, and the root's: that there is Rock Ridge.
func rootUse(n int) []byte {
	if n != atRoot {
		return px(0o040755)
	}
	return join(use("SP", []byte{0xbe, 0xef, 0}), px(0o040755), use("ER", append([]byte{10, 0, 0, 1}, "RRIP_1991A"...)))
}

func newRecord(name string, extent, size int, flags byte, systemUse []byte) []byte {
	b := make([]byte, 33, 255)
	binary.LittleEndian.PutUint32(b[2:], uint32(extent))
	binary.LittleEndian.PutUint32(b[10:], uint32(size))
	b[18], b[19], b[20], b[25], b[32] = 126, 11, 26, flags, byte(len(name))
	if b = append(b, name...); len(name)%2 == 0 {
		b = append(b, 0)
	}
	b = append(b, systemUse...)
	b = append(b, make([]byte, len(b)%2)...)
	b[0] = byte(len(b))
	return b
}

// use is a system use entry.
func use(kind string, data []byte) []byte {
	return append(append([]byte(kind), byte(4+len(data)), 1), data...)
}

// both is a number as ISO 9660 likes to have it, the low byte first and then the high one.
func both(n int) []byte {
	return binary.BigEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, uint32(n)), uint32(n))
}

func both16(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 8), byte(n)} }

func px(mode int) []byte {
	return use("PX", append(append(append(both(mode), both(1)...), both(0)...), both(0)...))
}
func nm(name string) []byte { return use("NM", append([]byte{0}, name...)) }
func cl(block int) []byte   { return use("CL", both(block)) }
func ce(block, at, n int) []byte {
	return use("CE", append(append(both(block), both(at)...), both(n)...))
}

// sl is a link to one component.
func sl(target string) []byte { return use("SL", append([]byte{0, 0, byte(len(target))}, target...)) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func newSmall() small {
	s := make(small, smallSectors*sector)
	for n, kind := range map[int]byte{atPrimary: 1, atJoliet: 2, atTerminator: 255} {
		copy(s.at(n), append([]byte{kind}, "CD001\x01"...))
	}
	for n, root := range map[int]int{atPrimary: atRoot, atJoliet: atJolietRoot} {
		copy(s.at(n)[40:], "SMALL                           ")
		copy(s.at(n)[80:], both(smallSectors))
		copy(s.at(n)[120:], both16(1)) // discs
		copy(s.at(n)[124:], both16(1)) // the first
		copy(s.at(n)[128:], both16(sector))
		s.at(n)[140], s.at(n)[881] = atRoot, 1
		copy(s.at(n)[156:], newRecord("\x00", root, sector, directoryFlag, nil))
	}
	copy(s.at(atJoliet)[88:], "%/E")
	s.directory(atRoot, atRoot,
		newRecord("FILE.;1", atFile, 5, 0, join(px(0o100644), nm("file"))),
		newRecord("LINK.;1", 0, 0, 0, join(px(0o120777), nm("link"), sl("file"))),
		newRecord("LONG.;1", atFile, 3, 0, join(px(0o100600), ce(atMore, 0, 105))),
		newRecord("SUB", atSub, sector, directoryFlag, join(px(0o040755), nm("sub"))),
	)
	s.directory(atSub, atRoot, newRecord("INNER.;1", atFile, 4, 0, join(px(0o100644), nm("inner"))))
	copy(s.at(atMore), use("NM", append([]byte{0}, strings.Repeat("n", 100)...)))
	copy(s.at(atFile), "12345")
	s.directory(atJolietRoot, atJolietRoot, newRecord(ucs2("file;1"), atFile, 5, 0, nil))
	return s
}

func ucs2(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	return string(b)
}

func TestTheSmallImageIsRight(t *testing.T) {
	s := newSmall()
	image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
	if err != nil {
		t.Fatal(err)
	}
	equalSmall := func(said string) {
		t.Helper()
		want := ".\nfile\nlink\n" + strings.Repeat("n", 100) + "\nsub\nsub/inner\n"
		if diff := cmp.Diff(sorted(want), sorted(said)); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	}
	var names strings.Builder
	if err := fs.WalkDir(image, ".", func(name string, _ fs.DirEntry, err error) error {
		names.WriteString(name + "\n")
		return err
	}); err != nil {
		t.Error(err)
	}
	equalSmall(names.String())
	file := filepath.Join(t.TempDir(), "small.iso")
	said, err := []byte(nil), os.WriteFile(file, s, 0o644)
	if err == nil {
		said, err = exec.Command(isotest.Program(t, "bsdtar"), "-tf", file).CombinedOutput()
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	equalSmall(string(said))
}

func sorted(lines string) []string {
	list := strings.Split(strings.TrimSpace(lines), "\n")
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}
