package bench

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// pack makes an archive of a directory, if a point wants one, and says where it is.
func pack(p Point, root string) (string, error) {
	if p.TFTP == nil || p.TFTP.In == "" {
		return root, nil
	}
	if err := bootable(root); err != nil {
		return "", err
	}
	name := filepath.Join(filepath.Dir(root), "content."+string(p.TFTP.In))
	if p.TFTP.In == Tarball {
		return name, tarball(name, root)
	}
	out, err := exec.Command("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", name, root).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("make an ISO (xorriso, in `apt-get install xorriso`): %w: %s", err, out)
	}
	return name, err
}

// bootable adds what makes an archive one that is served: a netboot tree.
func bootable(root string) error {
	set, err := content.LookupSet("netboot-small")
	if err != nil {
		return err
	}
	tree, err := content.Build(root, "", content.Layer{Set: set})
	if err != nil {
		return err
	}
	return tree.Write(root, nil)
}

func tarball(name, root string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	return errors.Join(t.AddFS(os.DirFS(root)), t.Close(), z.Close(), f.Close())
}
