package udf

import (
	"github.com/bootrig/bootrig/server/content/internal/disc"
)

const (
	// maxExtents is how many extents a file may have. One is up to 1 GiB, and media are written in one go.
	maxExtents = 1 << 16
	// maxChained is how many more blocks of allocation descriptors a file may have.
	maxChained = 1 << 10
)

// What the two highest bits of an extent's length say, ECMA-167 4/14.14.1.1.
const (
	recorded = iota
	allocated
	unallocated
	continued
)

// Extents is where a file lies. It implements disc.Format.
func (f *format) Extents(n *disc.Node) ([]disc.Extent, error) {
	e, err := f.entry(n.Where, make([]byte, sectorSize))
	if err != nil {
		return nil, err
	}
	return f.extents(e, maxChained)
}

// extents are those of a file entry, with as many more blocks of allocation descriptors as may be.
func (f *format) extents(e *entry, most int) ([]disc.Extent, error) {
	if e.allocate == allocateEmbedded {
		return []disc.Extent{{Offset: e.descriptorsAt, Size: int64(len(e.descriptors))}}, nil
	}
	size := map[int]int{allocateShort: 8, allocateLong: 16, allocateExtended: 20}[e.allocate]
	if size == 0 {
		return nil, disc.Faultf("the UDF file entry at byte %d has allocation descriptors of the unknown kind %d", e.at, e.allocate)
	}
	var extents []disc.Extent
	list := e.descriptors
	for chained := 0; len(list) >= size; {
		length, kind := int64(le32(list)&(1<<30-1)), le32(list)>>30
		where, err := f.extentAt(e, list[:size])
		list = list[size:]
		switch {
		case length == 0: // the end, 4/12
			return extents, nil
		case kind == unallocated || kind == allocated:
			where = -1
		case err != nil:
			return nil, err
		case kind == continued:
			if chained++; chained > most {
				return nil, disc.Faultf("the UDF file entry at byte %d has more than %d blocks of allocation descriptors", e.at, most)
			}
			if list, err = f.chained(where); err != nil {
				return nil, err
			}
			continue
		}
		if len(extents) == maxExtents {
			return nil, disc.Faultf("the UDF file entry at byte %d has more than %d extents", e.at, maxExtents)
		}
		extents = append(extents, disc.Extent{Offset: where, Size: length})
	}
	return extents, nil
}

// extentAt is where the extent of an allocation descriptor begins: short_ad, long_ad or ext_ad, ECMA-167 4/14.14.
func (f *format) extentAt(e *entry, descriptor []byte) (int64, error) {
	switch e.allocate {
	case allocateShort:
		return f.volume.where(address{block: le32(descriptor[4:]), partition: e.partition})
	case allocateLong:
		return f.volume.where(readAddress(descriptor[4:]))
	}
	return f.volume.where(readAddress(descriptor[12:]))
}

// chained are the allocation descriptors of an allocation extent descriptor, ECMA-167 4/14.5.
func (f *format) chained(where int64) ([]byte, error) {
	b := make([]byte, sectorSize)
	if err := read(f.image, f.size, b, where); err != nil {
		return nil, err
	}
	n := le32(b[20:])
	if tag(b) != tagAllocationExtent || int64(n) > int64(len(b)-24) {
		return nil, disc.Faultf("no UDF allocation extent descriptor at byte %d, or one that is longer than its block", where)
	}
	return b[24 : 24+n], nil
}
