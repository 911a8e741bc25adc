package iso9660

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// Flags of a directory record, ECMA-119 9.1.6.
const (
	flagDirectory   = 1 << 1
	flagAssociated  = 1 << 2
	flagMultiExtent = 1 << 7
)

// The identifiers of a directory's first two records, ECMA-119 7.6.2: the directory itself and its parent.
const (
	self   = "\x00"
	parent = "\x01"
)

// A record is a directory record, ECMA-119 9.1.
type record struct {
	at          int64 // where in the image it lies
	extent      int64 // in blocks, behind the extended attributes
	size        int64
	date        [7]byte
	flags       byte
	interleaved bool
	name        string
	systemUse   []byte
}

// minRecord is a record with a name of one byte.
const minRecord = 34

// parseRecord reads the record that b begins with.
func parseRecord(b []byte, at int64) (record, error) {
	n := int(b[0])
	if n < minRecord || n > len(b) || 33+int(b[32]) > n || b[32] == 0 {
		return record{}, disc.Faultf("the directory record at byte %d is truncated", at)
	}
	b = b[:n]
	r := record{
		at:     at,
		extent: int64(binary.LittleEndian.Uint32(b[2:])) + int64(b[1]),
		size:   int64(binary.LittleEndian.Uint32(b[10:])),
		date:   [7]byte(b[18:]),
		flags:  b[25], interleaved: b[26] != 0 || b[27] != 0,
		name: string(b[33 : 33+int(b[32])]),
	}
	// The name is followed by a byte of padding where its length is even (9.1.12).
	if use := 34 + int(b[32])/2*2; use < n {
		r.systemUse = b[use:]
	}
	return r, nil
}

func (r *record) directory() bool         { return r.flags&flagDirectory != 0 }
func (r *record) where(block int64) int64 { return r.extent * block }

// time is the date of the record; zero where there is none.
func (r *record) time() time.Time { return shortDate(r.date[:]) }

// shortDate reads 7 bytes, ECMA-119 9.1.5.
func shortDate(b []byte) time.Time {
	if b[1] == 0 {
		return time.Time{}
	}
	return time.Date(1900+int(b[0]), time.Month(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5]), 0, time.UTC).Add(-east(b[6]))
}

// longDate reads 17 bytes, ECMA-119 8.4.26.1.
func longDate(b []byte) time.Time {
	var n [7]int
	for i, end := range []int{4, 6, 8, 10, 12, 14, 16} {
		begin := max(0, end-2)
		if i == 0 {
			begin = 0
		}
		var err error
		if n[i], err = strconv.Atoi(string(b[begin:end])); err != nil {
			return time.Time{}
		}
	}
	if n[1] == 0 {
		return time.Time{}
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*1e7, time.UTC).Add(-east(b[16]))
}

// east is how far from Greenwich a date is told, in quarters of an hour.
func east(quarters byte) time.Duration { return time.Duration(int8(quarters)) * 15 * time.Minute }
