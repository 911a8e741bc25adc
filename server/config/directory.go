package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Directory is the configuration of "serve this netboot directory as it is": its pxelinux.0 for x86
// BIOS machines on every link. Distributions put it at the top or deep below; the nearest wins.
func Directory(dir string, links []dhcp.Link) (Config, error) {
	info, err := os.Stat(dir)
	switch name := strings.ToLower(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return Config{}, fmt.Errorf("%s does not exist", dir)
	case err != nil:
		return Config{}, err
	case info.IsDir():
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"), strings.HasSuffix(name, ".iso"):
		return Config{}, fmt.Errorf("%s: archives and images are not served yet: unpack it into a directory and serve that", dir)
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"):
		return Config{}, fmt.Errorf("%s is not a directory; a bootrig.yaml is served with -c %s", dir, dir)
	default:
		return Config{}, fmt.Errorf("%s is not a directory; a dnsmasq.conf is served with -C %s", dir, dir)
	}
	file, err := bootProgram(dir)
	if err != nil {
		return Config{}, err
	}
	c := Serve([]proxydhcp.Boot{{File: file, Archs: []pxe.Arch{pxe.ArchX86BIOS}}}, links, dir)
	c.Files = []string{dir}
	c.TFTP.Root, c.TFTP.Rule = dir, dir
	return c, nil
}

const bootProgramName = "pxelinux.0"

// bootProgram finds the pxelinux.0 nearest to the top. Links are not followed on the way down, so a
// loop does no harm; one that is a link itself counts, as in Debian's and Ubuntu's trees.
func bootProgram(dir string) (string, error) {
	nearest, depth := "", 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir // a directory we may not read
		}
		if n := strings.Count(name, "/"); path.Base(name) == bootProgramName && !d.IsDir() && (nearest == "" || n < depth) {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				nearest, depth = name, n
			}
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w", dir, err)
	}
	if nearest == "" {
		return "", fmt.Errorf("%s: there is no %s in it or below: this is not a netboot directory for x86 BIOS machines", dir, bootProgramName)
	}
	return nearest, nil
}
