package content

import (
	"io/fs"
	"slices"
	"strings"
)

// maxLinks is how many links Linux follows in one name (path_resolution(7)).
const maxLinks = 40

// resolve walks rel one element at a time and yields the path below the root without any link in it, if
// every directory on the way may be entered. It thinks in absolute paths as clients know them: a walk may step out of the root by "..", or by an
// absolute link, as long as it ends inside. Outside nothing is looked at, names are only counted.
func (d *Dir) resolve(rel string) (string, error) {
	if err := d.Hindered(); err != nil {
		return "", err
	}
	at := elements(d.as)
	todo := strings.Split(rel, "/")
	for links := 0; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		if next == "" || next == "." {
			continue
		}
		if next == ".." {
			at = at[:max(0, len(at)-1)]
			continue
		}
		at = append(at, next)
		here, inside := d.below(at)
		if !inside || len(here) == 0 {
			continue
		}
		target, info, err := d.link(here)
		if err == nil && len(todo) > 0 {
			err = d.readers.mayEnter(info, written(d.as, strings.Join(here, "/")))
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if links++; links > maxLinks {
			return "", ErrLoop
		}
		at = at[:len(at)-1]
		if strings.HasPrefix(target, "/") {
			at = nil
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	here, inside := d.below(at)
	if !inside {
		return "", ErrEscape
	}
	return strings.Join(append([]string{"."}, here...), "/"), nil
}

// Hindered says why nothing of the directory is served, if others may not enter it.
func (d *Dir) Hindered() error {
	info, err := d.root.Stat(".")
	if err == nil {
		err = d.readers.mayEnter(info, d.as)
	}
	return err
}

// below cuts the root off an absolute path, by whichever of its names the path begins with.
func (d *Dir) below(at []string) ([]string, bool) {
	for _, known := range d.known {
		root := elements(known)
		if len(at) >= len(root) && slices.Equal(at[:len(root)], root) {
			return slices.Clone(at[len(root):]), true
		}
	}
	return nil, false
}

// link is what is at a path, and where it leads if it is a link.
func (d *Dir) link(here []string) (target string, info fs.FileInfo, err error) {
	name := strings.Join(here, "/")
	info, err = d.root.Lstat(name)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		target, err = d.root.Readlink(name)
	}
	return target, info, err
}

// elements splits an absolute path; "/" has none.
func elements(abs string) []string {
	if abs = strings.Trim(abs, "/"); abs == "" {
		return nil
	}
	return strings.Split(abs, "/")
}
