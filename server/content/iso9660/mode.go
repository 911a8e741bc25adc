package iso9660

import "io/fs"

// mode is a POSIX st_mode, as a PX entry has it; what is a directory the record says.
func mode(m uint32, directory bool) fs.FileMode {
	f := fs.FileMode(m & 0o777)
	if m&0o4000 != 0 {
		f |= fs.ModeSetuid
	}
	if m&0o2000 != 0 {
		f |= fs.ModeSetgid
	}
	if m&0o1000 != 0 {
		f |= fs.ModeSticky
	}
	if directory {
		return f | fs.ModeDir
	}
	switch m & 0o170000 {
	case 0o120000:
		f |= fs.ModeSymlink
	case 0o140000:
		f |= fs.ModeSocket
	case 0o010000:
		f |= fs.ModeNamedPipe
	case 0o060000:
		f |= fs.ModeDevice
	case 0o020000:
		f |= fs.ModeDevice | fs.ModeCharDevice
	}
	return f
}
