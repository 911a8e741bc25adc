package httpd

import (
	"io"

	"github.com/bootrig/bootrig/server/content"
)

// A body is the file that is an answer's.
type body struct {
	*io.SectionReader
	file *content.File
}

func newBody(f *content.File) *body { return &body{io.NewSectionReader(f, 0, f.Size), f} }

// at is where the next Read begins.
func (b *body) at() int64 {
	at, _ := b.Seek(0, io.SeekCurrent) // it cannot fail
	return at
}
