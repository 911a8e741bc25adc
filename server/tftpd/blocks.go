package tftpd

import (
	"errors"
	"fmt"
	"io"

	"github.com/bootrig/bootrig/server/content"
)

// blocks cuts a file. read fills b with block n, counted from 1, and says how much of b it filled; less
// than all is the last block. Blocks come in order, or the last one again.
type blocks interface {
	read(n uint64, b []byte) (int, error)
}

// octet blocks are the bytes of the file; any block can be read at any time. A client that goes on past
// the first blocks will have the next ones too, so those are read in one piece.
type octet struct {
	file  *content.File
	ahead []byte
	from  int64 // where in the file ahead begins
}

const (
	readAhead = 32 << 10
	firstFew  = 16 // blocks: who asks for nothing else costs no memory
)

func (o *octet) read(n uint64, b []byte) (int, error) {
	at := int64(n-1) * int64(len(b))
	want := min(int64(len(b)), max(o.file.Size-at, 0))
	if n <= firstFew || len(b) > readAhead/2 {
		return o.fill(b[:want], at)
	}
	if at < o.from || at+want > o.from+int64(len(o.ahead)) {
		if o.ahead == nil {
			o.ahead = make([]byte, 0, readAhead)
		}
		got, err := o.fill(o.ahead[:min(readAhead, max(o.file.Size-at, 0))], at)
		if o.from, o.ahead = at, o.ahead[:got]; err != nil {
			o.ahead = o.ahead[:0]
			return o.fill(b[:want], at)
		}
	}
	return copy(b[:want], o.ahead[at-o.from:]), nil
}

// fill reads all of b, or fails.
func (o *octet) fill(b []byte, at int64) (int, error) {
	got, err := o.file.ReadAt(b, at)
	if got == len(b) {
		return got, nil // ReadAt may add EOF to the last bytes
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = fmt.Errorf("the file ends at %d, it had %d bytes when it was opened", at+int64(got), o.file.Size)
	}
	return 0, err
}

// netascii blocks have CR LF for a line feed and CR NUL for a carriage return (RFC 764), so where a
// block starts in the file is known only when the one before was read.
type netascii struct {
	file        *content.File
	n           uint64 // the block read last
	start, next cursor // where it starts, where the one behind it starts
}

// A cursor is a place in the converted text: an offset in the file, and a byte owed before it.
type cursor struct {
	offset int64
	owed   bool
	debt   byte
}

func (a *netascii) read(n uint64, b []byte) (int, error) {
	if n != a.n {
		a.n, a.start = n, a.next
	}
	got, next, err := a.start.read(a.file, b)
	a.next = next
	return got, err
}

func (c cursor) read(file *content.File, b []byte) (int, cursor, error) {
	raw := make([]byte, min(int64(len(b)), max(file.Size-c.offset, 0)))
	if got, err := file.ReadAt(raw, c.offset); got < len(raw) {
		return 0, c, err
	}
	n := 0
	put := func(r byte) { b[n] = r; n++ }
	if c.owed {
		put(c.debt)
		c.owed = false
	}
	for _, r := range raw {
		if n == len(b) {
			break
		}
		c.offset++
		switch r {
		case '\n':
			put('\r')
			c.owed, c.debt = true, '\n'
		case '\r':
			put('\r')
			c.owed, c.debt = true, 0
		default:
			put(r)
		}
		if c.owed && n < len(b) {
			put(c.debt)
			c.owed = false
		}
	}
	return n, c, nil
}
