package ways

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/build"
	"github.com/bootrig/bootrig/server/media/menu"
	"github.com/bootrig/bootrig/server/media/program"
)

// made is what was generated for one of our addresses. Its parts are read while clients ask, so the files they are
// of stay open as long as somebody holds it.
type made struct {
	content.Source
	tree     *content.Sourced // with all else that is served
	files    map[string]content.Body
	programs map[[sha256.Size]byte]build.Part
	used     []used
	lacks    []error // why some of it could not be made
	open     []io.Closer
	hold     hold
}

func newMade() *made {
	m := &made{files: map[string]content.Body{}, programs: map[[sha256.Size]byte]build.Part{}}
	m.hold.close = m.close
	return m
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
	part, err := m.read(p)
	if err == nil {
		m.part(name, part)
	}
	return err
}

// read reads a boot program, of which there is one in memory, however many ways have it.
func (m *made) read(p program.File) (build.Part, error) {
	f, err := p.Open()
	if err != nil {
		return build.Part{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
	if err != nil {
		return build.Part{}, fmt.Errorf("%s of %s: %w", p.Path, p.Place.Name, err)
	}
	sum := sha256.Sum256(data)
	if _, again := m.programs[sum]; !again {
		m.programs[sum] = build.Bytes(data)
	}
	return m.programs[sum], nil
}

// file is one of the tree, as a part of something else.
func (m *made) file(w *world, name string) (build.Part, error) {
	if b, ok := m.files[name]; ok {
		return build.Part{ReaderAt: b.ReaderAt, Size: b.Size}, nil
	}
	f, err := content.Of(w.everything(), "/").Open("/" + name)
	if err != nil {
		return build.Part{}, err
	}
	m.open, m.used = append(m.open, f), append(m.used, used{name, f.Size, f.ModTime})
	return build.Part{ReaderAt: f, Size: f.Size}, nil
}

// generated is what is made for one of our addresses, once. Who gets it leaves its hold.
func (w *world) generated(ways []Way, server netip.Addr) (*made, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stale.Swap(false) {
		w.retire()
	}
	m := w.made[server]
	if m == nil || !w.fresh(m) {
		next, err := w.make(ways, server)
		if err != nil {
			return nil, err
		}
		if m != nil {
			_ = m.hold.end() // it was only read
		}
		m, w.made[server] = next, next
	}
	return m, m.hold.enter()
}

// make makes it. What cannot be made is missing in it, and the rest is there.
func (w *world) make(ways []Way, server netip.Addr) (m *made, err error) {
	m, began := newMade(), time.Now().Truncate(time.Second)
	if err := w.images(m, w.at(server)); err != nil {
		m.lacks = append(m.lacks, err)
	}
	for _, way := range ways {
		for _, e := range way.entries {
			if e.own == "" {
				continue
			}
			if err := w.companions(m, w.at(server), e); err != nil {
				m.lacks = append(m.lacks, fmt.Errorf("%s: %w", way.Title, err))
			}
		}
		if err := way.make(m, w.at(server)); err != nil {
			m.lacks = append(m.lacks, fmt.Errorf("%s: %w", way.Title, err))
		}
	}
	if m.Source, err = content.Files(m.files, began); err != nil {
		return nil, errors.Join(err, m.close())
	}
	m.tree = content.Of(content.Overlay(w.layers(m)...), w.as())
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
				if err := w.companions(m, a, chosen{piece: p, Medium: medium, Entry: e}); err != nil {
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

// companions are files that an entry needs beside the medium's own.
func (w *world) companions(m *made, a at, c chosen) error {
	if iso := m.files[c.image()]; c.Entry.AppendISO != "" && iso.Size > 0 {
		archive, err := build.Archive(c.Entry.AppendISO, build.Part{ReaderAt: iso, Size: iso.Size})
		if err != nil {
			return fmt.Errorf("%s: %w", c.path, err)
		}
		m.part(c.appended(), archive)
	}
	if c.Entry.Kind != media.ESXi {
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
		m.text(c.bootCfg(), menu.BootCfg(string(text), w.prefix(c, a), w.item(c, a, a.web).Options))
	}
	return nil
}

// prefix is what VMware's loader puts before the names of files. That for BIOS has them by TFTP, which it names as
// pxelinux does.
func (w *world) prefix(c chosen, a at) string {
	if path.Ext(c.Entry.Kernel) == ".c32" {
		return syslinux(c.in(c.Medium, ""))
	}
	return w.places(c, a).Base
}
