package udf

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// Descriptors are told by the number they begin with: ECMA-167 3/7.2.1 and 4/7.2.1.
const (
	tagAnchor            = 2
	tagPartition         = 5
	tagLogicalVolume     = 6
	tagTerminator        = 8
	tagFileSet           = 256
	tagFileIdentifier    = 257
	tagAllocationExtent  = 258
	tagFileEntry         = 261
	tagExtendedFileEntry = 266
)

// tagSize is the size of a descriptor tag, ECMA-167 3/7.2.
const tagSize = 16

var (
	le16 = binary.LittleEndian.Uint16
	le32 = binary.LittleEndian.Uint32
	le64 = binary.LittleEndian.Uint64
)

// tag is the number of the descriptor that b begins with; 0 where there is none, or its checksum is wrong.
func tag(b []byte) int {
	if len(b) < tagSize {
		return 0
	}
	sum := byte(0)
	for i, c := range b[:tagSize] {
		if i != 4 {
			sum += c
		}
	}
	if sum != b[4] {
		return 0
	}
	return int(le16(b))
}

// read fills b from the image; what lies behind its end is a fault of the image.
func read(r io.ReaderAt, size int64, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return disc.Faultf("a descriptor is said to lie at byte %d, and the image ends at %d: is the download whole?", at, size)
}
