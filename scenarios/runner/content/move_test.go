package content

import (
	"errors"
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
