package content

import (
	"errors"
	"io"
	"io/fs"
	"testing"
)

func TestATreeIsRenamedAsOnAHost(t *testing.T) {
	for _, c := range []struct {
		rule, from, to string
		name, want     string // of a file afterwards; want "" is none
		wrong          bool
		other          bool // it is not about this tree
	}{
		{rule: "the tree itself", from: "/tftpboot", to: "/srv", name: "/srv/d/f", want: "1"},
		{rule: "a directory that the tree lies in", from: "/", to: "/x", other: true},
		{rule: "a file", from: "/tftpboot/d/f", to: "/tftpboot/g", name: "/tftpboot/g", want: "1"},
		{rule: "and it is not where it was", from: "/tftpboot/d/f", to: "/tftpboot/g", name: "/tftpboot/d/f"},
		{rule: "over another file", from: "/tftpboot/d/f", to: "/tftpboot/e", name: "/tftpboot/e", want: "1"},
		{rule: "a directory", from: "/tftpboot/d", to: "/tftpboot/n/d", name: "/tftpboot/n/d/f", want: "1"},
		{rule: "over a directory", from: "/tftpboot/e", to: "/tftpboot/d", wrong: true},
		{rule: "into itself", from: "/tftpboot/d", to: "/tftpboot/d/x", wrong: true},
		{rule: "out of the tree", from: "/tftpboot/e", to: "/e", wrong: true},
		{rule: "what is not there", from: "/tftpboot/x", to: "/tftpboot/y", wrong: true},
		{rule: "a name that begins like the tree", from: "/tftpboot2", to: "/x", other: true},
	} {
		tree := &Tree{As: "/tftpboot", nodes: map[string]node{}}
		for name, text := range map[string]string{"d/f": "1", "e": "2"} {
			if err := tree.Put(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		moved, err := tree.Moved(c.from, c.to)
		if c.wrong != (err != nil) || c.other != (moved == nil && err == nil) {
			t.Errorf("%s: %v, %v", c.rule, moved, err)
		}
		if moved == nil {
			continue
		}
		data, err := fs.ReadFile(moved, c.name[len(moved.As)+1:])
		if string(data) != c.want || c.want == "" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %s holds %q, %v; want %q", c.rule, c.name, data, err, c.want)
		}
		if old, err := fs.ReadFile(tree, "d/f"); string(old) != "1" {
			t.Errorf("%s: the tree as it was has %q, %v", c.rule, old, err)
		}
	}
}

func TestAFileIsCutOffForThoseWhoHaveItOpen(t *testing.T) {
	tree := build(t, Layer{}, "small")
	open, err := tree.Served().Open("pxelinux.0")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if err := tree.Truncate("/tftpboot/pxelinux.0", 10); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 20)
	if n, err := open.ReadAt(b, 4); n != 6 || !errors.Is(err, io.EOF) {
		t.Errorf("%d bytes behind 4 of 10, %v", n, err)
	}
	if n, err := open.ReadAt(b, 12); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("%d bytes behind the end, %v", n, err)
	}
	if b, err := tree.Bytes("boot/amd64/pxelinux.0"); len(b) != 10 || err != nil {
		t.Errorf("opened later it has %d bytes, %v", len(b), err)
	}
	for _, name := range []string{"/tftpboot/nosuch", "/tftpboot/boot/amd64", "/tftpboot/pxelinux.0"} {
		if err := tree.Truncate(name, 11); err == nil {
			t.Errorf("%s was cut to 11 bytes", name)
		}
	}
}
