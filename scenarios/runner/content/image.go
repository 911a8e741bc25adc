package content

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"time"
)

// isoOptions are those that XenServer's and most distributions' images are made with: the names of Rock Ridge and
// of Joliet, long ones too.
var isoOptions = []string{"-as", "mkisofs", "-r", "-J", "-joliet-long"}

// Pack makes one file of the tree, as people download it: an ISO image or a tarball, as the end of the path it is
// known by says. It is made once and found in the cache from then on.
func (t *Tree) Pack(cache string) error {
	s, err := t.sum()
	if err != nil {
		return err
	}
	base := path.Base(t.As)
	s.add(base)
	if strings.HasSuffix(base, ".tar.gz") {
		t.packed, err = made(cache, base, s, oneFile(t.tarball))
		return err
	}
	s.add(isoOptions)
	t.packed, err = made(cache, base, s, t.iso)
	return err
}

// Packed is the file of the host that Pack made; "": the tree is a directory.
func (t *Tree) Packed() string { return t.packed }

// Host is where the host has the tree: what Pack made, else a directory in the cache.
func (t *Tree) Host(cache string) (string, error) {
	if t.packed != "" {
		return t.packed, nil
	}
	s, err := t.sum()
	if err != nil {
		return "", err
	}
	base := path.Base(t.As)
	s.add(base, "is a directory")
	return made(cache, base, s, func(dir string) error { return t.Write(dir, nil) })
}

// sum is over all that the tree is made of.
func (t *Tree) sum() (sum, error) {
	var s sum
	for _, name := range t.Names() {
		n := t.nodes[name]
		s.add(name, n.link, n.size, len(n.data), string(n.data))
		if n.host == "" {
			continue
		}
		if err := s.addFile(n.host); err != nil {
			return s, err
		}
	}
	return s, nil
}

// iso lets xorriso make an image of the tree, written out beside it for a moment.
func (t *Tree) iso(name string) error {
	xorriso, err := exec.LookPath("xorriso")
	if err != nil {
		return fmt.Errorf("%w: xorriso makes ISO images: apt-get install --no-install-recommends xorriso", ErrMissing)
	}
	dir := name + ".tree"
	if err := t.Write(dir, nil); err != nil {
		return err
	}
	cmd := exec.Command(xorriso, append(slices.Clone(isoOptions), "-o", name, dir)...)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xorriso: %w: %s", err, bytes.TrimSpace(said))
	}
	return os.RemoveAll(dir)
}

// tarball writes the tree as Debian's and Ubuntu's netboot.tar.gz have it: names begin with ./, links are links.
func (t *Tree) tarball(w *bufio.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	a := tar.NewWriter(z)
	seen := map[string]bool{}
	for _, name := range t.Names() {
		if err := directories(a, path.Dir(name), seen); err != nil {
			return err
		}
		if err := t.tarEntry(a, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return errors.Join(a.Close(), z.Close())
}

// packedOn is when what is in a tarball was last changed.
var packedOn = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// directories writes an entry for each directory that has none yet.
func directories(a *tar.Writer, dir string, seen map[string]bool) error {
	if seen[dir] {
		return nil
	}
	seen[dir] = true
	if dir != "." {
		if err := directories(a, path.Dir(dir), seen); err != nil {
			return err
		}
	}
	return a.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "./" + strings.TrimPrefix(dir+"/", "./"), Mode: 0o755, ModTime: packedOn})
}

func (t *Tree) tarEntry(a *tar.Writer, name string) error {
	n := t.nodes[name]
	h := tar.Header{Typeflag: tar.TypeReg, Name: "./" + name, Mode: 0o644, Size: n.size, ModTime: packedOn}
	if n.link != "" {
		h.Typeflag, h.Linkname, h.Size, h.Mode = tar.TypeSymlink, n.link, 0, 0o777
	}
	if err := a.WriteHeader(&h); err != nil || n.link != "" {
		return err
	}
	f, err := t.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(a, f)
	return err
}
