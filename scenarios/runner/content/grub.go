package content

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
)

// make lets grub-mkimage make the program, for the processor that the directory of its modules is named after.
func (g *grub) make(cache, modules string) (string, error) {
	var s sum
	s.add(g.Prefix, g.Modules)
	if err := s.addFile(modules); err != nil {
		return "", err
	}
	return made(cache, "grub.efi", s, func(name string) error {
		mkimage, err := exec.LookPath("grub-mkimage")
		if err != nil {
			return fmt.Errorf("%w: grub-mkimage makes GRUBs: apt-get install --no-install-recommends grub-common", ErrMissing)
		}
		cmd := exec.Command(mkimage, slices.Concat([]string{"-O", filepath.Base(modules), "-d", modules, "-p", g.Prefix, "-o", name}, g.Modules)...)
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("grub-mkimage: %w: %s", err, bytes.TrimSpace(said))
		}
		return nil
	})
}
