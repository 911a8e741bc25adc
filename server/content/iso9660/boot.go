package iso9660

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// A Platform is what firmware a boot image is for: El Torito 2.1, and for EFI the UEFI specification 13.3.2.1.
type Platform byte

// The platforms.
const (
	BIOS    Platform = 0
	PowerPC Platform = 1
	Mac     Platform = 2
	EFI     Platform = 0xef
)

// String is the platform's name.
func (p Platform) String() string {
	switch p {
	case BIOS:
		return "BIOS"
	case PowerPC:
		return "PowerPC"
	case Mac:
		return "Mac"
	case EFI:
		return "EFI"
	}
	return fmt.Sprintf("platform %#x", byte(p))
}

// A BootImage is what firmware starts of a disc: isolinux.bin, or a FAT file system with EFI/BOOT/BOOTX64.EFI. It
// is read as a section of the image.
type BootImage struct {
	*io.SectionReader
	Platform Platform
	Bootable bool
	Floppy   bool   // the BIOS shows it as a floppy or a hard disk; else it is loaded as it is
	Name     string // of the file that it is; "" where it is no file
	Offset   int64  // where in the image it begins
}

// Boot is what El Torito's boot catalog has, in its order; nothing where there is none.
func (i *Image) Boot() ([]BootImage, error) {
	if i.catalog == 0 {
		return nil, nil
	}
	b := make([]byte, sectorSize)
	if n, err := i.image.ReadAt(b, i.catalog); n < len(b) {
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, disc.Faultf("the boot catalog is said to lie at byte %d, and the image ends at %d: is the download whole?", i.catalog, i.size)
	}
	entries, err := parseCatalog(b)
	if err != nil {
		return nil, err
	}
	files, err := i.filesAt(entries)
	if err != nil {
		return nil, err
	}
	images := make([]BootImage, 0, len(entries))
	for _, e := range entries {
		image := BootImage{Platform: e.platform, Bootable: e.bootable, Floppy: e.media != 0, Offset: e.offset}
		size, err := i.sizeOf(e)
		if err != nil {
			return nil, err
		}
		if f, ok := files[e.offset]; ok {
			image.Name, size = f.name, f.size
		}
		image.SectionReader = io.NewSectionReader(i.image, e.offset, max(0, min(size, i.size-e.offset)))
		images = append(images, image)
	}
	return images, nil
}

// A catalogEntry is what the boot catalog says of one image.
type catalogEntry struct {
	platform Platform
	bootable bool
	media    byte
	offset   int64
	sectors  int64 // of 512 bytes: what a BIOS loads, which is not all of it
}

// parseCatalog reads a boot catalog, El Torito 2.0: a validation entry, the default, and sections of more. It
// may be longer than a sector; none is.
func parseCatalog(b []byte) ([]catalogEntry, error) {
	const size, header, lastHeader, extension = 32, 0x90, 0x91, 0x44
	if b[0] != 1 || b[30] != 0x55 || b[31] != 0xaa {
		return nil, disc.Faultf("the boot catalog does not begin with a validation entry")
	}
	platform, left := Platform(b[1]), 1
	var entries []catalogEntry
	for last := false; ; {
		if b = b[size:]; len(b) < size {
			return entries, nil
		}
		switch {
		case left == 0 && (last || b[0] != header && b[0] != lastHeader):
			return entries, nil
		case left == 0:
			platform, left, last = Platform(b[1]), int(binary.LittleEndian.Uint16(b[2:])), b[0] == lastHeader
		case b[0] == extension:
		default:
			left--
			if bytes.Equal(b[:size], make([]byte, size)) {
				continue // none; sections are padded so
			}
			entries = append(entries, catalogEntry{
				platform: platform, bootable: b[0] == 0x88, media: b[1] & 0xf,
				offset:  int64(binary.LittleEndian.Uint32(b[8:])) * sectorSize,
				sectors: int64(binary.LittleEndian.Uint16(b[6:])),
			})
		}
	}
}

// sizeOf is how large a boot image is that is no file of the tree. The catalog says how much of it a BIOS loads,
// and 16 bits are too few for a large one, so a file system in it is asked first.
func (i *Image) sizeOf(e catalogEntry) (int64, error) {
	floppies := map[byte]int64{1: 1200 << 10, 2: 1440 << 10, 3: 2880 << 10} // El Torito 2.2
	if size, ok := floppies[e.media]; ok {
		return size, nil
	}
	b := make([]byte, 512)
	if n, err := i.image.ReadAt(b, e.offset); n < len(b) {
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return int64(n), err
	}
	if size := fatSize(b); size > 0 {
		return size, nil
	}
	if e.sectors <= 1 && e.platform == EFI { // all that is left, UEFI 13.3.2.1
		return i.size - e.offset, nil
	}
	return e.sectors * 512, nil
}

// fatSize is the size of the FAT file system whose first sector b is; 0 if it is none.
func fatSize(b []byte) int64 {
	sector, small, large := binary.LittleEndian.Uint16(b[11:]), binary.LittleEndian.Uint16(b[19:]), binary.LittleEndian.Uint32(b[32:])
	if b[510] != 0x55 || b[511] != 0xaa || b[0] != 0xeb && b[0] != 0xe9 || sector < 512 || sector > 4096 || b[16] == 0 || b[16] > 2 {
		return 0
	}
	if small != 0 {
		return int64(sector) * int64(small)
	}
	return int64(sector) * int64(large)
}

type bootFile struct {
	name string
	size int64
}

// filesAt finds the files that boot images are, by where they lie.
func (i *Image) filesAt(entries []catalogEntry) (map[int64]bootFile, error) {
	const most = 1 << 16 // names that are looked at
	wanted, found, seen := map[int64]bool{}, map[int64]bootFile{}, 0
	for _, e := range entries {
		wanted[e.offset] = true
	}
	enough := errors.New("enough")
	err := fs.WalkDir(i, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > most || len(found) == len(wanted) {
			return enough
		}
		file, err := d.Info()
		if err != nil || !d.Type().IsRegular() || file.Size() == 0 {
			return err
		}
		n, ok := file.Sys().(*disc.Node)
		if !ok || !wanted[n.Where] {
			return nil
		}
		if _, twice := found[n.Where]; !twice {
			found[n.Where] = bootFile{name: name, size: n.Size}
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, err
	}
	return found, nil
}
