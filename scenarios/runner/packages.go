package runner

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// bootPackages have the boot programs that few media bring. The machine of a server that is given media has them
// installed, whatever this one has.
var bootPackages = []string{"grub-efi-amd64-signed", "ipxe", "pxelinux", "shim-signed", "syslinux-common", "systemd-boot-efi"}

// installed shows the packages' files where installing puts them. Links stay out: what they lead to is shown too.
func (p *plan) installed() ([]tap.Bind, error) {
	if p.Server.Paths == nil {
		return nil, nil
	}
	cache, err := p.cache()
	if err != nil {
		return nil, err
	}
	var binds []tap.Bind
	for _, name := range bootPackages {
		root := filepath.Join(cache, "deb", name)
		if _, err := os.Stat(root); err != nil {
			return nil, notTested("%v: Debian package %s is not unpacked below %s (`make deps` does it)", content.ErrMissing, name, filepath.Dir(root))
		}
		for _, pattern := range []string{"boot/*", "usr/lib/*/*"} {
			files, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				if info, err := os.Lstat(file); err != nil || info.Mode().Type() == os.ModeSymlink {
					continue
				}
				inside, err := filepath.Rel(root, file)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
				binds = append(binds, tap.Bind{Host: file, Inside: "/" + inside, ReadOnly: true})
			}
		}
	}
	return binds, nil
}
