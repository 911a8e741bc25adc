package archive_test

import (
	"archive/tar"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/bootrig/bootrig/server/content/archive"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

// FuzzOpen holds whatever bytes to what an Archive promises: names below the top, sizes that are true, one
// line for each trouble, and no more memory or time than the limits allow.
func FuzzOpen(f *testing.F) {
	members := append(table(contenttest.Tangle()), hard("hard", "version.info"), special("null", tar.TypeChar), file("../out", ""), file(strings.Repeat("long/", 60)+"name", "x"))
	members = append(members, member{tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "x"}}, ""})
	for _, how := range compressions {
		f.Add(squeeze(f, how, pack(f, members[:4]...)))
		f.Add(squeeze(f, how, pack(f, members...)))
	}
	f.Add(raw(f, []member{{tar.Header{Name: "s", PAXRecords: map[string]string{"GNU.sparse.map": "0,1", "GNU.sparse.size": "9", "GNU.sparse.numblocks": "1"}}, "x"}}))
	name := filepath.Join(f.TempDir(), "file")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := archive.Options{Most: 1 << 20}.Open(name)
		if err != nil {
			oneLine(t, err.Error())
			return
		}
		defer a.Close()
		for _, note := range a.Notes() {
			oneLine(t, note)
		}
		if err := fs.WalkDir(a, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || len(b) > 1<<16 {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			text, err := fs.ReadFile(a, name)
			if err == nil && int64(len(text)) != info.Size() {
				t.Errorf("%q is %d bytes, and %d come", name, info.Size(), len(text))
			}
			if err != nil && !strings.Contains(err.Error(), "sparse") {
				return err
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

func oneLine(t *testing.T, text string) {
	if text == "" || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 1000 {
		t.Errorf("%q is no line", text)
	}
}
