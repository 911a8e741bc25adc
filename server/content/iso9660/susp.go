package iso9660

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

const (
	// maxHops is how many continuation areas one record may have. Each has up to a block; a name of 255 bytes
	// and a link to 4,096 need three.
	maxHops = 32
	// maxContinued is how many bytes the continuation areas of one directory may have together.
	maxContinued = 32 << 20
)

// areas reads continuation areas. Many lie in one block, so that the last block is kept.
type areas struct {
	at    int64
	block []byte
	left  int // how many bytes may still be read
}

// An entry is one of the System Use Sharing Protocol, IEEE P1281 4: what it is and what it says.
type entry struct {
	kind []byte // "NM"
	data []byte
}

// entries tells visit of the entries of a record, those of its continuation areas too.
func (f *format) entries(r record, visit func(entry) error) error {
	area := r.systemUse[min(f.skip, len(r.systemUse)):]
	for hop := 0; ; hop++ {
		next, err := walk(area, r.at, visit)
		if err != nil || next == nil {
			return err
		}
		if hop == maxHops {
			return disc.Faultf("the directory record at byte %d has more than %d continuation areas", r.at, maxHops)
		}
		if area, err = f.continued(next, r.at); err != nil {
			return err
		}
	}
}

// walk tells visit of the entries of one area, and yields what a CE entry says of the next.
func walk(area []byte, at int64, visit func(entry) error) (next []byte, err error) {
	for len(area) >= 4 && area[0] != 0 { // zeros are padding, 4
		n := int(area[2])
		if n < 4 || n > len(area) {
			return nil, disc.Faultf("the directory record at byte %d has a truncated system use entry, %q", at, area[:2])
		}
		e := entry{kind: area[:2], data: area[4:n]}
		area = area[n:]
		switch string(e.kind) {
		case "ST": // the end, 5.4
			return next, nil
		case "CE": // where the next area is, 5.1: valid when this one is done
			if len(e.data) < 24 {
				return nil, disc.Faultf("the directory record at byte %d has a truncated system use entry, %q", at, e.kind)
			}
			next = e.data
		default:
			if err := visit(e); err != nil {
				return nil, err
			}
		}
	}
	return next, nil
}

// continued is the area that a CE entry tells of. It lies in one block (5.1).
func (f *format) continued(ce []byte, at int64) ([]byte, error) {
	block, offset, n := int64(binary.LittleEndian.Uint32(ce)), binary.LittleEndian.Uint32(ce[8:]), binary.LittleEndian.Uint32(ce[16:])
	if uint64(offset)+uint64(n) > sectorSize {
		return nil, disc.Faultf("the directory record at byte %d has a continuation area of %d bytes at %d of a block", at, n, offset)
	}
	if f.areas.left -= int(n); f.areas.left < 0 {
		return nil, disc.Faultf("the directory has more than %d MiB of continuation areas", maxContinued>>20)
	}
	if where := block * f.block; f.areas.block == nil || f.areas.at != where {
		b := make([]byte, sectorSize)
		got, err := f.image.ReadAt(b, where)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		f.areas.at, f.areas.block = where, b[:got]
	}
	if int(offset+n) > len(f.areas.block) {
		return nil, disc.Faultf("the directory record at byte %d has a continuation area behind the end of the image", at)
	}
	return f.areas.block[offset : offset+n], nil
}
