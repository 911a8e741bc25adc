package ways

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
)

// made is what was generated for one of our addresses. Its parts are read while clients ask, so the files they are
// of stay open.
type made struct {
	content.Source
	files map[string]content.Body
	open  []io.Closer
}

func (m *made) close() error {
	var all []error
	for _, c := range m.open {
		all = append(all, c.Close())
	}
	return errors.Join(all...)
}

func (m *made) text(name, text string) { m.files[name] = content.Text(text) }
func (m *made) part(name string, p build.Part) {
	m.files[name] = content.Body{ReaderAt: p, Size: p.Size}
}

// program puts a boot program in, which is small: it is read into memory, as whoever has it may upgrade it.
func (m *made) program(name string, p program.File) error {
	part, err := read(p)
	if err == nil {
		m.part(name, part)
	}
	return err
}

// read reads a boot program.
func read(p program.File) (build.Part, error) {
	f, err := p.Open()
	if err != nil {
		return build.Part{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
	if err != nil {
		return build.Part{}, fmt.Errorf("%s of %s: %w", p.Path, p.Place.Name, err)
	}
	return build.Bytes(data), nil
}

// file is one of the tree, as a part of something else.
func (m *made) file(w *world, name string) (build.Part, error) {
	if b, ok := m.files[name]; ok {
		return build.Part{ReaderAt: b.ReaderAt, Size: b.Size}, nil
	}
	f, err := content.Of(w.media, "/").Open("/" + name)
	if err != nil {
		return build.Part{}, err
	}
	m.open = append(m.open, f)
	return build.Part{ReaderAt: f, Size: f.Size}, nil
}

// generated is what is made for one of our addresses, once.
func (w *world) generated(ways []Way, server netip.Addr) (*made, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stale.Swap(false) {
		w.retire()
	}
	if m := w.made[server]; m != nil {
		return m, nil
	}
	m, began := &made{files: map[string]content.Body{}}, time.Now().Truncate(time.Second)
	err := w.images(m, w.at(server))
	for _, way := range ways {
		if err == nil {
			err = way.make(m, w.at(server))
		}
	}
	if err == nil {
		m.Source, err = content.Files(m.files, began)
	}
	if err != nil {
		return nil, errors.Join(err, m.close())
	}
	w.made[server] = m
	return m, nil
}

// images are the media's own images, and what holds them: an installer fetches them whole, or wants one in its initrd.
func (w *world) images(m *made, a at) error {
	for _, p := range w.pieces {
		if err := m.whole(p); err != nil {
			return err
		}
		for _, medium := range p.media {
			for _, e := range medium.Entries {
				if err := w.companions(m, a, chosen{p, medium, e}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// whole is an image as a file.
func (m *made) whole(p *piece) error {
	if !p.whole() {
		return nil
	}
	f, err := os.Open(p.path)
	if err != nil {
		return err
	}
	m.open = append(m.open, f)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	m.files[p.image()] = content.Body{ReaderAt: f, Size: info.Size(), ModTime: info.ModTime()}
	return nil
}

// turned is told when something else has the path of an image or a directory: what was made of its files is made anew.
// Whoever tells holds locks, so this is only noted.
func (w *world) turned(image.About, error) { w.stale.Store(true) }

// retire forgets what was made of files that are others now.
func (w *world) retire() {
	for server, m := range w.made {
		w.open = append(w.open, closer(m.close)) // it may be under way
		delete(w.made, server)
	}
}

type closer func() error

// Close closes.
func (c closer) Close() error { return c() }

// companions are files that an entry needs beside the medium's own.
func (w *world) companions(m *made, a at, c chosen) error {
	if iso := m.files[c.image()]; c.Entry.AppendISO != "" && iso.Size > 0 {
		archive, err := build.Archive(c.Entry.AppendISO, build.Part{ReaderAt: iso, Size: iso.Size})
		if err != nil {
			return fmt.Errorf("%s: %w", c.piece.path, err)
		}
		m.part(c.appended(), archive)
	}
	if c.Entry.Kind != "esxi" {
		return nil
	}
	for _, module := range c.Entry.Modules {
		disc, err := m.file(w, c.in(c.Medium, module.File))
		if err != nil {
			return err
		}
		text, err := io.ReadAll(io.NewSectionReader(disc, 0, min(disc.Size, 1<<20)))
		if err != nil {
			return err
		}
		m.text(c.bootCfg(), menu.BootCfg(string(text), w.places(c, a).Base, w.item(c, a, a.web).Options))
	}
	return nil
}
