package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// A Dir is a Tree over one directory of the host. Nothing outside the directory is ever opened: the
// opening itself goes through os.Root, whatever the names and links say. LinksAnywhere allows the rest.
type Dir struct {
	root     *os.Root
	path     string // of the host
	as       string
	known    []string // every absolute path by which links may name the root; as is the first
	anywhere bool
	readers  readers
	handles  handles
}

// Options are what a Dir may be told beside its directory.
type Options struct {
	As            string // what clients and absolute links call the directory; "": by its own path
	LinksAnywhere bool   // links may lead out of it
	OwnFilesOnly  bool   // files must belong to the user we are, unless that is root
}

// OpenDir makes a Tree of the directory dir, which clients and absolute links know as `as`; "" is dir
// itself. A scenario keeps its files anywhere and serves them as "/tftpboot".
func OpenDir(dir, as string) (*Dir, error) { return Options{As: as}.OpenDir(dir) }

// OpenDir makes a Tree of the directory dir.
func (o Options) OpenDir(dir string) (*Dir, error) {
	as := o.As
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
	d := &Dir{root: root, path: abs, as: path.Clean("/" + as), anywhere: o.LinksAnywhere,
		readers: readers{uid: os.Geteuid(), own: o.OwnFilesOnly}}
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
	f, info, err := d.openShared(rel)
	if err != nil {
		return nil, err
	}
	file := NewFile(rel, f.ReaderAt, info.Size(), info.ModTime(), f.Close)
	file.pieces = f.pieces
	return file, nil
}

// openShared opens a file, once for all who read it.
func (d *Dir) openShared(rel string) (reader, fs.FileInfo, error) {
	f, info, err := d.openFile(rel)
	if err != nil {
		return reader{}, nil, err
	}
	id, known := idOf(info)
	if !known {
		return reader{ReaderAt: f, close: f.Close}, info, nil
	}
	return d.handles.share(id, f, state{info.Size(), info.ModTime()}), info, nil
}

func (d *Dir) openFile(rel string) (*os.File, fs.FileInfo, error) {
	f, err := d.openAny(rel)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = d.readers.may(info)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// openAny opens a file or a directory. os.Root follows the links it can; absolute ones, those that
// leave the root and come back, and chains of more than eight it refuses, so those are resolved first. So
// is every name where it has to be known which directories are on the way.
func (d *Dir) openAny(rel string) (*os.File, error) {
	// Without O_NONBLOCK the opening of a FIFO would wait for a writer.
	const flags = os.O_RDONLY | syscall.O_NONBLOCK
	if rel == "" {
		rel = "."
	}
	if !d.readers.all() {
		f, err := d.root.OpenFile(rel, flags, 0)
		if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return f, bare(err)
		}
	}
	resolved, err := d.resolve(rel)
	if d.anywhere && errors.Is(err, ErrEscape) {
		return d.openOutside(filepath.Join(d.path, rel), flags)
	}
	if err != nil {
		return nil, bare(err)
	}
	f, err := d.root.OpenFile(resolved, flags, 0)
	return f, bare(err)
}

// openOutside opens what a link out of the root leads to. That the directories above the root may be
// entered is the word of whoever has it served.
func (d *Dir) openOutside(name string, flags int) (*os.File, error) {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, bare(err)
	}
	for at := filepath.Dir(real); d.readers.all() && !strings.HasPrefix(d.path+"/", strings.TrimSuffix(at, "/")+"/"); at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil {
			err = d.readers.mayEnter(info, at)
		}
		if err != nil {
			return nil, bare(err)
		}
	}
	f, err := os.OpenFile(real, flags, 0)
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
