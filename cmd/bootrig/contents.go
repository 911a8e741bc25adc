package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/media/ways"
)

// mediaOptions is where media are known, boot programs found and tarballs unpacked on this host. state is the file
// beside which that is; "": where the user's caches are.
func mediaOptions(state string) (ways.Options, error) {
	families, err := media.Load(media.Dirs()...)
	if err != nil {
		return ways.Options{}, err
	}
	return ways.Options{Families: families, Host: []program.Place{program.Host()}, Image: image.Options{Cache: cacheDir(state), Progress: unpacking()}}, nil
}

// unpacking tells on a terminal how much of a tarball is unpacked, a few times a second.
func unpacking() func(done, total int64) error {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var last time.Time
	return func(done, total int64) error {
		switch {
		case done >= total:
			fmt.Fprint(os.Stderr, "\r\x1b[K")
		case time.Since(last) > time.Second/4:
			last = time.Now()
			fmt.Fprintf(os.Stderr, "\r\x1b[Kunpacking once: %d of %d MB", done/1e6, total/1e6)
		}
		return nil
	}
}

// cacheDir is where tarballs are unpacked: beside the state, or where there is none in the user's cache.
func cacheDir(state string) string {
	if state != "" {
		return filepath.Join(filepath.Dir(state), "unpacked")
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "bootrig", "unpacked")
}

// contents are what a configuration serves, opened to be looked into.
type contents struct {
	settings config.Config // with what its media say
	media    *ways.Served  // nil: there are none
	dir      *content.Dir  // of TFTP; nil: none
}

// openContents opens the media, or the root of TFTP. Where that is missing there is nothing to open. state is as of
// mediaOptions.
func openContents(settings config.Config, state string) (c *contents, err error) {
	c = &contents{settings: settings}
	if len(settings.Media.Paths) == 0 {
		if c.dir, err = served(&settings); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return c, err
	}
	o, err := mediaOptions(state)
	if err != nil {
		return nil, err
	}
	o.HTTP, o.Leases = settings.HTTP, len(settings.Leases.Ranges) > 0
	if c.media, err = ways.Open(settings.Media, o); err != nil {
		return nil, err
	}
	c.settings = c.media.Settings(settings)
	return c, nil
}

// tree is what a client reaches at one of our addresses; nil: nothing.
func (c *contents) tree(server netip.Addr) content.Tree {
	switch {
	case c.media != nil:
		return c.media.Tree().For(content.Asked{Server: server})
	case c.dir != nil:
		return c.dir
	}
	return nil
}

// Close gives it back.
func (c *contents) Close() error {
	switch {
	case c.media != nil:
		return c.media.Close()
	case c.dir != nil:
		return c.dir.Close()
	}
	return nil
}

// ours is our address on the first of some links, or one that is made up.
func ours(links []dhcp.Link) netip.Addr {
	if len(links) == 0 {
		links = madeUp()
	}
	return links[0].Prefix.Addr()
}
