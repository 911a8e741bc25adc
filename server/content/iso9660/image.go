// Package iso9660 reads ISO 9660 images: names, links and bytes as the medium's makers meant them, without
// mounting or unpacking.
//
// Where a medium has Rock Ridge (names as on Unix, symbolic links, directories at any depth), that is read; else
// Joliet (names of up to 128 characters of UCS-2); else the plain names, which are in upper case and short, and
// are then found without regard to case: firmware and Windows' boot programs write them as they like. An
// Image is an io/fs file system; its files are sections of the image, so opening one reads nothing, and opening
// an image reads a few sectors, whatever its size.
//
// What an image says is not believed: every size, place, length and count has a bound, and what cannot be true is
// one error that tells where. See ECMA-119 (ISO 9660), IEEE P1281 (SUSP) and P1282 (RRIP), and Microsoft's
// Joliet Specification.
package iso9660

import (
	"fmt"
	"io"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// An Extension is what gives an image's files better names than ISO 9660 has.
type Extension string

// The extensions.
const (
	Plain     Extension = ""
	Joliet    Extension = "Joliet"
	RockRidge Extension = "Rock Ridge"
)

// An Image is an ISO 9660 image as a file system, for several goroutines.
type Image struct {
	*disc.FS
	image     io.ReaderAt
	size      int64
	volume    string
	extension Extension
	catalog   int64 // where El Torito's boot catalog begins; 0: there is none
}

// Open reads the volume descriptors of an image of size bytes. r is read as long as the Image is used.
func Open(r io.ReaderAt, size int64) (*Image, error) {
	d, err := readDescriptors(r, size)
	if err != nil {
		return nil, err
	}
	i := &Image{image: r, size: size, volume: d.primary.volume(), catalog: d.catalog}
	f := &format{image: r, size: size, block: d.primary.block}
	root := d.primary.root
	k, err := f.rootRock(root)
	switch {
	case err != nil:
		return nil, err
	case k != nil:
		i.extension, f.rockRidge = RockRidge, true
	case d.joliet != nil:
		i.extension, f.joliet, f.block, root = Joliet, true, d.joliet.block, d.joliet.root
	}
	node := disc.Node{At: root.at, Where: root.where(f.block), Size: root.size, ModTime: root.time(), Mode: 0o555}
	if k != nil {
		k.complete(&node)
	}
	i.FS = disc.New(disc.Config{Image: r, Size: size, Block: f.block, Root: node, Format: f, Fold: i.extension == Plain})
	return i, nil
}

// Volume is the label of the medium: "XCP-ng 8.3.0".
func (i *Image) Volume() string { return i.volume }

// Extension is where the names come from.
func (i *Image) Extension() Extension { return i.extension }

// String says what was opened.
func (i *Image) String() string {
	if i.extension == Plain {
		return fmt.Sprintf("ISO 9660 image %q", i.volume)
	}
	return fmt.Sprintf("ISO 9660 image %q with %s", i.volume, i.extension)
}
