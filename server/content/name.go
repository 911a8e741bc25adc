package content

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// clean turns a name as a client writes it into a path below the root that clients know as root.
//
// The rules are dnsmasq's (tftp.c; ../tftpd/testdata/captures/dnsmasq290-tftp-decisions.txt): `\` is `/`; a name
// that begins with the whole root and a slash is below it, of any other name one leading slash is
// dropped. So `//tftpboot/x` is the file tftpboot/x below /tftpboot, and most likely missing.
func clean(root, name string) (string, error) {
	name = strings.ReplaceAll(name, `\`, "/")
	if below, found := strings.CutPrefix(name, strings.TrimSuffix(root, "/")+"/"); found {
		name = below
	} else {
		name = strings.TrimPrefix(name, "/")
	}
	for element := range strings.SplitSeq(name, "/") {
		if element == ".." {
			return "", fs.ErrPermission
		}
	}
	if strings.Contains(name, "\x00") {
		return "", fs.ErrNotExist
	}
	// Clean also drops "." and doubled slashes, as the kernel would.
	return strings.TrimPrefix(path.Clean("/"+name), "/"), nil
}

// cutGarbage splits the bytes from 0x80 up off the end of name: what a ROM appends when it reads past
// the end of an unterminated DHCP option 67.
func cutGarbage(name string) (kept, garbage string) {
	n := len(name)
	for n > 0 && name[n-1] >= 0x80 {
		n--
	}
	return name[:n], name[n:]
}

// meansDirectory tells whether a name can be that of a directory only; a file has no "x/" (POSIX, pathname
// resolution).
func meansDirectory(name string) bool {
	name = strings.TrimSuffix(strings.ReplaceAll(name, `\`, "/"), ".")
	return strings.HasSuffix(name, "/")
}

// written is the name of rel as clients write it in full.
func written(root, rel string) string {
	return strings.TrimSuffix(root, "/") + "/" + rel
}

// find opens what a client means by name below root; where that is missing, without the garbage at the
// end of the name.
func find(root, name string, open func(rel string) (*File, error)) (*File, error) {
	f, err := findExactly(root, name, open)
	kept, garbage := cutGarbage(name)
	if garbage == "" || kept == "" || !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	g, missing := findExactly(root, kept, open)
	if missing != nil {
		return nil, err
	}
	g.Garbage = garbage
	return g, nil
}

func findExactly(root, name string, open func(rel string) (*File, error)) (*File, error) {
	rel, err := clean(root, name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: written(root, strings.TrimPrefix(name, "/")), Err: err}
	}
	f, err := open(rel)
	if err == nil && meansDirectory(name) {
		f.Close()
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: written(root, rel), Err: bare(err)}
	}
	return f, nil
}
