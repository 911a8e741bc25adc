package iso9660_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660"
)

// FuzzOpen walks images that are nearly right. The sectors before the first descriptor say nothing, and are left
// out. What is wrong is an error of one line; a name is met once, or where it has two a few times.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(newSmall()[atPrimary*sector:]))
	for _, c := range hostile {
		s := newSmall()
		c.spoil(s)
		f.Add([]byte(s[atPrimary*sector:]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = append(make([]byte, atPrimary*sector), b[:min(len(b), 32*sector)]...)
		image, err := iso9660.Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			oneLine(t, err)
			return
		}
		_ = fmt.Sprint(image, image.Volume())
		_, errs := walk(image, 200_000)
		for _, err := range errs {
			oneLine(t, err)
		}
		boots, err := image.Boot()
		oneLine(t, err)
		for _, b := range boots {
			if n, err := io.Copy(io.Discard, b); err != nil || n != b.Size() {
				t.Errorf("a boot image of %d bytes has %d: %v", b.Size(), n, err)
			}
		}
	})
}

// oneLine checks what an error says; the name in front of it is the image's, or who asked's.
func oneLine(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, errTooMany) {
		t.Error(err)
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	if err != nil && (strings.Contains(err.Error(), "\n") || len(err.Error()) > 5000) {
		t.Error(err)
	}
}
