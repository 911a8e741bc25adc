package image_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// made makes an image of a directory by a program, at a path that tells nothing of it.
func made(t testing.TB, dir, command string) string {
	t.Helper()
	args := strings.Fields(command)
	name := filepath.Join(t.TempDir(), "download")
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", name)
	}
	cmd := exec.Command(isotest.Program(t, args[0]), args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return name
}

const (
	rockRidge = "xorriso -as mkisofs -quiet -R -V LABEL -o FILE ."
	tarball   = "tar -cf FILE ."
	tarGz     = "tar -czf FILE ."
)

func TestEveryImageOpensWhatTheClientMeans(t *testing.T) {
	tangle := contenttest.Plant(t, contenttest.Tangle())
	for command, want := range map[string]image.About{
		"":                                      {Kind: image.Directory},
		tarball:                                 {Kind: image.Tar},
		tarGz:                                   {Kind: image.TarGz},
		rockRidge:                               {Kind: image.ISO, Volume: "LABEL"},
		"bsdtar --format=pax -cJf FILE .":       {Kind: image.TarXz},
		"bsdtar --format=pax --zstd -cf FILE .": {Kind: image.TarZst},
	} {
		t.Run(string(want.Kind), func(t *testing.T) {
			path := tangle
			if command != "" {
				path = made(t, tangle, command)
			}
			i, err := image.Open(path, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close()
			contenttest.Check(t, content.Of(i, contenttest.As))
			n, err := image.Options{}.Named(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			contenttest.Check(t, content.Of(n, contenttest.As))
			for _, got := range []image.About{i.About, n.About()} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestWindowsMediaAreReadAsUDF(t *testing.T) {
	i, err := image.Open(isotest.MakeGenisoimage(t, "-- sources/boot.wim --\nwim\n", "-udf", "-V", "CCCOMA"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if diff := cmp.Diff(image.About{Kind: image.UDF, Volume: "CCCOMA"}, i.About); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := contenttest.Read(content.Of(i, "/"), `\Sources\BOOT.WIM`); got != "wim\n" {
		t.Errorf("a file by a name in another case reads %q", got)
	}
}

func TestAnOverlayOverAnISO(t *testing.T) {
	mine := contenttest.Plant(t, map[string]string{"boot/grub.cfg": "mine", "extra/f": "->../boot/linux", "escape": "->/etc/hostname"})
	iso, err := image.Open(made(t, contenttest.Plant(t, map[string]string{"boot/grub.cfg": "theirs", "boot/linux": "a kernel", "menu": "->boot/grub.cfg", ".treeinfo": "[general]"}), rockRidge), "")
	if err != nil {
		t.Fatal(err)
	}
	defer iso.Close()
	over, err := image.Open(mine, "")
	if err != nil {
		t.Fatal(err)
	}
	defer over.Close()
	tree := content.Of(content.Overlay(over, iso), "/srv")
	for name, want := range map[string]string{
		"boot/grub.cfg": "mine", "boot/linux": "a kernel", "menu": "mine", "extra/f": "a kernel", ".treeinfo": "[general]", "escape": "error: " + content.ErrEscape.Error(),
	} {
		if got := contenttest.Read(tree, name); got != want {
			t.Errorf("%q reads %q, want %q", name, got, want)
		}
	}
}

func TestWhatIsNoImageIsToldForWhatItLooksLike(t *testing.T) {
	page := func(head string) string { return head + strings.Repeat("x", 100) }
	atOffset := func(offset int, magic string) string {
		return string(append(bytes.Repeat([]byte{1}, offset), magic+strings.Repeat("\x01", 600)...))
	}
	for _, c := range []struct{ rule, file, want string }{
		{"nothing", "", "is empty: download it again"},
		{"zeros", strings.Repeat("\x00", 1<<20), "begins with zeros: a download that has not come yet, or failed, looks so"},
		{"a page of a mirror", page("<!DOCTYPE html>\n<html>"), "is an HTML page, which a download saves where it was refused or needed a click: fetch the image itself"},
		{"an older page", page("\n<HTML><HEAD>"), "is an HTML page, which a download saves where it was refused or needed a click: fetch the image itself"},
		{"a metalink", page("<?xml version=\"1.0\"?><metalink>"), "is an XML file, not an image: fetch what it tells of"},
		{"a dnsmasq.conf", "# PXE\nport=0\ndhcp-range=192.168.9.0,proxy\n", "looks like a dnsmasq.conf: serve it with -C"},
		{"another", "enable-tftp\ntftp-root=/srv\n", "looks like a dnsmasq.conf: serve it with -C"},
		{"a bootrig.yaml", "# mine\n\n---\ninterfaces: [eth0]\ntftp:\n  root: /srv\n", "looks like a bootrig.yaml: serve it with -c"},
		{"checksums", strings.Repeat("ab", 32) + "  debian-12.iso\n", "is a list of checksums: the image is beside it"},
		{"checksums of BSD", "SHA256 (x.iso) = " + strings.Repeat("ab", 32) + "\n", "is a list of checksums: the image is beside it"},
		{"a text", "Hello,\nworld: this is not it\n", "is a text, not an image: serve the directory that it is in"},
		{"a text that is cut in a rune", strings.Repeat("x", 4095) + "\u00fc", "is a text, not an image: serve the directory that it is in"},
		{"an iPXE script", "#!ipxe\nboot linux\n", "is an iPXE script: serve the directory that it is in"},
		{"a zip", page("PK\x03\x04"), "is a zip file: unpack it, and serve the directory"},
		{"a kernel", atOffset(0x202, "HdrS"), "is a Linux kernel: serve the directory that it is in"},
		{"a disk with an MBR", atOffset(510, "\x55\xaa"), "is an image of a disk: mount it, and serve the directory"},
		{"a CD with raw sectors", atOffset(16*2352+17, "CD001"), "is a CD with raw sectors (.bin): make an ISO image of it with bchunk"},
		{"bytes", "\x01\x02\x03\x00\xff", "is no directory, tarball or image of a CD (it begins with 01 02 03 00 ff): what is served is one of these"},
	} {
		name := filepath.Join(t.TempDir(), "x.iso")
		if err := os.WriteFile(name, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := image.Open(name, ""); err == nil || err.Error() != name+": "+c.want {
			t.Errorf("%s: %v, want %s", c.rule, err, c.want)
		}
	}
}

func TestOtherFilesAreToldToo(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(dir, "packed")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, "text")
	z.Close()
	if err := os.WriteFile(packed, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		fifo:        fifo + ": is neither a directory nor a file",
		"/dev/null": "/dev/null: is neither a directory nor a file",
		packed:      packed + ": is compressed, but what is inside is no tarball: serve the directory that it is in",
		dir + "/no": dir + "/no: no such file or directory",
	} {
		if _, err := image.Open(name, ""); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestADownloadWithoutItsEndIsTold(t *testing.T) {
	name := made(t, contenttest.Plant(t, map[string]string{"large": strings.Repeat("x", 2<<20), "z": "last"}), rockRidge)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cut  int64
		want string
	}{
		{100 << 10, ""}, // padding
		{1 << 20, fmt.Sprintf("%s: is an image of a CD whose end is missing: it has %d of %d bytes (%d %%): download it again", name, info.Size()-1<<20, info.Size(), (info.Size()-1<<20)*100/info.Size())},
	} {
		if err := os.Truncate(name, info.Size()-c.cut); err != nil {
			t.Fatal(err)
		}
		got := ""
		i, err := image.Open(name, "")
		if err != nil {
			got = err.Error()
		} else {
			i.Close()
		}
		if got != c.want {
			t.Errorf("without the last %d bytes: %s, want %s", c.cut, got, c.want)
		}
	}
}

var _ fs.ReadLinkFS = (*image.Named)(nil)
