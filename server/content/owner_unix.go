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
