package ways

import (
	"net/netip"
	"path/filepath"
	"slices"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
)

// Tree is what is served: the media, and what is made for who asks.
func (s *Served) Tree() content.Personal { return tree{s} }

type tree struct{ *Served }

// For is the tree where our address is the one that was asked.
func (t tree) For(a content.Asked) content.Tree {
	if err := t.world.hold.enter(); err != nil {
		return broken{err}
	}
	defer t.world.hold.leave()
	m, err := t.world.generated(t.Ways, a.Server)
	if err != nil {
		return broken{err}
	}
	return held{content.Of(content.Overlay(t.world.layers(m)...), t.world.as()), &t.world.hold}
}

// Open finds a file where it does not matter who asks. What is made names no address of ours then.
func (t tree) Open(name string) (*content.File, error) { return t.For(content.Asked{}).Open(name) }

// as is how clients may call the top of the tree: a directory by its own name, as links in it do.
func (w *world) as() string {
	if len(w.pieces) == 1 && w.pieces[0].kind == image.Directory {
		if abs, err := filepath.Abs(w.pieces[0].path); err == nil {
			return filepath.ToSlash(abs)
		}
	}
	return "/"
}

// layers are the overlays, what was made, and the media.
func (w *world) layers(m *made) []content.Source {
	var over []content.Source
	for _, p := range w.pieces {
		if !p.bootable() {
			over = append(over, p.src)
		}
	}
	return append(over, m, w.media)
}

// broken says why nothing can be made of the media any more.
type broken struct{ error }

// Open fails.
func (b broken) Open(string) (*content.File, error) { return nil, b.error }

// Settings are those of a configuration with what the media decide.
func (s *Served) Settings(c config.Config) config.Config {
	for _, way := range s.Ways {
		c.DHCP.Boot = append(slices.Clip(c.DHCP.Boot), way.Boot)
	}
	c.TFTP.Enabled, c.TFTP.Rule = true, s.rule
	if c.HTTP.Port == 0 {
		c.HTTP = config.HTTP{Port: s.world.HTTP.Port, Rule: s.rule}
	}
	if len(c.DHCP.Networks)+len(c.Leases.Ranges) == 0 {
		c.Everywhere = s.rule
	}
	c.Notices = append(slices.Clip(c.Notices), s.Notices...)
	return c
}

// Source is all that is served where our address is server.
func (s *Served) Source(server netip.Addr) (content.Source, error) {
	m, err := s.world.generated(s.Ways, server)
	if err != nil {
		return nil, err
	}
	return content.Overlay(s.world.layers(m)...), nil
}

// Made is what is made where our address is server: each name and its text, or its size.
func (s *Served) Made(server netip.Addr) (map[string]content.Body, error) {
	m, err := s.world.generated(s.Ways, server)
	if err != nil {
		return nil, err
	}
	return m.files, nil
}
