package header

import "slices"

// Initrd tells whether a file may be one, by its beginning: a cpio archive, or what the kernel unpacks to one
// (Linux, init/initramfs.c and lib/decompress.c).
func Initrd(p []byte) bool {
	packed := []string{CPIO, Gzip, "xz data", "zstd data", "bzip2 data", "lz4 data"}
	return slices.Contains(packed, Format(p)) && Of(p).Kind == ""
}
