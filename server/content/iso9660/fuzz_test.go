package iso9660_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
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
			isotest.OneLine(t, err)
			return
		}
		_ = fmt.Sprint(image, image.Volume())
		_, errs := isotest.Walk(image, 200_000)
		for _, err := range errs {
			isotest.OneLine(t, err)
		}
		boots, err := image.Boot()
		isotest.OneLine(t, err)
		for _, b := range boots {
			if n, err := io.Copy(io.Discard, b); err != nil || n != b.Size() {
				t.Errorf("a boot image of %d bytes has %d: %v", b.Size(), n, err)
			}
		}
	})
}
