package confine

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

// What lies in a directory, with its owner, before and after it is given to 4242. A name with a slash at its end is a
// directory, "." the directory itself.
func TestOwn(t *testing.T) {
	if !Root() {
		must.Skip(t, must.Root, "files are given away by root")
	}
	ours := func(name string) bool { return slices.Contains([]string{"state.db", "state.db-wal", "unpacked"}, name) }
	for name, c := range map[string]struct {
		before, want string
		mode         os.FileMode
		second       bool
	}{
		"one that is not there is made":         {"", ".:4242", 0, false},
		"an empty one of root's":                {".:0", ".:4242", 0o755, false},
		"an empty one of somebody's":            {".:77", ".:77", 0o755, false},
		"with our own files":                    {".:0 state.db:0 state.db-wal:77 unpacked/:0 unpacked/a:0", ".:4242 state.db:4242 state.db-wal:4242 unpacked:4242 unpacked/a:4242", 0o755, false},
		"of another user of bootrig's":          {".:77 state.db:77", ".:4242 state.db:4242", 0o755, false},
		"with something else in it":             {".:0 other:0 state.db:0 state.db-wal:77 unpacked/:0 unpacked/a:0", ".:0 other:0 state.db:4242 state.db-wal:77 unpacked:0 unpacked/a:0", 0o755, false},
		"everybody's":                           {".:0 state.db:0", ".:0 state.db:4242", 0o777 | os.ModeSticky, false},
		"a second name of somebody else's file": {".:0", ".:4242 state.db:0", 0o755, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			for entry := range strings.FieldsSeq(c.before) {
				put(t, dir, entry)
			}
			if c.second {
				ok(t, os.WriteFile(dir+"/../secret", nil, 0o600))
				ok(t, os.Link(dir+"/../secret", dir+"/state.db"))
			}
			if c.mode != 0 {
				ok(t, os.Chmod(dir, c.mode))
			}
			ok(t, User{Name: "4242", UID: 4242, GID: 4242}.Own(dir, ours))
			if diff := cmp.Diff(c.want, owners(t, dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// put makes NAME:OWNER.
func put(t *testing.T, dir, entry string) {
	t.Helper()
	name, owner, _ := strings.Cut(entry, ":")
	path := filepath.Join(dir, name)
	if name == "." || strings.HasSuffix(name, "/") {
		ok(t, os.MkdirAll(path, 0o755))
	} else {
		ok(t, os.WriteFile(path, nil, 0o644))
	}
	uid := map[string]int{"77": 77}[owner]
	ok(t, os.Chown(path, uid, uid))
}

func owners(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	ok(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		uid := map[uint32]string{0: "0", 77: "77", 4242: "4242"}[info.Sys().(*syscall.Stat_t).Uid]
		all = append(all, rel+":"+uid)
		return err
	}))
	return strings.Join(all, " ")
}

// What a kernel cannot keep a server from is said.
func TestOldKernels(t *testing.T) {
	for abi, want := range map[int]string{-1: "has no Landlock", 0: "has no Landlock", 1: "version 1 of Landlock", 2: "version 2 of Landlock", 3: "", 7: ""} {
		if got := missing(abi); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%d: %q", abi, got)
		}
	}
}
