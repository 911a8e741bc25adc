package udf

import (
	"io/fs"
	"time"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// Types of files, ECMA-167 4/14.6.6.
const (
	typeUnspecified = 0
	typeDirectory   = 4
	typeRegular     = 5
	typeBlock       = 6
	typeCharacter   = 7
	typeFIFO        = 9
	typeSocket      = 10
	typeLink        = 12
	typeRealTime    = 249 // UDF 2.3.5.2
)

// How the contents are told of: the low bits of an ICB's flags, ECMA-167 4/14.6.8.
const (
	allocateShort = iota
	allocateLong
	allocateExtended
	allocateEmbedded
)

// An entry is a file entry, ECMA-167 4/14.9, or an extended one, 4/14.17.
type entry struct {
	at        int64 // where in the image it lies
	partition uint16
	kind      byte
	allocate  int
	size      int64
	modTime   time.Time
	// descriptors are the allocation descriptors, or the contents; they begin at descriptorsAt of the image.
	descriptors   []byte
	descriptorsAt int64
}

// entry reads the file entry that lies at where; scratch has the size of a block.
func (f *format) entry(where int64, scratch []byte) (*entry, error) {
	if err := read(f.image, f.size, scratch, where); err != nil {
		return nil, err
	}
	b := scratch
	lengths, modified := 168, 84
	switch tag(b) {
	case tagExtendedFileEntry:
		lengths, modified = 208, 92
	case tagFileEntry:
	default:
		return nil, disc.Faultf("no UDF file entry at byte %d", where)
	}
	if strategy := le16(b[20:]); strategy != 4 { // UDF 2.3.5.1; 4096 is for discs that are written once
		return nil, disc.Faultf("the UDF file entry at byte %d has strategy %d, and 4 is supported", where, strategy)
	}
	e := &entry{
		at: where, partition: f.partitionOf(where), kind: b[27], allocate: int(b[34] & 7),
		size: int64(le64(b[56:])), modTime: timestamp(b[modified:]),
	}
	begin := int64(lengths) + 8 + int64(le32(b[lengths:]))
	end := begin + int64(le32(b[lengths+4:]))
	if e.size < 0 || end > int64(len(b)) {
		return nil, disc.Faultf("the UDF file entry at byte %d is longer than its block, or its file larger than any", where)
	}
	e.descriptors, e.descriptorsAt = b[begin:end], where+begin
	return e, nil
}

// partitionOf is the number of the partition that a place lies in: short descriptors mean their own.
func (f *format) partitionOf(where int64) uint16 {
	best := 0
	for n, start := range f.volume.partitions {
		if start <= where && start >= f.volume.partitions[best] {
			best = n
		}
	}
	return uint16(best)
}

// describe completes a node from its file entry. Permissions are not read: media are for everybody, and
// Windows' tools write none that mean something.
func (f *format) describe(n *disc.Node) error {
	if f.scratch == nil {
		f.scratch = make([]byte, sectorSize)
	}
	e, err := f.entry(n.Where, f.scratch)
	if err != nil {
		return err
	}
	n.Size, n.ModTime, n.Mode = e.size, e.modTime, 0o444
	switch e.kind {
	case typeDirectory:
		n.Mode = fs.ModeDir | 0o555
	case typeRegular, typeUnspecified, typeRealTime:
	case typeLink:
		n.Mode = fs.ModeSymlink | 0o777
		n.Target, err = f.target(e)
		n.Size = int64(len(n.Target))
	case typeBlock:
		n.Mode |= fs.ModeDevice
	case typeCharacter:
		n.Mode |= fs.ModeDevice | fs.ModeCharDevice
	case typeFIFO:
		n.Mode |= fs.ModeNamedPipe
	case typeSocket:
		n.Mode |= fs.ModeSocket
	default:
		n.Mode |= fs.ModeIrregular
	}
	return err
}

// timestamp reads a time, ECMA-167 1/7.3. One whose zone is not told is taken for UTC.
func timestamp(b []byte) time.Time {
	if b[4] == 0 {
		return time.Time{}
	}
	minutes := int(int16(le16(b)<<4) >> 4)
	if minutes < -1440 || minutes > 1440 { // -2047: not told
		minutes = 0
	}
	nanoseconds := int(b[9])*1e7 + int(b[10])*1e5 + int(b[11])*1e3
	return time.Date(int(int16(le16(b[2:]))), time.Month(b[4]), int(b[5]), int(b[6]), int(b[7]), int(b[8]), nanoseconds,
		time.FixedZone("", minutes*60)).UTC()
}
