package content_test

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

func TestAFileIsOpenOnceForAllWhoReadIt(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"a": "the old text", "same": "->a"})
	d := open(t, dir, "/tftpboot")
	var files []*content.File
	for _, name := range []string{"a", "same", "/tftpboot/a"} {
		f, err := d.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if n := content.OpenFiles(d); n != 1 {
		t.Errorf("%d files are open, want one", n)
	}
	// One that was replaced is another file, and who has the old one keeps it.
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("the new one"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := contenttest.Read(d, "a"); got != "the new one" {
		t.Errorf("after the file was replaced: %q", got)
	}
	for i, f := range files {
		text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
		if err != nil || string(text) != "the old text" {
			t.Errorf("reader %d has %q, %v", i, text, err)
		}
		for range 2 { // closing twice takes nothing from the others
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if n := content.OpenFiles(d); n != 0 {
		t.Errorf("%d files are open in the end", n)
	}
}

func TestManyOpenAndCloseOneFileAtOnce(t *testing.T) {
	d := open(t, contenttest.Plant(t, map[string]string{"a": "text"}), "")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := contenttest.Read(d, "a"); got != "text" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
	if n := content.OpenFiles(d); n != 0 {
		t.Errorf("%d files are open in the end", n)
	}
}
