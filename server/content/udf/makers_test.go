package udf_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"testing"

	"github.com/bootrig/bootrig/server/content/udf"
)

// TestWhatMakersWrite is of what genisoimage does not write, and other programs do.
func TestWhatMakersWrite(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*small)
		want  string
	}{
		"nothing else":               {func(*small) {}, "2026-11-26 13:14:15 +0000 UTC x"},
		"an anchor at the end alone": {func(s *small) { clear(s.b[atAnchor*block:][:block]) }, "2026-11-26 13:14:15 +0000 UTC x"},
		"the reserve of descriptors": {func(s *small) {
			anchor := s.b[atAnchor*block:][:512]
			le.PutUint32(anchor[20:], 1)
			seal(anchor, 2, atAnchor)
		}, "2026-11-26 13:14:15 +0000 UTC x"},
		"a zone":                  {func(s *small) { s.at(s.icbs["x"])[84], s.at(s.icbs["x"])[85] = 60, 0x10 }, "2026-11-26 12:14:15 +0000 UTC x"},
		"a zone in the west":      {func(s *small) { s.at(s.icbs["x"])[84], s.at(s.icbs["x"])[85] = 0xd4, 0x1f }, "2026-11-26 13:58:15 +0000 UTC x"},
		"a zone that is not told": {func(s *small) { s.at(s.icbs["x"])[84], s.at(s.icbs["x"])[85] = 1, 0x18 }, "2026-11-26 13:14:15 +0000 UTC x"},
		"no time":                 {func(s *small) { clear(s.at(s.icbs["x"])[84:96]) }, "0001-01-01 00:00:00 +0000 UTC x"},
		"a second partition, with a file of short descriptors": {func(s *small) {
			const second = 40 // blocks behind the first
			le.PutUint32(s.at(second)[block-4:], 0)
			partition := append([]byte(nil), s.b[(atSequence+2)*block:][:512]...)
			partition[22] = 1
			le.PutUint32(partition[188:], atPartition+second)
			le.PutUint32(partition[192:], partitionBlocks-second)
			copy(s.b[(atSequence+4)*block:], s.b[(atSequence+3)*block:][:512])
			copy(s.b[(atSequence+3)*block:], seal(partition, 5, atSequence+3))
			logical := append(append([]byte(nil), s.b[(atSequence+1)*block:][:446]...), 1, 6, 1, 0, 1, 0)
			le.PutUint32(logical[264:], 12)
			le.PutUint32(logical[268:], 2)
			copy(s.b[(atSequence+1)*block:], seal(logical, 6, atSequence+1))
			s.fileEntry(second, 5, short, 1, shortAD(1, 1))
			copy(s.at(second+1), "x")
			ids := s.at(s.next - 1) // the root's, its parent first
			id := ids[40:80]
			le.PutUint32(id[24:], 0)
			id[28] = 1
			seal(id, 257, atRootFiles)
		}, "2026-11-26 13:14:15 +0000 UTC x"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newVolume("X")
			s.add("x", "x", embedded, []byte("x"))
			s.finish()
			c.spoil(s)
			image, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
			if err != nil {
				t.Fatal(err)
			}
			info, err := image.Stat("x")
			if err != nil {
				t.Fatal(err)
			}
			b, err := fs.ReadFile(image, "x")
			if got := fmt.Sprintf("%s %s", info.ModTime(), b); err != nil || got != c.want {
				t.Errorf("%q, and not %q: %v", got, c.want, err)
			}
		})
	}
}
