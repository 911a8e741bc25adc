// Package content makes the trees that scenarios serve: content sets from Debian packages, cut and
// thinned as a scenario asks, with the scenario's own files on top.
//
// A Tree lives in memory and refers to the host's files, so that a simulated run leaves nothing on
// disk, however it ends; a real run writes it out on the run's own tmpfs.
package content

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content"
)

// A Tree is a directory that clients know by the path As.
type Tree struct {
	As     string
	nodes  map[string]node  // by clean name below the root; directories are implied
	packed string           // the one file that Pack made of it
	cuts   map[string]int64 // where files end that were cut off since they were opened
}

// A node is a link, bytes, or the beginning of a file of the host.
type node struct {
	link string
	data []byte
	host string
	size int64
	// whole says that it is all of the host's file.
	whole bool
}

// large is from where on a file of the host is shown, not copied: a tmpfs is memory.
const large = 1 << 20

// maxLinks is how many links Linux follows in one name (path_resolution(7)).
const maxLinks = 40

// Put adds a file, through the links that lead to its name: putting pxelinux.cfg/default where
// pxelinux.cfg is a link replaces the file behind it.
func (t *Tree) Put(name string, data []byte) error {
	real, err := t.resolve(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t.nodes[real] = node{data: data, size: int64(len(data))}
	return nil
}

// resolve follows the links in name. A name that is not there resolves too.
func (t *Tree) resolve(name string) (string, error) {
	at, todo := "", strings.Split(name, "/")
	for links := 0; len(todo) > 0; {
		next := path.Join(at, todo[0])
		todo = todo[1:]
		if next == ".." || strings.HasPrefix(next, "../") {
			return "", content.ErrEscape
		}
		n, ok := t.nodes[next]
		if !ok || n.link == "" {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return "", content.ErrLoop
		}
		target := n.link
		if path.IsAbs(target) {
			below, inside := strings.CutPrefix(target, t.As+"/")
			if !inside {
				return "", content.ErrEscape
			}
			target, at = below, ""
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return at, nil
}

// Names lists all names, sorted.
func (t *Tree) Names() []string { return slices.Sorted(maps.Keys(t.nodes)) }

// Write makes the tree below dir, readable for everybody as a TFTP server demands. show puts a large file of
// the host at a path where an empty file is; where it is nil, large files are copied too.
func (t *Tree) Write(dir string, show func(host, at string) error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range t.Names() {
		n, to := t.nodes[name], filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		var err error
		if n.link != "" {
			err = os.Symlink(n.link, to)
		} else {
			err = n.write(to, show)
		}
		if err != nil {
			return fmt.Errorf("write content: %w", err)
		}
	}
	return nil
}

func (n node) write(to string, show func(host, at string) error) (err error) {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	switch {
	case n.host == "":
		_, err = f.Write(n.data)
		return err
	case n.whole && n.size >= large && show != nil:
		return show(n.host, to)
	}
	from, err := os.Open(n.host)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.CopyN(f, from, n.size) // the kernel copies: both are files
	return err
}
