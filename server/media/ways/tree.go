package ways

import (
	"errors"
	"net/netip"
	"path/filepath"
	"slices"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
)

// as is how clients may call the top of the tree: a directory by its own name, as links in it do.
func (w *world) as() string {
	if len(w.pieces) == 1 && w.pieces[0].kind == image.Directory {
		if abs, err := filepath.Abs(w.pieces[0].path); err == nil {
			return filepath.ToSlash(abs)
		}
	}
	return "/"
}

// layers are what is laid over all, what was made, and the media.
func (w *world) layers(m *made) []content.Source {
	return append(slices.Clone(w.over), m.Source, w.media)
}

// everything is the media with what is laid over them: what something is made of.
func (w *world) everything() content.Source {
	return content.Overlay(append(slices.Clone(w.over), w.media)...)
}

// Settings are those of a configuration with what the media decide.
func (s *Served) Settings(c config.Config) config.Config {
	c.DHCP.Boot = boots(s.Ways, c.DHCP.Boot)
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

// Source is all that is served where our address is server. It can be read until s is closed.
func (s *Served) Source(server netip.Addr) (content.Source, error) {
	m, err := s.once(server)
	if err != nil {
		return nil, err
	}
	return content.Overlay(s.world.layers(m)...), nil
}

// Made is what is made where our address is server: each name and its text, or its size.
func (s *Served) Made(server netip.Addr) (map[string]content.Body, error) {
	m, err := s.once(server)
	if err != nil {
		return nil, err
	}
	return m.files, nil
}

// once makes everything, or says why something cannot be made.
func (s *Served) once(server netip.Addr) (*made, error) {
	m, err := s.world.make(s.Ways, server)
	if err != nil {
		return nil, err
	}
	s.world.mu.Lock()
	s.world.open = append(s.world.open, closer(m.hold.end))
	s.world.mu.Unlock()
	return m, errors.Join(m.lacks...)
}

type closer func() error

// Close closes.
func (c closer) Close() error { return c() }
