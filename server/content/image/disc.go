package image

import (
	"encoding/binary"
	"fmt"
)

// Where a CD says what it is: sector 16 and those behind it (ECMA-119 section 6.2.1, ECMA-167 part 2 section 8.3).
const (
	sector   = 2048
	first    = 16
	headSize = 64 << 10
)

// isRaw tells an image of sectors with their sums and headers, of a CD (ECMA-130 section 14).
func isRaw(head []byte) bool {
	const raw, header = 2352, 16
	return at(head, first*raw+header+1, "CD001")
}

func at(head []byte, offset int, magic string) bool {
	return len(head) >= offset+len(magic) && string(head[offset:offset+len(magic)]) == magic
}

// whole refuses an ISO image whose end is missing. Some lack a part of the padding that mkisofs makes, of 150
// sectors; nothing is in that.
func whole(head []byte, size int64) error {
	const spaceSize, blockSize, padding = 80, 128, 150 * sector // ECMA-119 section 8.4
	if !at(head, first*sector, "\x01CD001") || len(head) < (first+1)*sector {
		return nil // UDF alone, or for the reader to refuse
	}
	descriptor := head[first*sector:]
	claimed := int64(binary.LittleEndian.Uint32(descriptor[spaceSize:])) * int64(binary.LittleEndian.Uint16(descriptor[blockSize:]))
	if size+padding < claimed {
		return fmt.Errorf("is an image of a CD whose end is missing: it has %d of %d bytes (%d %%): download it again", size, claimed, size*100/claimed)
	}
	return nil
}
