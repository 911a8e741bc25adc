package tftpd

import "github.com/bootrig/bootrig/server/content"

// blocks cuts a file. read fills b with block n, counted from 1, and says how much of b it filled; less
// than all is the last block. Blocks come in order, or the last one again.
type blocks interface {
	read(n uint64, b []byte) (int, error)
}

// octet blocks are the bytes of the file; any block can be read at any time. A client that goes on past
// the first blocks will have the next ones too, so those are read at once.
type octet struct{ file *content.File }

const (
	firstFew = 16      // blocks: who asks for nothing else costs no memory
	large    = 4 << 10 // bytes: blocks that are as well read one by one
)

func (o octet) read(n uint64, b []byte) (int, error) {
	at := int64(n-1) * int64(len(b))
	want := b[:min(int64(len(b)), max(o.file.Size-at, 0))]
	if n <= firstFew || len(b) > large {
		return len(want), o.file.Fill(want, at)
	}
	for rest := want; len(rest) > 0; {
		part, err := o.file.Part(at)
		if err != nil {
			return 0, err
		}
		got := copy(rest, part)
		rest, at = rest[got:], at+int64(got)
	}
	return len(want), nil
}

// ahead reads what some blocks from n on will have.
func (o octet) ahead(n uint64, count, size int) {
	if n > firstFew && size <= large {
		at := int64(n-1) * int64(size)
		o.file.Ahead(at, at+int64(count)*int64(size))
	}
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
