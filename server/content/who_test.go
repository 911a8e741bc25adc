package content

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWhoMayHaveAFile(t *testing.T) {
	const root, nobody = 0, 65534
	for _, c := range []struct {
		rule string
		readers
		mode  os.FileMode
		owner int
		want  bool
	}{
		{"root gives what everybody may read", readers{uid: root}, 0o604, nobody, true},
		{"and nothing else", readers{uid: root}, 0o640, root, false},
		{"tftp-secure changes nothing for root", readers{uid: root, own: true}, 0o604, nobody, true},
		{"others give what they can open", readers{uid: nobody}, 0o600, nobody, true},
		{"with tftp-secure only their own", readers{uid: nobody, own: true}, 0o644, root, false},
		{"which is theirs alone perhaps", readers{uid: nobody, own: true}, 0o600, nobody, true},
	} {
		name := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, c.mode); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		info.Sys().(*syscall.Stat_t).Uid = uint32(c.owner)
		if err := c.may(info); (err == nil) != c.want {
			t.Errorf("%s: %v", c.rule, err)
		}
	}
}
