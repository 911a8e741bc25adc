//go:build unix

package content

import (
	"io/fs"
	"syscall"
)

// ownerOf is the user a file belongs to.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(stat.Uid), true
}

// idOf is what tells a file apart from all others of the host.
func idOf(info fs.FileInfo) (fileID, bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return fileID{}, false
	}
	return fileID{uint64(stat.Dev), uint64(stat.Ino)}, true //nolint:unconvert // they differ from system to system
}
