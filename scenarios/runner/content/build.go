package content

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ErrMissing says that a package a set is made of is not on this host.
var ErrMissing = errors.New("content is not here")

// ErrNoDirectory says that what should be a directory is none.
var ErrNoDirectory = errors.New("no directory to serve")

// A Layer is one set of a tree, or a directory, and what a scenario does to it.
type Layer struct {
	Set      Set
	Dir      string           // a directory of this host, instead of Set
	Omit     []string         // names left out; a directory leaves out all below
	Truncate map[string]int64 // names cut to a size, as a broken copy would be
	Scale    int64            // every larger file is cut to this size, kernels still look whole
}

// CacheDir is where packages are unpacked: $BOOTRIG_CACHE, else bootrig in the user's cache directory.
func CacheDir() (string, error) {
	if dir := os.Getenv("BOOTRIG_CACHE"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "bootrig"), err
}

// Build makes the tree that clients know as `as`, later layers on top of earlier ones. Packages are
// looked for below cache.
func Build(as, cache string, layers ...Layer) (*Tree, error) {
	t := &Tree{As: as, nodes: map[string]node{}}
	for _, l := range layers {
		if err := t.add(cache, l); err != nil {
			return nil, fmt.Errorf("content %s: %w", cmp.Or(l.Dir, l.Set.Name), err)
		}
	}
	return t, nil
}

func (t *Tree) add(cache string, l Layer) error {
	for _, e := range l.Set.Entries {
		if err := t.addEntry(cache, e); err != nil {
			return err
		}
	}
	if l.Dir != "" {
		if err := t.addDir(".", l.Dir); err != nil {
			return err
		}
	}
	for _, name := range l.Omit {
		if !t.omit(name) {
			return fmt.Errorf("omit=%s: there is no such name", name)
		}
	}
	for name, size := range l.Truncate {
		if err := t.cut(name, size); err != nil {
			return fmt.Errorf("truncate=%s: %w", name, err)
		}
	}
	return t.scale(l.Scale)
}

// maxNames is how many names a directory may hold: a netboot tree has hundreds, a mistaken / has millions.
const maxNames = 200_000

// addDir puts in below a name what a directory of this host holds, by reference. Links stay links: they are
// followed as long as they stay inside. What is no file, such as a FIFO, is left out.
func (t *Tree) addDir(below, dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: there is no such directory", ErrNoDirectory)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%w: it is a file", ErrNoDirectory)
	}
	names := 0
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if names++; err == nil && names > maxNames {
			err = fmt.Errorf("it holds more than %d names: name the netboot tree alone", maxNames)
		}
		host := filepath.Join(dir, filepath.FromSlash(name))
		name = path.Join(below, name)
		switch {
		case err != nil || d.IsDir():
		case d.Type() == fs.ModeSymlink:
			var target string
			target, err = os.Readlink(host)
			t.nodes[name] = node{link: target}
		case d.Type().IsRegular():
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				t.nodes[name] = node{host: host, size: info.Size(), whole: true}
			}
		}
		return err
	})
}

func (t *Tree) addEntry(cache string, e Entry) error {
	if e.All {
		dir, err := e.host(cache)
		if err == nil {
			err = t.addDir(e.Name, dir)
		}
		return err
	}
	n, err := e.node(cache)
	t.nodes[e.Name] = n
	return err
}

// host is where a file of the entry's package lies.
func (e Entry) host(cache string) (string, error) {
	host := filepath.Join(cache, "deb", e.Package, filepath.FromSlash(e.File))
	if _, err := os.Stat(host); err != nil {
		return host, fmt.Errorf("%w: Debian package %s is not unpacked below %s (`make deps` does it)", ErrMissing, e.Package, filepath.Join(cache, "deb"))
	}
	return host, nil
}

func (e Entry) node(cache string) (node, error) {
	switch {
	case e.Link != "":
		return node{link: e.Link}, nil
	case e.Data != nil:
		return node{data: e.Data, size: int64(len(e.Data))}, nil
	case e.StandIn != "":
		data, err := standIn(e.StandIn)
		return node{data: data, size: int64(len(data))}, err
	}
	host, err := e.host(cache)
	switch {
	case err != nil:
	case e.Initrd != "":
		host, err = e.initrd(cache, host)
	case e.GRUB != nil:
		host, err = e.GRUB.make(cache, host)
	}
	if err != nil {
		return node{}, err
	}
	info, err := os.Stat(host)
	if err != nil {
		return node{}, err
	}
	return node{host: host, size: info.Size(), whole: true}, nil
}

// initrd makes the entry's initrd of an installer's.
func (e Entry) initrd(cache, installer string) (string, error) {
	var s sum
	s.add(e.Initrd, kept, string(prelude), string(e.Script))
	if err := s.addFile(installer); err != nil {
		return "", err
	}
	write := map[initrd]func(io.Writer, string, []byte) error{small: smallInitrd, full: fullInitrd}[e.Initrd]
	return made(cache, "initrd", s, oneFile(func(w *bufio.Writer) error { return write(w, installer, e.Script) }))
}

func (t *Tree) omit(name string) bool {
	found := false
	for other := range t.nodes {
		if other == name || strings.HasPrefix(other, name+"/") {
			delete(t.nodes, other)
			found = true
		}
	}
	return found
}

func (t *Tree) cut(name string, size int64) error {
	real, err := t.resolve(name)
	if err != nil {
		return err
	}
	n, ok := t.nodes[real]
	if !ok || n.size <= size {
		return fmt.Errorf("there is no file longer than %d bytes", size)
	}
	n.size, n.whole = size, false
	if n.host == "" {
		n.data = n.data[:size]
	}
	t.nodes[real] = n
	return nil
}

func (t *Tree) scale(size int64) error {
	for name, n := range t.nodes {
		if size == 0 || n.size <= size {
			continue
		}
		if n.host != "" {
			data, err := head(n.host, size)
			if err != nil {
				return err
			}
			n = node{data: data}
		}
		n.data, n.size = shrinkKernel(n.data[:size:size]), size
		t.nodes[name] = n
	}
	return nil
}

func head(host string, size int64) ([]byte, error) {
	f, err := os.Open(host)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, size)
	_, err = io.ReadFull(f, data)
	return data, err
}

// shrinkKernel makes the header of a Linux kernel that was cut speak of the size it has now: its
// syssize counts the paragraphs behind the setup sectors (Documentation/arch/x86/boot.rst). Anything
// else comes back as it is.
func shrinkKernel(data []byte) []byte {
	const setupSects, sysSize, magic = 0x1f1, 0x1f4, 0x202
	if len(data) < 0x1000 || string(data[magic:magic+4]) != "HdrS" {
		return data
	}
	sectors := int(data[setupSects])
	if sectors == 0 {
		sectors = 4
	}
	if setup := (sectors + 1) * 512; setup < len(data) {
		data = bytes.Clone(data)
		binary.LittleEndian.PutUint32(data[sysSize:], uint32(len(data)-setup)/16)
	}
	return data
}

// Verify names the files of a set whose sum is not the manifest's: another version of the package, or
// a damaged copy. It is no error, Debian's point releases change files.
func Verify(s Set, cache string) ([]string, error) {
	var notes []string
	for _, e := range s.Entries {
		if e.SHA256 == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(cache, "deb", e.Package, filepath.FromSlash(e.File)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w: %s of %s", ErrMissing, e.File, e.Package)
		}
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
			notes = append(notes, fmt.Sprintf("%s is not the one of %s %s", e.Name, e.Package, e.Version))
		}
	}
	return notes, nil
}
