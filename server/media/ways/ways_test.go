package ways_test

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
	deb "github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/mediatest"
	"github.com/bootrig/bootrig/server/media/program"
	"github.com/bootrig/bootrig/server/media/ways"
)

// ours is the address that is asked.
var ours = netip.MustParseAddr("192.168.9.2")

// packages is where make deps unpacks Debian's boot programs.
func packages(t testing.TB) string {
	t.Helper()
	cache, err := deb.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "deb")
	for _, name := range []string{"debian-installer-12-netboot-amd64", "pxelinux", "syslinux-common", "ipxe", "shim-signed", "grub-efi-amd64-signed", "systemd-boot-efi"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			must.Skip(t, must.Content, err, " (make deps fetches it)")
		}
	}
	return dir
}

// debian are these programs.
func debian(t testing.TB) program.Place { return called(t, "DEBIAN", packages(t)) }

// called is a directory of programs, by a name that errors have.
func called(t testing.TB, name, dir string) program.Place {
	t.Helper()
	place, err := program.Directory(dir)
	if err != nil {
		t.Fatal(err)
	}
	place.Name = name
	return place
}

// programs is a directory of samples.
func programs(t testing.TB, list string) program.Place {
	t.Helper()
	return called(t, "PROGRAMS", isotest.Tree(t, mediatest.Complete(t, list)))
}

// release is the tree of a layout, with a name that its medium could have.
func release(t testing.TB, layout string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), layout)
	if err := os.Rename(isotest.Tree(t, mediatest.List(t, layout)), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// image is one of a layout.
func iso(t testing.TB, layout string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), layout+".iso")
	if err := os.Rename(isotest.Make(t, mediatest.List(t, layout), "-R", "-J"), path); err != nil {
		t.Fatal(err)
	}
	return path
}

// options are those without a program.
func options(host ...program.Place) ways.Options {
	return ways.Options{Families: media.Embedded(), Host: host}
}

func open(t testing.TB, m config.Media, o ways.Options) *ways.Served {
	t.Helper()
	s, err := ways.Open(m, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// told is which way each kind of machine has, and what notices say, a line each.
func told(s *ways.Served) (text string) {
	short := strings.NewReplacer(" machines that boot by", "", " machines", "", "UEFI ", "")
	for _, w := range s.Ways {
		text += short.Replace(w.Firmware) + ": " + w.Boot.File
		if w.Boot.Script != "" {
			text += " then " + w.Boot.Script
		}
		if w.Secure {
			text += ", signed"
		}
		text += ": " + w.Title + "\n"
	}
	for _, n := range s.Notices {
		kind := "warning"
		if n.Note {
			kind = "note"
		}
		text += kind + ": " + n.Text + "\n"
	}
	return text
}

// neutral leaves out where a test has its directories.
func neutral(text string, paths ...string) string {
	for _, p := range paths {
		text = strings.ReplaceAll(text, p, filepath.Base(p))
	}
	return text
}

// text is what a client gets of a name.
func text(t testing.TB, tree content.Tree, name string) string {
	t.Helper()
	f, err := tree.Open(name)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
	if err != nil {
		t.Error(err)
	}
	return string(data)
}

func at(s *ways.Served, server netip.Addr) content.Tree {
	return s.Tree().For(content.Asked{Server: server})
}
