package ways

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/media"
)

// A piece is one of the paths that are served.
type piece struct {
	path    string
	src     content.Source
	kind    image.Kind
	notes   []string // what of it cannot be served
	as      string   // no other has that name
	name    string   // of its directory in the tree; "": it lies at the top
	media   []media.Medium
	loaders []media.Loader
}

// whole tells whether it can be had as one file that is an image of a disc.
func (p *piece) whole() bool { return p.kind == image.ISO }

// bootable tells what has boot programs. What has none only lies over something else.
func (p *piece) bootable() bool { return len(p.media)+len(p.loaders) > 0 }

// called is how it is told of where its path would be too long.
func (p *piece) called() string {
	abs, err := filepath.Abs(p.path)
	if err != nil {
		return p.path
	}
	return filepath.Base(abs)
}

// plain tells a netboot directory that is of no family.
func (p *piece) plain() bool { return len(p.media) == 0 && p.bootable() }

// in is the name in the tree of a file of one of the piece's media; "" for the top of the tree.
func (p *piece) in(m media.Medium, file string) string {
	if name := path.Join(p.name, m.Dir, file); name != "." {
		return name
	}
	return ""
}

// collect opens all paths and says what they are. What it returns is to be closed, also beside an error.
func (w *world) collect(paths []string) (pieces []*piece, open []io.Closer, err error) {
	var mistakes, strange []error
	known := 0
	for _, path := range paths {
		at, err := w.Image.Named(path, w.turned)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		open = append(open, at)
		p := &piece{path: path, src: at, kind: at.About().Kind, notes: at.About().Notes}
		pieces = append(pieces, p)
		if err := at.Hindered(); err != nil { // what cannot be seen must not be called nothing
			mistakes = append(mistakes, fmt.Errorf("%s: no file of it would be served: %w", path, err))
			continue
		}
		switch p.media, err = w.Families.Recognise(p.src); {
		case err == nil:
			known++
			p.loaders = media.Loaders(p.src)
		case p.kind == image.Directory:
			strange = append(strange, fmt.Errorf("%s: %w", path, err))
		default:
			mistakes = append(mistakes, fmt.Errorf("%s: %w", path, err))
		}
	}
	if known == 0 {
		mistakes = append(mistakes, plain(pieces, strange)...)
	}
	place(pieces)
	return pieces, open, errors.Join(mistakes...)
}

// plain has the first directory with boot programs be booted as it is, where there is no medium. The others are laid
// over it.
func plain(pieces []*piece, strange []error) []error {
	for _, p := range pieces {
		if p.loaders = media.Loaders(p.src); len(p.loaders) > 0 {
			return nil
		}
	}
	return strange
}

// place gives every piece that can be booted a name, after its file, and if there are several a directory of that name.
func place(pieces []*piece) {
	var media []*piece
	for _, p := range pieces {
		if p.bootable() {
			media = append(media, p)
		}
	}
	taken := map[string]bool{reserved: true}
	for _, p := range media {
		p.as = stem(p.path)
		for n := 2; taken[p.as]; n++ {
			p.as = fmt.Sprintf("%s-%d", stem(p.path), n)
		}
		if taken[p.as] = true; len(media) > 1 {
			p.name = p.as
		}
	}
}

// stem is the name of a file without what says how it is packed, as plainName has it.
func stem(file string) string {
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	name := filepath.Base(file)
	for _, ending := range []string{".gz", ".xz", ".zst", ".tgz", ".tar", ".iso", ".img"} {
		if len(name) > len(ending) && strings.EqualFold(name[len(name)-len(ending):], ending) {
			name = name[:len(name)-len(ending)]
		}
	}
	return plainName(name)
}

// plainName is a text of letters that mean nothing in a URL or a menu.
func plainName(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_' {
			return r
		}
		return '_'
	}, text)
}

// reserved is the directory of what is made here.
const reserved = "bootrig"
