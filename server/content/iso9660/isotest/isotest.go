// Package isotest makes ISO images for tests from a checked-in list of what lies in them.
//
// A list is a txtar archive. Its sections are small files; the lines before the first are the rest:
//
//	boot/                          a directory
//	boot/vmlinuz size=8M           a file of 8 MiB, whose bytes tell name and offset
//	LiveOS/squashfs.img size=5G sparse   a file of holes, with a few written bytes
//	boot/xen.gz -> xen-4.19.gz     a symbolic link
//	boot/linux <- /host/file       a copy of a file of this machine
//	Packages/p%04d.rpm count=3000 size=200   3,000 files
//	-- .treeinfo --
//	[general]
//
// xorriso makes the image, with the options of mkisofs that a medium was made with:
//
//	name := isotest.Make(t, list, "-V", "XCP-ng 8.3.0", "-r", "-J", "-joliet-long")
package isotest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

// Make is the path of an image of the list, made by xorriso with options of mkisofs. Where the options name
// none of Rock Ridge, Joliet or another, the image has plain ISO 9660 names. Holes stay holes.
func Make(t testing.TB, list string, options ...string) string {
	t.Helper()
	// xorrisofs makes Rock Ridge where nobody says no.
	return run(t, "xorriso", append([]string{"-as", "mkisofs", "-o", "-", "--norock"}, options...), list)
}

// MakeGenisoimage is Make with genisoimage, which makes UDF beside ISO 9660 (-udf), and relocates directories
// that lie more than eight levels deep.
func MakeGenisoimage(t testing.TB, list string, options ...string) string {
	t.Helper()
	return run(t, "genisoimage", append([]string{"-o", "-", "-quiet"}, options...), list)
}

func run(t testing.TB, program string, argv []string, list string) string {
	t.Helper()
	path := Program(t, program)
	image := filepath.Join(t.TempDir(), "made.iso")
	f, err := os.Create(image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.Command(path, append(argv, Tree(t, list))...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	written := copySparse(f, out)
	if err := errors.Join(cmd.Wait(), written); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, said.Bytes())
	}
	return image
}

// Program is where a program of another project lies that makes or reads images. The test is skipped where
// there is none.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		must.Skip(t, must.Peers, name+" is not installed: `make deps` does it")
	}
	return path
}

// copySparse copies what programs write to their standard output, and leaves out what is zero: a file of holes
// would be written in full otherwise.
func copySparse(f *os.File, r io.Reader) error {
	const block = 64 << 10
	zero, buf := make([]byte, block), make([]byte, block)
	at := int64(0)
	for {
		n, err := io.ReadFull(r, buf)
		if !bytes.Equal(buf[:n], zero[:n]) {
			if _, err := f.WriteAt(buf[:n], at); err != nil {
				return err
			}
		}
		at += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return f.Truncate(at)
		}
		if err != nil {
			return err
		}
	}
}

// File opens an image, and tells its size. It is closed when the test ends.
func File(t testing.TB, name string) (f *os.File, size int64) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size()
}
