package udf

import (
	"bytes"
	"io"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// A volume is what the volume descriptor sequence says that is needed.
type volume struct {
	label      string
	partitions []int64 // where each begins in the image, as they are referred to by number
	end        int64   // where the last of them ends
	fileSet    address
}

// An address is a logical block of a partition, ECMA-167 4/7.1.
type address struct {
	block     uint32
	partition uint16
}

// readAddress reads an lb_addr.
func readAddress(b []byte) address { return address{block: le32(b), partition: le16(b[4:])} }

// where is the place of a block in the image.
func (v *volume) where(a address) (int64, error) {
	if int(a.partition) >= len(v.partitions) {
		return 0, disc.Faultf("there is no partition %d in the UDF volume, which has %d", a.partition, len(v.partitions))
	}
	return v.partitions[a.partition] + int64(a.block)*sectorSize, nil
}

// maxSequence is how many descriptors of a volume descriptor sequence are looked at; 16 are usual.
const maxSequence = 256

// sectorSize is that of discs, which descriptors of the volume are told in; UDF 2.2.4.2 has blocks of the same size.
const sectorSize = 2048

// readVolume follows the anchor to the descriptors of the volume. It is in two of three places (ECMA-167
// 3/8.4.2.1), and of a disc that is finished at the first.
func readVolume(r io.ReaderAt, size int64) (*volume, error) {
	for _, at := range []int64{256 * sectorSize, size - sectorSize, size - 257*sectorSize} {
		b := make([]byte, 512)
		if n, _ := r.ReadAt(b, max(0, at)); n < len(b) || tag(b) != tagAnchor || int64(le32(b[12:]))*sectorSize != at {
			continue
		}
		v, err := readSequence(r, size, b[16:])
		if err != nil { // the reserve
			var err2 error
			if v, err2 = readSequence(r, size, b[24:]); err2 != nil {
				return nil, err
			}
		}
		return v, nil
	}
	return nil, disc.Faultf("no UDF image, or a truncated one: no anchor in %d bytes", size)
}

// readSequence reads a volume descriptor sequence, ECMA-167 3/8.4.2. Of two descriptors of a kind the later counts.
func readSequence(r io.ReaderAt, size int64, extent []byte) (*volume, error) {
	count, at := int64(le32(extent))/sectorSize, int64(le32(extent[4:]))*sectorSize
	var logical []byte
	starts, ends := map[uint16]int64{}, int64(0)
	for n := range min(count, maxSequence) {
		b := make([]byte, sectorSize)
		if err := read(r, size, b, at+n*sectorSize); err != nil {
			return nil, err
		}
		switch tag(b) {
		case tagPartition: // 3/10.5
			starts[le16(b[22:])] = int64(le32(b[188:])) * sectorSize
			ends = max(ends, (int64(le32(b[188:]))+int64(le32(b[192:])))*sectorSize)
		case tagLogicalVolume:
			logical = b
		case tagTerminator, 0:
			count = n
		}
		if n >= count {
			break
		}
	}
	if logical == nil {
		return nil, disc.Faultf("the volume descriptors at byte %d tell of no UDF logical volume", at)
	}
	v, err := parseLogical(logical, starts)
	if err != nil {
		return nil, err
	}
	v.end = ends
	return v, nil
}

// parseLogical reads a logical volume descriptor, ECMA-167 3/10.6, and the maps of its partitions.
func parseLogical(b []byte, starts map[uint16]int64) (*volume, error) {
	v := &volume{label: dstring(b[84:212])}
	if block := le32(b[212:]); block != sectorSize {
		return nil, disc.Faultf("the UDF logical volume has blocks of %d bytes, and a disc has 2048: is it an image of another disk?", block)
	}
	v.fileSet = readAddress(b[248+4:])
	maps := b[440:]
	maps = maps[:min(int(le32(b[264:])), len(maps))]
	for range le32(b[268:]) {
		if len(maps) < 2 || int(maps[1]) < 6 || int(maps[1]) > len(maps) {
			return nil, disc.Faultf("the partition maps of the UDF logical volume are truncated")
		}
		m := maps[:maps[1]]
		maps = maps[len(m):]
		if m[0] != 1 { // 3/10.7.2; others are UDF's own, 2.2.8 to 2.2.10
			id := ""
			if len(m) >= 28 {
				id = string(bytes.TrimRight(m[5:28], "\x00"))
			}
			return nil, disc.Faultf("the UDF volume has a partition of the kind %q, which is not supported", id)
		}
		start, ok := starts[le16(m[4:])]
		if !ok {
			return nil, disc.Faultf("the UDF volume has no descriptor of its partition %d", le16(m[4:]))
		}
		v.partitions = append(v.partitions, start)
	}
	return v, nil
}
