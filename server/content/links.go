package content

import (
	"io/fs"

	"github.com/bootrig/bootrig/server/content/links"
)

// resolve yields the path below the root without any link in it, if every directory on the way may be
// entered.
func (d *Dir) resolve(rel string) (string, error) {
	if err := d.Hindered(); err != nil {
		return "", err
	}
	name, _, err := links.Walk{Known: d.known, Look: d.link, Enter: d.readers.mayEnter}.Resolve(rel)
	return name, err
}

// Hindered says why nothing of the directory is served, if others may not enter it.
func (d *Dir) Hindered() error {
	info, err := d.root.Stat(".")
	if err == nil {
		err = d.readers.mayEnter(info, d.as)
	}
	return err
}

// link is what is at a path, and where it leads if it is a link.
func (d *Dir) link(name string) (target string, info fs.FileInfo, err error) {
	info, err = d.root.Lstat(name)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		target, err = d.root.Readlink(name)
	}
	return target, info, err
}
