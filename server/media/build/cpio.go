package build

import (
	"fmt"
	"path"
	"strings"
)

// The kernel takes an initrd as cpio archives of the "newc" format one behind the other, each compressed for
// itself or not, with zeros between them (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
// A header begins at a multiple of four bytes, and the kernel counts from the beginning of the whole.
const (
	cpioAlign = 4
	cpioMax   = 1<<32 - 1 // a size is eight hexadecimal digits
	cpioDir   = 0o040755
	cpioFile  = 0o100644
)

// Archive is an uncompressed cpio archive of one file under that name, with the directories above it. It is
// what an initrd gets appended: Proxmox's installer has the whole CD image as /proxmox.iso.
func Archive(name string, file Part) (Part, error) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" {
		return Part{}, fmt.Errorf("a file in an initrd has to have a name")
	}
	if file.Size > cpioMax {
		return Part{}, fmt.Errorf("/%s of %d bytes: an initrd holds files of less than 4 GiB: its format has 32 bits for a size", name, file.Size)
	}
	var parts []Part
	inode := 1
	for i, r := range name {
		if r == '/' {
			parts = append(parts, cpioHeader(inode, cpioDir, 0, name[:i]))
			inode++
		}
	}
	return Join(append(parts,
		cpioHeader(inode, cpioFile, file.Size, name), padded(cpioAlign, file),
		cpioHeader(0, 0, 0, "TRAILER!!!"))...), nil
}

// cpioHeader is the header of a file, with its name and the zeros behind it.
func cpioHeader(inode, mode int, size int64, name string) Part {
	links := 1
	if mode == cpioDir {
		links = 2
	}
	// magic, inode, mode, uid, gid, links, mtime, size, dev, rdev, length of the name, check
	header := fmt.Sprintf("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, len(name)+1, 0)
	return padded(cpioAlign, Text(header+name+"\x00"))
}

// Initrds are several initrds as one, each where the kernel looks for it.
func Initrds(parts ...Part) Part {
	var all []Part
	for i, p := range parts {
		if i < len(parts)-1 {
			p = padded(cpioAlign, p)
		}
		all = append(all, p)
	}
	return Join(all...)
}
