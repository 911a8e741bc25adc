package udf_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/content/udf"
)

// scattered is what an image has that is not empty: four volume descriptors, an anchor, and a partition.
type scattered struct{ sequence, anchor, partition []byte }

const size = (atPartition + partitionBlocks) * block

// gathered takes an image apart.
func gathered(b []byte) []byte {
	var in []byte
	for n := range 4 {
		in = append(in, b[(atSequence+n)*block:][:512]...)
	}
	in = append(in, b[atAnchor*block:][:512]...)
	return append(in, bytes.TrimRight(b[atPartition*block:size], "\x00")...)
}

func scatter(in []byte) scattered {
	take := func(n int) []byte {
		b := make([]byte, n)
		in = in[copy(b, in):]
		return b
	}
	var s scattered
	for range 4 {
		s.sequence = append(append(s.sequence, take(512)...), make([]byte, block-512)...)
	}
	s.anchor = take(512)
	s.partition = in[:min(len(in), partitionBlocks*block)]
	return s
}

// sum makes the checksums of all tags right, so that what is fuzzed is what they are of.
func sum(b []byte) {
	for at := 0; at+16 <= len(b); at += 4 {
		tag := b[at : at+16]
		if at%block != 0 && le.Uint16(tag) != 257 {
			continue
		}
		tag[4] = 0
		for _, c := range slices.Clone(tag) {
			tag[4] += c
		}
	}
}

// ReadAt implements io.ReaderAt.
func (s scattered) ReadAt(b []byte, off int64) (int, error) {
	clear(b)
	n := min(int64(len(b)), max(0, size-off))
	for at, part := range map[int64][]byte{atSequence * block: s.sequence, atAnchor * block: s.anchor, atPartition * block: s.partition} {
		if skip := off - at; skip < 0 {
			copy(b[min(-skip, n):n], part)
		} else if skip < int64(len(part)) {
			copy(b[:n], part[skip:])
		}
	}
	if n < int64(len(b)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

func TestAScatteredImageIsTheImage(t *testing.T) {
	b := newSmall().finish().b[:size]
	got := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(scatter(gathered(b)), 0, size), got); err != nil {
		t.Fatal(err)
	}
	clear(b[16*block : 19*block]) // the volume recognition sequence, which Open does not read
	if !bytes.Equal(b, got) {
		t.Error("the bytes are others")
	}
}

// FuzzOpen walks images that are nearly right.
func FuzzOpen(f *testing.F) {
	for _, c := range hostile {
		f.Add(gathered(c.make().b))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		s := scatter(slices.Clone(in))
		for _, part := range [][]byte{s.sequence, s.anchor, s.partition} {
			sum(part)
		}
		image, err := udf.Open(s, size)
		if err != nil {
			isotest.OneLine(t, err)
			return
		}
		_, errs := isotest.Walk(image, 200_000)
		for _, err := range errs {
			isotest.OneLine(t, err)
		}
	})
}
