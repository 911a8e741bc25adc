package iso9660

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

const (
	sectorSize = 2048 // ECMA-119 6.1.2, of everything that is a disc
	firstAt    = 16 * sectorSize
)

// Types of volume descriptors, ECMA-119 8.1.1.
const (
	typeBoot       = 0
	typePrimary    = 1
	typeSecondary  = 2
	typeTerminator = 255
)

// maxDescriptors is how many volume descriptors are looked at; media have up to five.
const maxDescriptors = 64

// Present tells whether there is an ISO 9660 file system.
func Present(r io.ReaderAt) bool {
	var b [6]byte
	_, err := r.ReadAt(b[:], firstAt)
	return (err == nil || errors.Is(err, io.EOF)) && string(b[1:]) == "CD001"
}

// descriptors are what the volume descriptors say that is needed.
type descriptors struct {
	primary, joliet *descriptor
	catalog         int64
}

// A descriptor is a primary or supplementary volume descriptor, ECMA-119 8.4 and 8.5.
type descriptor struct {
	block int64
	label []byte
	root  record
}

func (d *descriptor) volume() string { return strings.TrimRight(string(d.label), " \x00") }

func readDescriptors(r io.ReaderAt, size int64) (descriptors, error) {
	var found descriptors
	for n := range int64(maxDescriptors) {
		at := firstAt + n*sectorSize
		b := make([]byte, sectorSize)
		if got, err := r.ReadAt(b, at); got < len(b) {
			if !errors.Is(err, io.EOF) {
				return found, err
			}
			return found, disc.Faultf("no ISO 9660 image, or a truncated one: %d bytes end before the volume descriptors do", size)
		}
		if string(b[1:6]) != "CD001" {
			if found.primary != nil { // nobody misses the terminator
				return found, nil
			}
			return found, disc.Faultf("no ISO 9660 image: no volume descriptor at byte %d", at)
		}
		var err error
		switch b[0] {
		case typeBoot:
			if bytes.HasPrefix(b[7:], []byte("EL TORITO SPECIFICATION")) {
				found.catalog = int64(binary.LittleEndian.Uint32(b[71:])) * sectorSize
			}
		case typePrimary:
			if found.primary == nil {
				found.primary, err = parseDescriptor(b, at)
			}
		case typeSecondary:
			if isJoliet(b) && found.joliet == nil {
				found.joliet, err = parseDescriptor(b, at)
			}
		case typeTerminator:
			if found.primary == nil {
				return found, disc.Faultf("the image has no primary volume descriptor")
			}
			return found, nil
		}
		if err != nil {
			return found, err
		}
	}
	return found, disc.Faultf("the image has more than %d volume descriptors", maxDescriptors)
}

func parseDescriptor(b []byte, at int64) (*descriptor, error) {
	d := &descriptor{block: int64(binary.LittleEndian.Uint16(b[128:])), label: b[40:72]}
	if d.block != 512 && d.block != 1024 && d.block != 2048 {
		return nil, disc.Faultf("the volume descriptor at byte %d has blocks of %d bytes: 512, 1024 and 2048 are known", at, d.block)
	}
	var err error
	d.root, err = parseRecord(b[156:190], at+156)
	if err == nil && !d.root.directory() {
		err = disc.Faultf("the root of the volume descriptor at byte %d is no directory", at)
	}
	return d, err
}

// isJoliet tells whether a supplementary descriptor's names are in UCS-2: Joliet Specification, "SVD Escape
// Sequences field", its levels 1 to 3.
func isJoliet(b []byte) bool {
	for _, escape := range []string{"%/@", "%/C", "%/E"} {
		if bytes.HasPrefix(b[88:], []byte(escape)) {
			return true
		}
	}
	return false
}
