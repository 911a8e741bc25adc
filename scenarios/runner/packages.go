package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/media/ways"
)

// bootPackages have the boot programs that few media bring. The machine of a server that is given media has them
// installed, whatever this one has.
var bootPackages = []string{"grub-efi-amd64-signed", "ipxe", "pxelinux", "shim-signed", "syslinux-common", "systemd-boot-efi"}

// unpacked is where the packages are.
func (p *plan) unpacked() ([]string, error) {
	cache, err := p.cache()
	if err != nil {
		return nil, err
	}
	var roots []string
	for _, name := range bootPackages {
		root := filepath.Join(cache, "deb", name)
		if _, err := os.Stat(root); err != nil {
			return nil, notTested("%v: Debian package %s is not unpacked below %s (`make deps` does it)", content.ErrMissing, name, filepath.Dir(root))
		}
		roots = append(roots, root)
	}
	return roots, nil
}

// installed shows the packages' files where installing puts them. Links stay out: what they lead to is shown too.
func (p *plan) installed() ([]tap.Bind, error) {
	if !p.servesMedia() {
		return nil, nil
	}
	roots, err := p.unpacked()
	if err != nil {
		return nil, err
	}
	var binds []tap.Bind
	for _, root := range roots {
		for _, pattern := range []string{"boot/*", "usr/lib/*/*"} {
			files, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				if info, err := os.Lstat(file); err != nil || info.Mode().Type() == os.ModeSymlink {
					continue
				}
				binds = append(binds, tap.Bind{Host: file, Inside: strings.TrimPrefix(file, root), ReadOnly: true})
			}
		}
	}
	return binds, nil
}

// place has the packages, as our server in this process finds them.
func (p *plan) place() (program.Place, error) {
	if !p.servesMedia() {
		return program.Host(), nil
	}
	roots, err := p.unpacked()
	if err != nil {
		return program.Place{}, err
	}
	return program.Directory(filepath.Dir(roots[0]))
}

// servesMedia tells whether the server is given media by the scenario, at its line or in its configuration.
func (p *plan) servesMedia() bool {
	if p.Server.Paths != nil || p.Server.Config == "" || !p.req.Own.none() {
		return p.Server.Paths != nil
	}
	read, err := unplugged(p).written()
	return err == nil && len(read.Media.Paths) > 0
}

// media are what our server in this process is given.
func (b *lab) media() (config.Media, error) {
	return b.held(config.Media{Paths: b.Server.Paths, Seed: b.Server.Seed, Rule: strings.Join(b.Server.Paths, " ")})
}

// held is the same where this host has it.
func (b *lab) held(m config.Media) (config.Media, error) {
	var paths []string
	for _, name := range m.Paths {
		host, err := b.host(name)
		if err != nil {
			return m, err
		}
		paths = append(paths, host)
	}
	m.Paths = paths
	var err error
	if m.Seed != "" {
		m.Seed, err = b.host(m.Seed)
	}
	return m, err
}

// host is where this host has what the scenario puts at a path.
func (b *lab) host(name string) (string, error) {
	cache, err := b.cache()
	if err != nil {
		return "", err
	}
	for _, tree := range b.trees {
		if below, in := strings.CutPrefix(name, tree.As); in && (below == "" || below[0] == '/') {
			host, err := tree.Host(cache)
			return host + below, err
		}
	}
	return "", fmt.Errorf("nothing is at %s: a content or image line puts it there", name)
}

// mediaOptions are how our server in this process opens them.
func (b *lab) mediaOptions() (ways.Options, error) {
	place, err := b.place()
	if err != nil {
		return ways.Options{}, err
	}
	cache, err := b.cache()
	return ways.Options{Host: []program.Place{place}, Image: image.Options{Cache: filepath.Join(cache, "unpacked")}}, err
}
