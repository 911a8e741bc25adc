package content

import (
	"fmt"
	"io/fs"
)

// readers are those who may have a file of the host: TFTP and HTTP ask nobody who they are.
type readers struct {
	uid int  // whom we run as
	own bool // only our own files
}

// all tells whether it is for us to find out what everybody may have: root can open everything, of others
// the kernel knows what they can.
func (r readers) all() bool { return r.uid == 0 }

// may refuses what others must not read, and what is no file. From root only what everybody may read is
// had; that it is root's own, tftp-secure does not ask then. The rules and their order are dnsmasq's
// (tftp.c, check_tftp_fileperm).
func (r readers) may(info fs.FileInfo) error {
	owner, known := ownerOf(info)
	switch {
	case r.all() && info.Mode().Perm()&0o004 == 0:
		return fmt.Errorf("not readable for everybody: %w", fs.ErrPermission)
	case !r.all() && r.own && (!known || owner != r.uid):
		return fmt.Errorf("it belongs to another user: %w", fs.ErrPermission)
	case info.IsDir():
		return ErrIsDirectory
	case !info.Mode().IsRegular():
		return ErrNotRegular
	}
	return nil
}

// mayEnter refuses a directory on the way to a file that others may not enter (path_resolution(7)): dnsmasq
// cannot, once it has become nobody.
func (r readers) mayEnter(info fs.FileInfo, name string) error {
	if r.all() && info.IsDir() && info.Mode().Perm()&0o001 == 0 {
		return fmt.Errorf("others may not enter %s (mode %#o): %w", name, info.Mode().Perm(), fs.ErrPermission)
	}
	return nil
}

// mayList refuses a directory whose names others may not see.
func (r readers) mayList(info fs.FileInfo) error {
	if r.all() && info.IsDir() && info.Mode().Perm()&0o005 != 0o005 {
		return fmt.Errorf("others may not list it (mode %#o): %w", info.Mode().Perm(), fs.ErrPermission)
	}
	return nil
}
