package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"
)

// A Dir is a Tree over one directory of the host. Nothing outside the directory is ever opened: the
// opening itself goes through os.Root, whatever the names and links say.
type Dir struct {
	root  *os.Root
	as    string
	known []string // every absolute path by which links may name the root; as is the first
}

// OpenDir makes a Tree of the directory dir, which clients and absolute links know as `as`; "" is dir
// itself. A scenario keeps its files anywhere and serves them as "/tftpboot".
func OpenDir(dir, as string) (*Dir, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("content directory %s: %w", dir, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("content directory %s: %w", dir, err)
	}
	if as == "" {
		as = filepath.ToSlash(abs)
	}
	d := &Dir{root: root, as: path.Clean("/" + as)}
	d.known = []string{d.as, filepath.ToSlash(abs)}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		d.known = append(d.known, filepath.ToSlash(real))
	}
	return d, nil
}

// Close gives the directory back; files that are open stay open.
func (d *Dir) Close() error { return d.root.Close() }

// Open finds the file that a client means by name.
func (d *Dir) Open(name string) (*File, error) { return find(d.as, name, d.open) }

func (d *Dir) open(rel string) (*File, error) {
	f, info, err := d.openFile(rel)
	if err != nil {
		return nil, err
	}
	return NewFile(rel, f, info.Size(), info.ModTime(), f.Close), nil
}

func (d *Dir) openFile(rel string) (*os.File, fs.FileInfo, error) {
	f, err := d.openAny(rel)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = servable(info)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// servable refuses what is no file, and what others may not read: TFTP asks nobody who they are, and
// root could read everything. dnsmasq has the same rule (tftp.c, check_tftp_fileperm).
func servable(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return ErrIsDirectory
	case !info.Mode().IsRegular():
		return ErrNotRegular
	case os.Geteuid() == 0 && info.Mode().Perm()&0o004 == 0:
		return fmt.Errorf("not readable for everybody: %w", fs.ErrPermission)
	}
	return nil
}

// openAny opens a file or a directory. os.Root follows the links it can; absolute ones, those that
// leave the root and come back, and chains of more than eight it refuses, so those are resolved first.
func (d *Dir) openAny(rel string) (*os.File, error) {
	// Without O_NONBLOCK the opening of a FIFO would wait for a writer.
	const flags = os.O_RDONLY | syscall.O_NONBLOCK
	if rel == "" {
		rel = "."
	}
	f, err := d.root.OpenFile(rel, flags, 0)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return f, bare(err)
	}
	resolved, err := d.resolve(rel)
	if err != nil {
		return nil, bare(err)
	}
	f, err = d.root.OpenFile(resolved, flags, 0)
	return f, bare(err)
}

// bare takes the path of the host off an error: clients know the file by another name. A file where a
// directory was expected, and a name that no file system could hold, are misses.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG) {
		return fs.ErrNotExist
	}
	return err
}
