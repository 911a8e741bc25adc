package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	served "github.com/bootrig/bootrig/server/content"
)

// settle is what a real host and its server are given to take note of a change. Nobody tells when they have.
const settle = time.Second

// move renames what the lab knows of the host's files: a tree, a file of one, or a file beside the configuration.
func (b *lab) move(h script.Host) error {
	if !path.IsAbs(h.From) {
		return b.moveFile(h.From, h.To)
	}
	if slices.ContainsFunc(b.trees, func(t *content.Tree) bool { return strings.HasPrefix(t.As+"/", h.To+"/") }) {
		return fmt.Errorf("move %s to %s: there is a directory", h.From, h.To)
	}
	var trees []*content.Tree
	found := false
	for _, t := range b.trees {
		moved, err := t.Moved(h.From, h.To)
		if err != nil {
			return err
		}
		if moved != nil {
			b.past, found, t = append(b.past, t), true, moved
		}
		trees = append(trees, t)
	}
	if !found {
		return fmt.Errorf("move %s to %s: it is not there", h.From, h.To)
	}
	b.trees = trees
	return nil
}

func (b *lab) moveFile(from, to string) error {
	n := slices.IndexFunc(b.files, func(f txtar.File) bool { return f.Name == from })
	if n < 0 {
		return fmt.Errorf("move %s to %s: it is not there", from, to)
	}
	data := b.files[n].Data
	b.files = slices.DeleteFunc(slices.Clone(b.files), func(f txtar.File) bool { return f.Name == from || f.Name == to })
	b.files = append(b.files, txtar.File{Name: to, Data: data})
	return nil
}

// truncate cuts a file of a tree.
func (b *lab) truncate(h script.Host) error {
	for _, t := range b.trees {
		if strings.HasPrefix(h.From, t.As+"/") {
			return t.Truncate(h.From, h.Size)
		}
	}
	return fmt.Errorf("truncate %s: it is in no tree", h.From)
}

// rooted is the tree that is at the server's root now.
type rooted struct{ *lab }

// Open makes it a Tree of the server's.
func (r rooted) Open(name string) (*served.File, error) {
	for _, t := range r.trees {
		if t.As == r.own.root {
			return t.Served().Open(name)
		}
	}
	return nil, &fs.PathError{Op: "open", Path: path.Join(r.own.root, name), Err: fs.ErrNotExist}
}

// List names what is in a directory, so that the server can tell what is there in place of what is not.
func (r rooted) List(name string) ([]served.Entry, error) {
	for _, t := range r.trees {
		if t.As == r.own.root {
			return t.List(name), nil
		}
	}
	return nil, &fs.PathError{Op: "list", Path: path.Join(r.own.root, name), Err: fs.ErrNotExist}
}

// outside is where a path of the server's lies on the run's tmpfs.
func (r *realRun) outside(name string) string {
	if path.IsAbs(name) {
		return filepath.Join(r.dir, "host", name)
	}
	return filepath.Join(r.dir, "lab", name)
}

// shown are the directories of the trees that the server's root shows: those they lie in, if they are to be moved there.
func (r *realRun) shown() (dirs []string) {
	moves := slices.ContainsFunc(r.Steps, func(s script.Step) bool { h, ok := s.Statement.(script.Host); return ok && h.Do == script.Move })
	for _, t := range r.trees {
		if t.Packed() != "" {
			continue
		}
		dir := t.As
		if moves {
			dir = script.Content{Path: t.As}.Shown()
		}
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	return slices.DeleteFunc(slices.Clone(dirs), func(d string) bool {
		return slices.ContainsFunc(dirs, func(above string) bool { return strings.HasPrefix(d, above+"/") })
	})
}

// change does what a step says to the real host.
func (r *realRun) change(ctx context.Context, h script.Host) error {
	switch h.Do {
	case script.LinkUp, script.LinkDown:
		return r.server.SetLink(h.Index(), h.Do == script.LinkUp)
	case script.AddrAdd:
		return r.server.AddAddr(h.Index(), h.Addr)
	case script.AddrDel:
		return r.server.RemoveAddr(h.Index(), h.Addr)
	case script.Reload:
		return r.server.Signal(tap.Hangup)
	case script.Move:
		if err := r.move(h); err != nil {
			return err
		}
		return r.rename(h.From, h.To)
	case script.Truncate:
		if err := r.truncate(h); err != nil {
			return err
		}
		return r.shorten(h.From, h.Size)
	case script.Kill:
		r.killed.Store(true)
		r.server.Kill()
		return nil
	case script.Start:
		return r.startAgain(ctx)
	}
	return fmt.Errorf("host %s: nobody does it in %s", h.Do, r.req.World)
}

// rename stays on the run's tmpfs: a link in a stranger's tree may lead anywhere.
func (r *realRun) rename(from, to string) error {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	inside := func(name string) string { return strings.TrimPrefix(r.outside(name), r.dir+"/") }
	return root.Rename(inside(from), inside(to))
}

// shorten cuts a file off, for those too who have it open. A file of this host, which is shown and not copied, stays whole.
func (r *realRun) shorten(name string, size int64) error {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	f, err := root.OpenFile(strings.TrimPrefix(r.outside(name), r.dir+"/"), os.O_WRONLY, 0)
	if errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("truncate %s: it is a file of this host, as large ones are: truncate one of the scenario's, or say scale=", name)
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

// startAgain starts the server that was killed.
func (r *realRun) startAgain(ctx context.Context) error {
	if !r.killed.Load() {
		return errors.New("host start: the server is running: host kill comes first")
	}
	if err := r.server.Start(); err != nil {
		return err
	}
	r.watchServer()
	return r.serverReady(ctx, r.server)
}
