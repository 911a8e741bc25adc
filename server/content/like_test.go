package content_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/server/content"
)

func TestLikeFindsWhatDiffersInCaseAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"pxelinux.cfg/01-52-54-00-AA-00-0D", "Boot/BCD", "boot/other", "Linux", "linux.d/x"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := content.OpenDir(dir, "/")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for name, want := range map[string]string{
		"pxelinux.cfg/01-52-54-00-aa-00-0d":  "pxelinux.cfg/01-52-54-00-AA-00-0D",
		"/pxelinux.cfg/01-52-54-00-aa-00-0d": "pxelinux.cfg/01-52-54-00-AA-00-0D",
		`PXELINUX.CFG\01-52-54-00-AA-00-0d`:  "pxelinux.cfg/01-52-54-00-AA-00-0D",
		"linux":                              "Linux",
		"Linux":                              "", // itself
		"LINUX.D":                            "", // a directory
		"none":                               "",
		"../linux":                           "",
		"":                                   "",
	} {
		if got, ok := content.Like(tree, name); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v, want %q", name, got, ok, want)
		}
	}
	if got, ok := content.Like(content.FS(os.DirFS(dir), "/"), "linux"); ok {
		t.Errorf("a tree that cannot list has %s", got)
	}
}
