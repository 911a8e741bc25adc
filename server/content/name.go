package content

import (
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

// written is the name of rel as clients write it in full.
func written(root, rel string) string {
	return strings.TrimSuffix(root, "/") + "/" + rel
}
