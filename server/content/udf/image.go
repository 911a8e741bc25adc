// Package udf reads the Universal Disk Format as media have it, Windows' above all, without mounting or
// unpacking: UDF 1.02 to 2.01 on partitions that lie in the image as they are. Sparable, virtual and metadata
// partitions, which are for discs that are written to, are refused.
//
// Windows' media have a tree of UDF, and beside it one of ISO 9660 that has a README alone; see Preferred. Names
// are found without regard to case, since Windows' boot programs write them as they like.
//
// As in package iso9660, nothing is read before it is asked for, every size, place, length and count has a bound,
// and what cannot be true is one error that tells where. See ECMA-167 (the third edition) and OSTA's Universal
// Disk Format Specification.
package udf

import (
	"errors"
	"fmt"
	"io"

	"github.com/bootrig/bootrig/server/content/internal/disc"
	"github.com/bootrig/bootrig/server/content/iso9660"
)

// An Image is a UDF image as a file system, for several goroutines.
type Image struct {
	*disc.FS
	volume string
}

// padding is how many bytes an image may lack: what mkisofs writes behind all files.
const padding = 150 * 2048

// Open reads the volume descriptors of an image of size bytes. r is read as long as the Image is used.
func Open(r io.ReaderAt, size int64) (*Image, error) {
	v, err := readVolume(r, size)
	if err != nil {
		return nil, err
	}
	if size+padding < v.end {
		return nil, disc.Faultf("the end of the UDF image is missing: it has %d of %d bytes (%d %%): download it again", size, v.end, size*100/v.end)
	}
	f := &format{image: r, size: size, volume: v}
	root, at, err := f.root()
	if err != nil {
		return nil, err
	}
	node := disc.Node{At: at, Where: root}
	if err := f.describe(&node); err != nil {
		return nil, err
	}
	if !node.Mode.IsDir() {
		return nil, disc.Faultf("the root of the UDF file set, at byte %d, is no directory", root)
	}
	return &Image{
		FS:     disc.New(disc.Config{Image: r, Size: size, Block: sectorSize, Root: node, Format: f, Fold: true}),
		volume: v.label,
	}, nil
}

// Volume is the label of the medium: "CCCOMA_X64FRE_EN-US_DV9".
func (i *Image) Volume() string { return i.volume }

// String says what was opened.
func (i *Image) String() string { return fmt.Sprintf("UDF image %q", i.volume) }

// Present tells whether there is a UDF file system: whether a descriptor of ECMA-167's second or third edition is
// in the volume recognition sequence (ECMA-167 2/8.3.1, 3/9.1).
func Present(r io.ReaderAt) bool {
	const first, size, most = 16, 2048, 64
	for n := int64(first); n < first+most; n++ {
		var b [6]byte
		if _, err := r.ReadAt(b[:], n*size); err != nil && !errors.Is(err, io.EOF) {
			return false
		}
		switch string(b[1:]) {
		case "NSR02", "NSR03":
			return true
		case "CD001", "BEA01", "BOOT2", "CDW02":
		default:
			return false
		}
	}
	return false
}

// Preferred tells whether the tree of UDF is the one to read, of an image that may have one of ISO 9660 too. It
// is, unless that has Rock Ridge, whose links and modes the makers of a bridge for Unix meant: what has a stub of
// ISO 9660, or names cut short, or files cut at 4 GiB, is right in UDF. One that cannot be read here is not
// preferred to one that can.
func Preferred(r io.ReaderAt, size int64) bool {
	if !Present(r) {
		return false
	}
	image, err := iso9660.Open(r, size)
	if err != nil {
		return true
	}
	_, err = Open(r, size)
	return err == nil && image.Extension() != iso9660.RockRidge
}
