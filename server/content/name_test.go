package content

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestCleanReadsNamesAsClientsWriteThem(t *testing.T) {
	for _, c := range []struct {
		rule, root, name, want string
		err                    error
	}{
		{"a plain name is below the root", "/tftpboot", "pxelinux.0", "pxelinux.0", nil},
		{"one leading slash is dropped", "/tftpboot", "/pxelinux.0", "pxelinux.0", nil},
		{"an absolute name below the root is that file", "/tftpboot", "/tftpboot/xenserver/xen.gz", "xenserver/xen.gz", nil},
		{"two leading slashes do not name the root", "/tftpboot", "//tftpboot/x", "tftpboot/x", nil},
		{"of two leading slashes both go", "/tftpboot", "//version.info", "version.info", nil},
		{"a name that only begins like the root is below it", "/tftpboot", "/tftpboot2/x", "tftpboot2/x", nil},
		{"a backslash is a slash", "/tftpboot", `\Boot\BCD`, "Boot/BCD", nil},
		{"pxelinux joins its prefix and an absolute name", "/tftpboot", "sub//tftpboot/x", "sub/tftpboot/x", nil},
		{"a dot is nothing", "/tftpboot", "./a/./b", "a/b", nil},
		{"the root itself is the empty name", "/tftpboot", "/tftpboot/", "", nil},
		{"the root / accepts every absolute name", "/", "/srv/x", "srv/x", nil},
		{"dots in a name are a name", "/tftpboot", "..x/x..", "..x/x..", nil},
		{"climbing is refused", "/tftpboot", "../etc/passwd", "", fs.ErrPermission},
		{"climbing by backslash is refused", "/tftpboot", `..\etc\passwd`, "", fs.ErrPermission},
		{"climbing inside the root is refused too", "/tftpboot", "a/../b", "", fs.ErrPermission},
		{"climbing behind the absolute root is refused", "/tftpboot", "/tftpboot/../etc/hostname", "", fs.ErrPermission},
		{"climbing at the end is refused", "/tftpboot", "a/..", "", fs.ErrPermission},
		{"no file has a NUL in its name", "/tftpboot", "a\x00b", "", fs.ErrNotExist},
	} {
		got, err := clean(c.root, c.name)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: clean(%q, %q) = %q, %v, want %q, %v", c.rule, c.root, c.name, got, err, c.want, c.err)
		}
	}
}

func FuzzCleanNeverEscapes(f *testing.F) {
	for _, name := range []string{"a", "/a", `\a\..\b`, "/tftpboot/../x", "//tftpboot//x", "...", "a\xff", "\x00", ""} {
		f.Add("/tftpboot", name)
	}
	f.Add("/", "/../x")
	f.Fuzz(func(t *testing.T, root, name string) {
		got, err := clean(root, name)
		if err != nil {
			return
		}
		if strings.HasPrefix(got, "/") || strings.ContainsAny(got, "\\\x00") {
			t.Fatalf("clean(%q, %q) = %q", root, name, got)
		}
		for element := range strings.SplitSeq(got, "/") {
			if element == ".." || element == "." {
				t.Fatalf("clean(%q, %q) = %q climbs", root, name, got)
			}
		}
		if again, err := clean("/nowhere/else", got); err != nil || again != got {
			t.Fatalf("clean of the clean name %q = %q, %v", got, again, err)
		}
	})
}
