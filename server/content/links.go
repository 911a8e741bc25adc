package content

import (
	"io/fs"
	"slices"
	"strings"
)

// maxLinks is how many links Linux follows in one name (path_resolution(7)).
const maxLinks = 40

// resolve walks rel one element at a time and yields the path below the root without any link in it.
// It thinks in absolute paths as clients know them: a walk may step out of the root by "..", or by an
// absolute link, as long as it ends inside. Outside nothing is looked at, names are only counted.
func (d *Dir) resolve(rel string) (string, error) {
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
		target, isLink, err := d.link(here)
		if err != nil {
			return "", err
		}
		if !isLink {
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

func (d *Dir) link(here []string) (target string, isLink bool, err error) {
	name := strings.Join(here, "/")
	info, err := d.root.Lstat(name)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return "", false, err
	}
	target, err = d.root.Readlink(name)
	return target, true, err
}

// elements splits an absolute path; "/" has none.
func elements(abs string) []string {
	if abs = strings.Trim(abs, "/"); abs == "" {
		return nil
	}
	return strings.Split(abs, "/")
}
