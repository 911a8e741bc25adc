package teller

import (
	"regexp"
	"strings"
)

// The names that boot programs try for their configuration, from the machine's own to the one for all:
// pxelinux.cfg/UUID, 01-MAC, C0A80964, C0A8096, ..., C, default (pxelinux, core/fs/pxe/pxe.c), and
// grub.cfg-01-MAC, grub.cfg-C0A80964, ..., grub.cfg-C, grub.cfg (GRUB, grub-core/net/net.c).
const (
	uuid    = `[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}`
	mac     = `[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){6,}` // the hardware type before it
	address = `[0-9A-F]{1,8}`
	own     = `(` + uuid + `|` + mac + `|` + address + `)`
)

var (
	ownName  = regexp.MustCompile(`^(.*pxelinux\.cfg/)` + own + `$|^(.*/|)grub\.cfg-` + own + `$`)
	lastName = regexp.MustCompile(`^(.*pxelinux\.cfg/)default$|^(.*/|)grub\.cfg$`)
)

// configuration tells whether a path is one of those names, the directory, and whether it is the last that
// is tried.
func configuration(path string) (dir string, last, ok bool) {
	last = lastName.MatchString(path)
	if !last && !ownName.MatchString(path) {
		return "", false, false
	}
	return path[:strings.LastIndexByte(path, '/')+1], last, true
}
