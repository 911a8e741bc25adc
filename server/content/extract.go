package content

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Extract writes all of a Source below a directory, as plain files that any server can serve. Links stay links, absolute
// ones made relative to the top. It writes nowhere else, whatever names and links say. tell hears of each file before
// it is written; it may be nil.
func Extract(ctx context.Context, src Source, dir string, tell func(name string, size int64)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if tell == nil {
		tell = func(string, int64) {}
	}
	x := extraction{ctx, src, root, tell}
	return x.directory(".")
}

type extraction struct {
	ctx  context.Context
	src  Source
	root *os.Root
	tell func(string, int64)
}

func (x extraction) directory(name string) error {
	if name != "." {
		if err := x.root.Mkdir(name, 0o755); err != nil {
			return err
		}
	}
	entries, err := x.src.ReadDir(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		below := path.Join(name, e.Name())
		if err := x.ctx.Err(); err != nil {
			return err
		}
		switch {
		case e.IsDir():
			err = x.directory(below)
		case e.Type()&fs.ModeSymlink != 0:
			err = x.link(below)
		case e.Type().IsRegular():
			err = x.file(below)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (x extraction) link(name string) error {
	target, err := x.src.ReadLink(name)
	if err != nil {
		return err
	}
	if strings.HasPrefix(target, "/") {
		if target, err = filepath.Rel(path.Dir("/"+name), path.Clean(target)); err != nil {
			return err
		}
	}
	return x.root.Symlink(target, name)
}

func (x extraction) file(name string) error {
	in, err := x.src.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	x.tell(name, info.Size())
	out, err := x.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	n, err := io.Copy(out, interrupted{x.ctx, in})
	if err == nil && n != info.Size() {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("%s: %d bytes of %d were written: %w", name, n, info.Size(), err)
	}
	if err := out.Close(); err != nil {
		return err
	}
	if info.ModTime().IsZero() {
		return nil
	}
	return x.root.Chtimes(name, info.ModTime(), info.ModTime())
}

// interrupted is a reader that ends with its context.
type interrupted struct {
	ctx context.Context
	io.Reader
}

// Read reads on.
func (r interrupted) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
